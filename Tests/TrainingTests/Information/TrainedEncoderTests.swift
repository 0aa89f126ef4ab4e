import Foundation
import GrokTraining
import TestSupport
import Testing

@Suite struct TrainedEncoderTests {
  /// Vectors on a curve, which one number tells.
  private let curve: Matrix<Float> = {
    let places: [Float] = RandomKey(seed: 3).uniform(count: 200, in: -1..<1)
    return Matrix(
      rows: places.map { place in [place, place * place, -place, 2 * place, place / 2 + 1] })
  }()
  private let key = RandomKey(seed: 1)

  private func recipe(_ epochs: Int) -> AutoencoderRecipe {
    AutoencoderRecipe(
      architecture: .dense(widths: [16, 1]), loss: .squaredError, epochCount: epochs, batchSize: 50,
      learningRate: 1e-2, dropout: 0)
  }

  @Test(.tags(.law)) func aCurveIsCompressedToItsPlace() throws {
    let encoder = try TrainedEncoder(of: curve, recipe: recipe(150), key: key)
    #expect(encoder.losses.count == 150)
    let variance = Matrix<Double>(curve).columnVariance
    let error = try encoder.meanSquaredError(on: curve)
    #expect(error < 0.05 * variance)
    #expect(error < 10 * encoder.losses[149])
    let codes = try encoder.codes(of: curve)
    #expect(codes.columnCount == 1 && codes.values.allSatisfy { $0 > 0 && $0 < 1 })
    // The order of the codes is that of the places, or its reverse.
    let order = (0..<200).sorted { curve[$0, 0] < curve[$1, 0] }.map { codes[$0, 0] }
    let rising = zip(order, order.dropFirst()).count { $0 <= $1 }
    #expect(rising > 180 || rising < 20)
  }

  @Test(.tags(.resume)) func samplesRecipeAndKeyDecideAll() throws {
    let encoder = try TrainedEncoder(of: curve, recipe: recipe(3), key: key)
    let again = try TrainedEncoder(
      of: curve, recipe: recipe(3), context: ComputeContext(threadCount: 2), key: key)
    #expect(again.parameters == encoder.parameters && again.losses == encoder.losses)
    #expect(
      again.digest == encoder.digest && encoder.digest == recipe(3).digest(of: curve, key: key))
    #expect(recipe(4).digest(of: curve, key: key) != encoder.digest)
    #expect(recipe(3).digest(of: curve, key: key.fork("other")) != encoder.digest)
    #expect(recipe(3).digest(of: curve.map { $0 + 1 }, key: key) != encoder.digest)
    let other = try TrainedEncoder(of: curve, recipe: recipe(3), key: key.fork("other"))
    #expect(other.parameters != encoder.parameters)
  }

  @Test func storedAndReadBack() throws {
    let encoder = try TrainedEncoder(of: curve, recipe: recipe(2), key: key)
    let bytes = try encoder.archive.bytes(as: .safetensors)
    let read = try TrainedEncoder(Archive(bytes: bytes, path: "encoder.safetensors"))
    #expect(read.parameters == encoder.parameters)
    #expect(read.recipe == encoder.recipe && read.digest == encoder.digest)
    #expect(try read.codes(of: curve) == encoder.codes(of: curve))
    let error = #expect(throws: TrainingError.self) { try TrainedEncoder(Archive()) }
    #expect(error?.description.contains("is no trained encoder") == true)
  }

  @Test func codesAreAPreparedVariable() throws {
    let encoder = try TrainedEncoder(of: curve, recipe: recipe(2), key: key)
    let prepared = try encoder.prepared(curve, by: .standardized, named: "layer 1")
    #expect(prepared.values.rowCount == 200)
    #expect(
      prepared.record == [
        "layer 1: 1 numbers by a dense autoencoder, 2 epochs, \(encoder.digest.prefix(8))",
        "layer 1: standardised",
      ])
  }

  /// The convolutional one on pictures of one bright spot, whose place the code has to hold.
  @Test func spotsAreCompressed() throws {
    let pictures = Matrix<Float>(
      rows: (0..<32).map { spot in
        (0..<784).map { pixel in
          let (row, column) = (pixel / 28 - (spot % 6) * 4 - 3, pixel % 28 - (spot / 6) * 4 - 3)
          return abs(row) < 3 && abs(column) < 3 ? 1 : 0
        }
      })
    var recipe = AutoencoderRecipe.pictures(epochCount: 8)
    #expect(recipe.batchSize == 512 && recipe.learningRate == 1e-2)
    recipe.batchSize = 16
    nonisolated(unsafe) var epochs = [Int]()
    let encoder = try TrainedEncoder(of: pictures, recipe: recipe, key: key) { epoch, loss in
      epochs.append(epoch)
      return epoch < 5 && loss > 0
    }
    #expect(epochs == [1, 2, 3, 4, 5] && encoder.losses.count == 5)
    #expect(encoder.losses[4] < encoder.losses[0])
    #expect(try encoder.codes(of: pictures).columnCount == 4)
    #expect(try encoder.reconstructions(of: pictures).columnCount == 784)
  }

  @Test func messages() throws {
    var recipe = recipe(1)
    recipe.learningRate = 0
    let error = #expect(throws: MeasureError.self) {
      try TrainedEncoder(of: curve, recipe: recipe, key: key)
    }
    #expect(error?.description == "autoencoder: learningRate is 0.0; expected above 0")
    var broken = curve
    broken[1, 1] = .infinity
    let infinite = #expect(throws: MeasureError.self) {
      try TrainedEncoder(of: broken, recipe: self.recipe(1), key: key)
    }
    #expect(
      infinite?.description
        == "autoencoder: element 6 of the samples is not finite; remove such samples or find their "
        + "cause")
    #expect(throws: ModelError.self) {
      try TrainedEncoder(of: curve, recipe: .pictures(epochCount: 1), key: key)
    }
  }
}

extension Matrix<Double> {
  /// The mean over columns of their variances.
  fileprivate var columnVariance: Double {
    (0..<columnCount).reduce(0) { sum, index in
      let values = column(index)
      let mean = values.reduce(0, +) / Double(rowCount)
      return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        / Double(rowCount * columnCount)
    }
  }
}
