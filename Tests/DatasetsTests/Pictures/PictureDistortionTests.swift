import TestSupport
import Testing

@testable import GrokDatasets

@Suite struct PictureDistortionTests {
  private struct Golden: Decodable {
    let pictures: [[Double]]
    let cases: [String: [[Double]]]
  }

  private static let key = RandomKey(seed: 5)

  @Test(.tags(.golden)) func turnsShiftsAndBlursAreThoseOfSciPy() throws {
    let golden = try fixture("pictures/expected.json", as: Golden.self)
    let examples = try pictures(golden.pictures)
    #expect(golden.cases.count == 9)
    for (name, expected) in golden.cases {
      let distortion = try #require(PictureDistortion(name))
      let found = try features(examples.distorted(by: distortion, side: 9, key: Self.key))
      for (picture, row) in expected.enumerated() {
        for (pixel, value) in row.enumerated() {
          // Pixels are Float here and Double there.
          #expect(abs(Double(found[picture, pixel]) - value) < 1e-6, "\(name)")
        }
      }
    }
  }

  @Test(.tags(.law)) func fourQuarterTurnsAndThereAndBackChangeNothing() throws {
    let examples = try random(count: 3)
    var turned = examples
    for _ in 0..<4 { turned = try turned.distorted(by: .rotation(degrees: 90), key: Self.key) }
    #expect(try difference(turned, examples) < 1e-5)
    // A quarter turn brings the pixel at the right to the top.
    var pixels = [Double](repeating: 0, count: 81)
    pixels[4 * 9 + 8] = 1
    let dot = try features(
      pictures([pixels]).distorted(by: .rotation(degrees: 90), side: 9, key: Self.key))
    #expect(abs(dot[0, 4] - 1) < 1e-6)
    // Whole pixels there and back, where nothing was near the edge.
    let shifted = try pictures([pixels])
      .distorted(by: .translation(rows: 2, columns: -3), side: 9, key: Self.key)
    #expect(try features(shifted)[0, 6 * 9 + 5] == 1)
    let back = try shifted.distorted(by: .translation(rows: -2, columns: 3), side: 9, key: Self.key)
    #expect(try features(back)[0, 4 * 9 + 8] == 1)
  }

  @Test(.tags(.law), arguments: ["rotation:0", "translation:0:0", "noise:0", "blur:0"])
  func noStrengthIsNoChange(text: String) throws {
    let distortion = try #require(PictureDistortion(text))
    let examples = try random(count: 2)
    #expect(try examples.distorted(by: distortion, key: Self.key) == examples)
  }

  @Test(.tags(.law), arguments: ["rotation:40", "translation:2.5:1", "blur:1.2"])
  func changingAndNormalizingCommute(text: String) throws {
    let distortion = try #require(PictureDistortion(text))
    let (examples, normalization) = (try random(count: 2), PixelNormalization.mnist)
    let first = try examples.distorted(by: distortion, key: Self.key)
      .normalized(by: normalization)
    let second = try examples.normalized(by: normalization).distorted(
      by: distortion, black: normalization.black, white: normalization.white, key: Self.key)
    #expect(try difference(first, second) < 2e-5)
  }

  @Test(.tags(.statistical)) func noiseHasItsDeviationInUnitsOfInk() throws {
    let flat = try pictures(
      [[Double]](repeating: [Double](repeating: 0.5, count: 784), count: 100))
    let noisy = try features(
      flat.distorted(by: .noise(standardDeviation: 0.3), black: -1, white: 3, key: Self.key))
    let values = noisy.values.map { Double($0) - 0.5 }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    // 78,400 draws of deviation 1.2: within four standard errors.
    #expect(abs(mean) < 4 * 1.2 / 280)
    #expect(abs(variance.squareRoot() - 1.2) < 4 * 1.2 / (2.0 * 78_400).squareRoot())
    // Noise belongs to the place of a picture, whatever else there is.
    let first = try features(
      flat.prefix(1).distorted(
        by: .noise(standardDeviation: 0.3), black: -1, white: 3, key: Self.key))
    #expect(Array(first.row(0)) == Array(noisy.row(0)))
  }

  @Test func textsAreReadBackAndOthersRefused() throws {
    for kind in PictureDistortion.Kind.allCases {
      for severity in 1...5 {
        let distortion = try PictureDistortion(kind, severity: severity)
        #expect(PictureDistortion(distortion.description) == distortion)
        #expect(distortion.description.hasPrefix(kind.rawValue))
      }
    }
    let wrong = [
      "", "rotation", "rotation:", "rotation:a", "rotation:nan", "rotation:1:2", "translation:1",
      "noise:-1", "blur:-0.1", "blur:inf", "warp:1", "rotation:1:",
    ]
    for text in wrong { #expect(PictureDistortion(text) == nil, "\(text)") }
  }

  @Test func messagesSayWhatIsWrong() throws {
    let examples = try random(count: 1)
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: DatasetError.self) { try body() }?.description
    }
    #expect(
      message {
        _ = try examples.distorted(by: .blur(standardDeviation: 1), side: 20, key: Self.key)
      }
        == "side is 20; expected the square root of 784, the number of pixels")
    #expect(
      message {
        _ = try examples.distorted(by: .rotation(degrees: .nan), key: Self.key)
      } == "distortion is rotation:nan; expected finite numbers, deviations from 0")
    #expect(
      message { _ = try PictureDistortion(.blur, severity: 6) } == "severity is 6; expected 1 to 5")
    let tokens = try TokenMatrix(values: [0], exampleCount: 1, contextLength: 1, vocabularySize: 1)
    let pairs = try LabeledExamples(inputs: .tokens(tokens), labels: [0], classCount: 1)
    #expect(
      message { _ = try pairs.normalized(by: .mnist) }
        == "the input of normalization is sequences of tokens; expected pictures")
  }

  @Test(.tags(.oracle)) func normalizationIsThatOfTheExamplesOfPyTorch() throws {
    let values = try features(random(count: 2).normalized(by: .mnist)).values
    let plain = try features(random(count: 2)).values
    for (found, pixel) in zip(values, plain) {
      #expect(found == (pixel - Float(0.1307)) / Float(0.3081))
    }
    #expect(PixelNormalization.emnist.black == Float(-0.1751) / Float(0.3332))
  }

  // MARK: Pictures of our own

  private func pictures(_ rows: [[Double]]) throws -> LabeledExamples {
    let matrix = Matrix<Float>(rows: rows.map { $0.map { Float($0) } })
    return try LabeledExamples(
      inputs: .features(matrix), labels: [Int32](repeating: 0, count: rows.count), classCount: 1)
  }

  private func random(count: Int) throws -> LabeledExamples {
    let values: [Double] = Self.key.fork("pixels").uniform(count: count * 784, in: 0..<1)
    return try pictures((0..<count).map { Array(values[$0 * 784..<($0 + 1) * 784]) })
  }

  private func features(_ examples: LabeledExamples) throws -> Matrix<Float> {
    try examples.features(for: "a test")
  }

  private func difference(_ a: LabeledExamples, _ b: LabeledExamples) throws -> Float {
    try zip(features(a).values, features(b).values).map { abs($0 - $1) }.max() ?? 0
  }
}
