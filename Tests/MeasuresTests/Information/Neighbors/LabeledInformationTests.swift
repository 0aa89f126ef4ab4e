import GrokDatasets
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LabeledInformationTests {
  /// Normal clouds around one middle for each of four classes.
  static let (x, labels) = clouds(count: 240, classCount: 4)

  static func clouds(count: Int, classCount: Int) -> (Matrix<Double>, [Int]) {
    let key = RandomKey(seed: 8)
    let labels = key.fork("labels").integers(count: count, in: 0..<classCount)
    let noise: Matrix<Double> = key.normalMatrix(rowCount: count, columnCount: 2)
    let x = Matrix<Double>(
      rows: (0..<count).map { [noise[$0, 0] + Double(labels[$0]), noise[$0, 1]] })
    return (x, labels)
  }

  /// The formula word for word.
  static func plain(_ x: Matrix<Double>, _ labels: [Int], _ k: Int) -> Double {
    let psi = { (number: Int) in GammaFunctions.digamma(Double(number)) }
    let distances = PlainKraskov.distances(x)
    let terms = labels.indices.map { i in
      let others = labels.indices.filter { $0 != i }
      let own = others.filter { labels[$0] == labels[i] }.map { distances[i][$0] }.sorted()
      let rank = min(k, own.count)
      let within = others.count { distances[i][$0] <= own[rank - 1] }
      return psi(own.count { $0 <= own[rank - 1] }) - psi(own.count + 1) - psi(within)
    }
    return psi(labels.count) + terms.reduce(0, +) / Double(labels.count)
  }

  @Test(.tags(.oracle), arguments: [1, 3, 100]) func equalsTheFormula(k: Int) throws {
    let result = try mutualInformation(between: Self.x, andLabels: Self.labels, neighborCount: k)
    #expect(abs(result.value - Self.plain(Self.x, Self.labels, k)) < 1e-12)
    #expect(result.value <= (try #require(result.ceiling)))
    let rounded = Self.x.map { ($0 * 4).rounded() }
    let ties = try mutualInformation(between: rounded, andLabels: Self.labels, neighborCount: k)
    #expect(abs(ties.value - Self.plain(rounded, Self.labels, k)) < 1e-12)
  }

  @Test(.tags(.law)) func labelsFartherThanAnyRadiusMakeKraskovEqual() throws {
    let spaced = Matrix<Double>(rows: Self.labels.map { [Double($0) * 1e3] })
    let kraskov = try mutualInformation(between: Self.x, and: spaced).value
    for ties in LabelTies.allCases {
      let ross = try mutualInformation(between: Self.x, andLabels: Self.labels, ties: ties).value
      #expect(abs(ross - kraskov) < 1e-12)
    }
  }

  @Test(.tags(.law)) func namesOfLabelsDoNotMatter() throws {
    let value = try mutualInformation(between: Self.x, andLabels: Self.labels).value
    let renamed = Self.labels.map { [7, -3, 1000, 0][$0] }
    #expect(abs(try mutualInformation(between: Self.x, andLabels: renamed).value - value) < 1e-12)
    let workers = Workers(threadCount: 2)
    #expect(
      try mutualInformation(between: Self.x, andLabels: Self.labels, workers: workers).value
        == value)
  }

  @Test(.tags(.golden), .enabled(if: PeerPython.has("sklearn"), "scikit-learn"))
  func equalsScikitLearn() throws {
    let values = Self.x.column(0)
    let script = """
      import sys, numpy as np
      from sklearn.feature_selection._mutual_info import _compute_mi_cd
      v = np.array([float(t) for t in sys.argv[1].split()])
      print(repr(float(_compute_mi_cd(v, np.array([int(t) for t in sys.argv[2].split()]), 3))))
      """
    let output = try PeerPython.run([
      "-c", script, values.map { "\($0)" }.joined(separator: " "),
      Self.labels.map { "\($0)" }.joined(separator: " "),
    ])
    let text = String(decoding: output, as: UTF8.self).split(separator: "\n").last.map(String.init)
    let theirs = try #require(text.flatMap(Double.init))
    let ours = try mutualInformation(
      between: values.map { [$0] }, andLabels: Self.labels, ties: .left)
    #expect(abs(ours.value - theirs) < 1e-9)
  }

  @Test func classesOfOneAreLeftOutAndSaid() throws {
    var (x, labels) = (Self.x, Self.labels)
    labels[5] = 77
    labels[9] = 78
    let result = try mutualInformation(between: x, andLabels: labels)
    let kept = labels.indices.filter { $0 != 5 && $0 != 9 }
    x = x.selectingRows(kept)
    #expect(
      result.value == (try mutualInformation(between: x, andLabels: kept.map { labels[$0] })).value)
    #expect(result.preparation == ["2 samples that are alone in their class left out"])
    #expect(result.sampleCount == 238)
  }

  @Test(.tags(.law)) func constantsHaveNoInformationAndSeparateClassesAllOfIt() throws {
    let constant = Matrix<Double>(repeating: 1, rowCount: 240, columnCount: 1)
    let none = try mutualInformation(between: constant, andLabels: Self.labels)
    #expect(none.cautions == [.duplicates(count: 240)])
    // ψ(n) − ψ(n − 1) − ⟨ψ(N_c) − ψ(N_c − 1)⟩
    #expect(abs(none.value) < 0.02)
    let apart = Matrix<Double>(
      rows: (0..<240).map { [Self.x[$0, 1] + 100 * Double(Self.labels[$0])] })
    let all = try mutualInformation(between: apart, andLabels: Self.labels)
    #expect(abs(all.value - (try #require(all.ceiling))) < 1e-12)
  }

  @Test func messages() throws {
    let cases: [(() throws -> Any, String)] = [
      (
        { try mutualInformation(between: Self.x, andLabels: [1, 2]) },
        "mutualInformation: 240 rows cannot be paired with 2; row i of both must belong to one sample"
      ),
      (
        { try mutualInformation(between: Self.x, andLabels: Array(0..<240)) },
        "mutualInformation: 0 samples; at least 2 are needed"
      ),
      (
        { try mutualInformation(between: Self.x, andLabels: Self.labels, neighborCount: 0) },
        "mutualInformation: the number of neighbours is 0.0; expected at least 1"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
