import GrokMeasures
import GrokTraining
import Testing

@testable import GrokExperiments

@Suite struct NamedMeasureTests {
  @Test func namesAreUniqueAndOptionsAreSettings() throws {
    #expect(Set(NamedMeasure.all.map(\.name)).count == NamedMeasure.all.count)
    for measure in NamedMeasure.all {
      for option in measure.options {
        #expect(throws: Never.self) { try Setting.named("measure." + option) }
      }
      #expect(!measure.summary.isEmpty && !measure.source.isEmpty && !measure.results.isEmpty)
    }
  }

  /// What a measure gives is what `measures NAME` says.
  @Test(arguments: NamedMeasure.all.filter { !$0.arrayInputs.isEmpty }.map(\.name))
  func resultsAreThoseOfTheTable(name: String) throws {
    let measure = try NamedMeasure.named(name)
    let key = RandomKey(seed: 1)
    let labels = (0..<240).map { $0 % 4 }
    var values: [Double] = key.fork("noise").normal(count: 240 * 8)
    for (row, label) in labels.enumerated() { values[row * 8 + label] += 12 }
    let first = Matrix<Double>(values: values, rowCount: 240, columnCount: 8)
    let second = Matrix<Double>(
      values: key.fork("other").normal(count: 240 * 8), rowCount: 240, columnCount: 8)
    let context = MeasureContext(
      options: Settings().measure, workers: Workers(threadCount: 2), key: key)
    let layer = NamedMeasure.Layer(activations: first, labels: labels, classCount: 4)
    let findings: Findings
    switch measure.body {
    case .features(let body): findings = try body(first, context)
    case .layer(let body): findings = try body(layer, context)
    case .outputs(let body):
      var logits = first.selectingColumns(0..<4)
      // Some are taken for another class, so that there is something to tell apart.
      for row in [0, 5, 10, 15] { logits[row, labels[row]] = -12 }
      findings = try body(.init(activations: logits, labels: labels, classCount: 4), context)
    case .pair(let body): findings = try body(.init(first: first, second: second), context)
    case .training(let body as any KernelPairMeasure):
      let kernels = (first.columnGram, second.columnGram)
      let found = try body.findings(of: kernels.0, and: kernels.1)
      #expect(
        found.numbers.map(\.value) == [try kernelDistance(between: kernels.0, and: kernels.1)])
      return
    case .network, .weights, .training: return
    }
    #expect(!findings.numbers.isEmpty)
    #expect(findings.numbers.allSatisfy { $0.value.isFinite && $0.error?.isFinite != false })
    let known = measure.results.map(\.key)
    for given in findings.numbers.map(\.name) {
      #expect(known.contains { matches(given, $0) }, "\(given) is not in the table of \(name)")
    }
    for promised in measure.results where !promised.value.isArray {
      #expect(findings.numbers.contains { matches($0.name, promised.key) }, "\(promised.key)")
    }
  }

  /// A result named `gride/N` stands for one with any number.
  private func matches(_ name: String, _ pattern: String) -> Bool {
    guard pattern.hasSuffix("/N") else { return name == pattern }
    let head = pattern.dropLast()
    return name.hasPrefix(head) && Int(name.dropFirst(head.count)) != nil
  }
}
