import GrokDatasets
import TestSupport
import Testing

@Suite struct PictureAugmentationTests {
  private let shape = PictureShape(channelCount: 2, height: 3, width: 4)

  private func apply(_ change: PictureAugmentation.Change, background: [Float]) -> [Float] {
    let augmentation = PictureAugmentation(
      shape: shape, mirrors: true, margin: 2, background: background)
    let source = (0..<24).map { Float($0) }
    return [Float](unsafeUninitializedCapacity: 24) { result, count in
      source.withUnsafeBufferPointer {
        augmentation.apply(
          change, to: $0, into: UnsafeMutableBufferPointer(rebasing: result[..<24]))
      }
      count = 24
    }
  }

  @Test func picturesAreMirroredThenShifted() {
    let nothing = PictureAugmentation.Change(isMirrored: false, rows: 0, columns: 0)
    #expect(apply(nothing, background: [0, 0]) == (0..<24).map { Float($0) })
    let shifted = PictureAugmentation.Change(isMirrored: false, rows: 1, columns: -2)
    let (a, b): (Float, Float) = (-1, -2)
    #expect(
      apply(shifted, background: [a, b]) == [
        a, a, a, a, 2, 3, a, a, 6, 7, a, a, b, b, b, b, 14, 15, b, b, 18, 19, b, b,
      ])
    let mirrored = PictureAugmentation.Change(isMirrored: true, rows: 0, columns: 1)
    #expect(
      apply(mirrored, background: [a, b]) == [
        a, 3, 2, 1, a, 7, 6, 5, a, 11, 10, 9, b, 15, 14, 13, b, 19, 18, 17, b, 23, 22, 21,
      ])
  }

  /// Every change is as frequent as every other, and a function of key, epoch and example.
  @Test(.tags(.statistical)) func changesAreUniform() {
    let augmentation = PictureAugmentation(shape: .cifar, mirrors: true, margin: 1)
    let key = RandomKey(seed: 2)
    var counts: [PictureAugmentation.Change: Int] = [:]
    let drawCount = 18_000
    for draw in 0..<drawCount {
      let (epoch, example) = draw.quotientAndRemainder(dividingBy: 100)
      let change = augmentation.change(ofExample: example, epoch: epoch, key: key)
      #expect(change == augmentation.change(ofExample: example, epoch: epoch, key: key))
      counts[change, default: 0] += 1
    }
    #expect(counts.count == 18)
    // χ² with 17 degrees of freedom: five standard deviations above its mean.
    let expected = Double(drawCount) / 18
    let statistic = counts.values.reduce(0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(statistic < 17 + 5 * 34.0.squareRoot())
    let still = PictureAugmentation(shape: .mnist, mirrors: false, margin: 0)
    #expect(
      still.change(ofExample: 3, epoch: 1, key: key)
        == PictureAugmentation.Change(isMirrored: false, rows: 0, columns: 0))
  }

  @Test func channelsAreNormalizedByConstantsOfTheirOwn() throws {
    let examples = try LabeledExamples(
      inputs: .features(Matrix(rows: [[1, 2, 3, 4], [5, 6, 7, 8]])), labels: [0, 1], classCount: 2)
    let channels = [
      PixelNormalization(mean: 1, standardDeviation: 2),
      PixelNormalization(mean: 0, standardDeviation: 4),
    ]
    let normal = try examples.normalized(byChannel: channels)
    #expect(
      normal.inputs == .features(Matrix(rows: [[0, 0.5, 0.75, 1], [2, 2.5, 1.75, 2]])))
    let error = #expect(throws: DatasetError.self) {
      try examples.normalized(byChannel: channels + channels + channels)
    }
    #expect(
      error?.description
        == "the number of features is 4; expected a multiple of the 6 channels to normalize")
  }
}
