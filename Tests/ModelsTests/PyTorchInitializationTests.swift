import GrokModels
import TestSupport
import Testing

/// Networks as PyTorch initializes them after `torch.manual_seed`, bit for bit; see the script beside the data.
@Suite(.tags(.golden)) struct PyTorchInitializationTests {
  struct File: Decodable { let networks: [Network] }

  struct Network: Decodable, CustomTestStringConvertible {
    let network: String
    let seed: UInt64
    let digests: [String]
    let following: Float

    var testDescription: String { "\(network), seed \(seed)" }
  }

  static let networks =
    (try? fixture("pytorch-random/expected.json", as: File.self).networks) ?? []

  @Test func thereAreFixtures() { #expect(Self.networks.count == 16) }

  @Test(arguments: networks) func initialParameters(expected: Network) throws {
    var generator = PyTorchRandom(seed: expected.seed)
    switch expected.network {
    case "linear": check(linear, 8, Float.self)
    case "linear-double": check(linear, 8, Double.self)
    case "transformer": check(transformer, 1, Float.self)
    case "transformer-double": check(transformer, 1, Double.self)
    case "residual":
      checkAll(
        ResNet(
          pictures: PictureSize(channels: 3, height: 8, width: 8), stem: .small, blocks: [1, 1],
          widths: [8, 16], outputs: 10))
    case "vgg":
      checkAll(
        VGG(pictures: PictureSize(channels: 3, height: 32, width: 32), outputs: 10, hidden: []))
    case "mixed":
      let layout = mixed()
      let values: [Float] = layout.initialValues(
        drawn: layout.entries.map { PyTorchDraw($0.name, by: $0.initializer) }, from: &generator)
      #expect(layout.entries.map { digest(values[$0.range]) } == expected.digests)
    case "remade":
      let (layout, draws) = remade()
      let values: [Float] = layout.initialValues(drawn: draws, from: &generator)
      #expect(layout.entries.map { digest(values[$0.range]) } == expected.digests)
    default: Issue.record("\(expected.network) is unknown")
    }
    // What is drawn next shows that nothing else was.
    #expect(generator.uniform(count: 1, from: 0, to: 1) == [expected.following])

    func checkAll(_ model: any Model) {
      let values: [Float] = model.initialParameters(from: &generator)
      let entries = model.layout.entries
      #expect(entries.map { digest(values[$0.range]) } == expected.digests)
    }

    func check<Scalar: RealScalar>(_ model: any Model, _ scale: Double, _ type: Scalar.Type) {
      let values: [Scalar] = model.initialParameters(scale: scale, from: &generator)
      // The script has the parameters in the order in which they are drawn, and no constants.
      let names = model.pyTorchDraws.filter {
        if case .constant = $0.distribution { false } else { true }
      }.map(\.name)
      #expect(names.map { digest(values[model.layout[$0]!.range]) } == expected.digests)
    }
  }

  private var linear: MLP { MLP(inputs: 784, hidden: [200, 200], outputs: 10) }

  private var transformer: Transformer {
    Transformer(vocabularySize: 114, context: 3, width: 128, headCount: 4)
  }

  /// Two convolutions, batch norm, an embedding, two layers of LSTM, a linear layer.
  private func mixed() -> ParameterLayout {
    var layout = ParameterLayout()
    layout.append("0.weight", [16, 3, 3, 3], .kaimingUniform(fanIn: 27))
    layout.append("1.weight", [16], .constant(1))
    layout.append("1.bias", [16], .constant(0))
    layout.append("2.weight", [24, 4, 5, 5], .kaimingUniform(fanIn: 100))
    layout.append("2.bias", [24], .uniform(bound: 1 / 10))
    layout.append("3.weight", [50, 11], .normal(standardDeviation: 1))
    let bound = Initializer.uniform(bound: 1 / 13.0.squareRoot())
    for (layer, inputs) in [11, 13].enumerated() {
      layout.append("4.weight_ih_l\(layer)", [52, inputs], bound)
      layout.append("4.weight_hh_l\(layer)", [52, 13], bound)
      layout.append("4.bias_ih_l\(layer)", [52], bound)
      layout.append("4.bias_hh_l\(layer)", [52], bound)
    }
    layout.append("5.weight", [3, 13], .kaimingUniform(fanIn: 13))
    layout.append("5.bias", [3], bound)
    return layout
  }

  /// Convolutions that are drawn once when they are made and again when all are.
  private func remade() -> (ParameterLayout, [PyTorchDraw]) {
    var layout = ParameterLayout()
    layout.append("0.weight", [8, 3, 3, 3], .kaimingUniform(fanIn: 27))
    layout.append("1.weight", [8, 8, 3, 3], .kaimingUniform(fanIn: 72))
    layout.append("2.weight", [10, 8], .kaimingUniform(fanIn: 8))
    layout.append("2.bias", [10], .uniform(bound: 1 / 8.0.squareRoot()))
    // kaiming_normal_ with the 8 · 9 outputs of each input, for relu.
    let again = PyTorchDraw.Distribution.normal(
      standardDeviation: 2.0.squareRoot() / 72.0.squareRoot())
    let draws = layout.entries.map { PyTorchDraw($0.name, by: $0.initializer) }
    return (layout, draws + [PyTorchDraw("0.weight", again), PyTorchDraw("1.weight", again)])
  }
}

private func digest<Element: BitwiseCopyable>(_ values: ArraySlice<Element>) -> String {
  var digest = SHA256()
  values.withUnsafeBytes { digest.update($0) }
  return digest.hexadecimal
}
