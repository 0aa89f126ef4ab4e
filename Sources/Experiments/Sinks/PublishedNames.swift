import GrokTraining

/// Records and measures of a run under the names of the program that first drew grokking on the information plane, with what
/// these names meant there.
///
/// There the logged mean squared error is the sum over the outputs, not their mean; `WN/total` is the plain sum of the norms of
/// the layers; `eval` are the test examples; layers are counted from 1. Errors are the naive ones.
struct PublishedNames {
  /// The curves by their published names.
  private(set) var curves: [(name: String, curve: RunCurves.Curve)] = []
  /// The steps at which information was measured.
  private(set) var steps: [Int] = []

  /// `eval` for `test`.
  static func set(_ name: String) -> String { name == "test" ? "eval" : name }

  init(_ experiment: Experiment, _ own: RunCurves) {
    let factor =
      experiment.settings.train.loss == .meanSquaredError
      ? Double(experiment.data.train.classCount) : 1
    for set in ["train", "test"] {
      add("Loss/" + set, own["\(set)/loss"], factor: factor)
      add("Acc/" + set, own["\(set)/accuracy"])
    }
    let layers = MeasuredQuantities(own.names).layers.filter { $0 != inputLayer }
    var norms: [RunCurves.Curve] = []
    for (index, layer) in layers.enumerated() {
      let parts = ["weight", "bias"].compactMap { own["weights/norm/\(layer).\($0)"] }
      guard let norm = Self.combined(parts, { $0.map { $0 * $0 }.reduce(0, +).squareRoot() }) else {
        continue
      }
      add("WN/linear_\(index + 1)", norm)
      norms.append(norm)
    }
    add("WN/total", Self.combined(norms) { $0.reduce(0, +) })
    for set in ["train", "test"] {
      let published = Self.set(set)
      for (index, layer) in layers.enumerated() {
        let place = "\(published)/layer \(index + 1)"
        add("num_dead_nrns_" + place, own["\(set)/deadUnits/\(layer)"])
        add("logits_mean_" + place, own["\(set)/activity/mean/\(layer)"])
        add("logits_var_" + place, own["\(set)/activity/variance/\(layer)"])
        for (name, quantity) in [
          ("MI(X;L)", "informationWithInput"), ("MI(L;Y)", "informationWithLabels"),
        ] {
          guard let curve = own["\(set)/\(quantity)/\(layer)"] else { continue }
          if steps.isEmpty { steps = curve.steps }
          var values = curve
          values.errors = []
          add("\(name)_\(place)", values)
          values.values = curve.errors
          if !curve.errors.isEmpty { add("\(name)_Errors_\(place)", values) }
        }
      }
    }
  }

  private mutating func add(_ name: String, _ curve: RunCurves.Curve?, factor: Double = 1) {
    guard var curve else { return }
    curve.values = curve.values.map { factor * $0 }
    curves.append((name, curve))
  }

  /// One curve of several over the same steps.
  private static func combined(
    _ curves: [RunCurves.Curve], _ body: ([Double]) -> Double
  ) -> RunCurves.Curve? {
    guard let first = curves.first, curves.allSatisfy({ $0.steps == first.steps }) else {
      return nil
    }
    return RunCurves.Curve(
      steps: first.steps,
      values: first.values.indices.map { index in body(curves.map { $0.values[index] }) })
  }
}
