extension ParameterLayout {
  /// The draws of networks that are made as torchvision makes them: all modules first, drawn as PyTorch draws new
  /// ones; then all that are not to stay so, by their own initializers in the order of θ.
  ///
  /// - Parameter isBefore: Whether a parameter's module is made before another that comes earlier in θ.
  func torchvisionDraws(
    isBefore: (_ later: String, _ earlier: String) -> Bool = { _, _ in false }
  ) -> [PyTorchDraw] {
    var made: [Entry] = []
    for entry in entries {
      let place = made.firstIndex { isBefore(entry.name, $0.name) } ?? made.count
      made.insert(entry, at: place)
    }
    return made.map { PyTorchDraw($0.name, by: newlyMade($0)) }
      + entries.filter { if case .uniform = $0.initializer { false } else { true } }
      .map { PyTorchDraw($0.name, by: $0.initializer) }
  }

  /// How PyTorch draws a parameter of a new convolution, linear layer or batch norm.
  private func newlyMade(_ entry: Entry) -> Initializer {
    func fanIn(_ weight: Entry) -> Int { weight.shape.count / weight.shape[0] }
    if entry.shape.rank > 1 { return .kaimingUniform(fanIn: fanIn(entry)) }
    let module = entry.name.prefix(entry.name.count - "bias".count)
    guard entry.name.hasSuffix(".bias"), let weight = self["\(module)weight"],
      weight.shape.rank > 1
    else { return entry.initializer }  // batch norm draws nothing
    return .uniform(bound: 1 / Double(fanIn(weight)).squareRoot())
  }
}
