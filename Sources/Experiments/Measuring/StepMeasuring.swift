import GrokMeasures
import GrokTraining

/// Takes measures on one checkpoint after the other; the activations of the last one are kept for the measures that
/// share them, those of the reference for all.
final class StepMeasuring<Scalar: RealScalar> {
  private let pass: MeasurementPass<Scalar>
  private var step: Int?
  private var current: [Matrix<Scalar>?]
  private var reference: [Matrix<Scalar>?]
  private var initial: Snapshot<Scalar>?

  init(_ pass: MeasurementPass<Scalar>) {
    self.pass = pass
    current = Array(repeating: nil, count: pass.sets.count * pass.layers.count)
    reference = current
  }

  /// Gives to `take` what a measure finds on a network, by where: `test/hidden.0`.
  func measure(
    _ measure: NamedMeasure, _ snapshot: Snapshot<Scalar>,
    _ take: (_ name: String, Result<Findings, any Error>) throws -> Void
  ) throws {
    if step != snapshot.step {
      step = snapshot.step
      for index in current.indices { current[index] = nil }
    }
    let context = pass.context(of: measure)
    /// Errors of a measure concern one number, all others the whole measurement.
    func attempt(_ set: String, _ layer: String, _ body: () throws -> Findings) throws {
      let place = [set, layer].filter { !$0.isEmpty }.joined(separator: "/")
      do {
        var named = Findings()
        named.add(
          try body(), before: set.isEmpty ? "" : set + "/", behind: layer.isEmpty ? "" : "/" + layer
        )
        try take(place, .success(named))
      } catch let error as MeasureError {
        try take(place, .failure(error))
      }
    }
    switch measure.body {
    case .features(let body):
      try forEachLayer(snapshot) { set, _, layer, place in
        try attempt(set, layer) { try body(current[place]!, context) }
      }
    case .layer(let body):
      try forEachLayer(snapshot) { set, examples, layer, place in
        try attempt(set, layer) {
          try body(sample(current[place]!, examples), context)
        }
      }
    case .outputs(let body):
      for (set, examples) in pass.sets {
        try attempt(set, "") { try body(sample(snapshot.outputs(on: examples), examples), context) }
      }
    case .pair(let body):
      try fillReference()
      try forEachLayer(snapshot) { set, _, layer, place in
        try attempt(set, layer) {
          try body(.init(first: current[place]!, second: reference[place]!), context)
        }
      }
    case .network(let body):
      for (set, examples) in pass.sets {
        try attempt(set, "") { try body.findings(of: network(snapshot, set, examples), context) }
      }
    case .weights(let body):
      try attempt("", "") {
        try body.findings(of: network(snapshot, pass.sets[0].name, pass.sets[0].examples), context)
      }
    case .training: break
    }
  }

  private func sample(_ activations: Matrix<Scalar>, _ examples: LabeledExamples)
    -> NamedMeasure.Layer
  {
    .init(
      activations: activations, labels: examples.labels.map(Int.init),
      classCount: examples.classCount)
  }

  private func network(
    _ snapshot: Snapshot<Scalar>, _ set: String, _ examples: LabeledExamples
  ) throws -> MeasuredNetwork<Scalar> {
    let first = try initial ?? pass.training.snapshot(of: pass.training.stored.reference(.initial))
    initial = first
    return MeasuredNetwork(
      now: snapshot, initial: first, examples: examples, set: set, layers: pass.layers,
      experiment: pass.training.experiment)
  }

  private func forEachLayer(
    _ snapshot: Snapshot<Scalar>,
    _ body: (_ set: String, LabeledExamples, _ layer: String, _ place: Int) throws -> Void
  ) throws {
    try fill(&current, from: snapshot)
    for (setIndex, set) in pass.sets.enumerated() {
      for (index, layer) in pass.layers.enumerated() {
        try body(set.name, set.examples, layer, setIndex * pass.layers.count + index)
      }
    }
  }

  private func fillReference() throws {
    guard reference.contains(where: { $0 == nil }) else { return }
    let options = pass.measurement.options
    let compared = MeasuredTraining<Scalar>(
      stored: try pass.training.stored.compared(options), checkpoints: [],
      context: pass.training.context)
    let checkpoint = try compared.stored.reference(options.reference)
    try fill(&reference, from: compared.snapshot(of: checkpoint))
  }

  private func fill(_ places: inout [Matrix<Scalar>?], from snapshot: Snapshot<Scalar>) throws {
    guard places.contains(where: { $0 == nil }) else { return }
    let taps = pass.layers.filter { $0 != inputLayer }
    for (setIndex, set) in pass.sets.enumerated() {
      var found = try snapshot.activations(of: taps, on: set.examples)[...]
      for (index, layer) in pass.layers.enumerated() {
        places[setIndex * pass.layers.count + index] =
          layer == inputLayer ? inputs(set.examples) : found.removeFirst()
      }
    }
  }

  private func inputs(_ examples: LabeledExamples) -> Matrix<Scalar>? {
    guard case .features(let features) = examples.inputs else { return nil }
    return Matrix<Scalar>(features)
  }
}
