import GrokMeasures
import GrokTraining

// Where in the sequence a network predicts well, and the path of its training in the space of its losses.

extension NamedMeasure {
  static let tokenLosses = [
    NamedMeasure(
      name: "lossTrajectory",
      summary:
        "the losses of single tokens over the checkpoints: by position, and along their two widest directions",
      results: [
        "lossTrajectory":
          "array: place along the two widest directions of the losses of a token of each example, in nats",
        "lossTrajectoryExplained":
          "array: share of each direction in their variance over checkpoints",
        "positionLoss": "array: mean loss at each position that has a target, in nats",
      ],
      options: ["seed"],
      source: "Olsson et al., In-context Learning and Induction Heads (2022)",
      body: .training(LossTrajectoryMeasure()))
  ]
}

/// One token of each example, drawn once for all checkpoints, as published; losses are not standardised.
private struct LossTrajectoryMeasure: TrainingMeasure {
  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    guard training.experiment.model.positionCount > 1 else {
      throw MeasureError.undefined(
        measure: "lossTrajectory", reason: "the network has a target at one position only")
    }
    var tokens: [Int] = []
    var drawn: [[Double]] = []
    var steps: [Int: Findings] = [:]
    for checkpoint in training.checkpoints {
      let losses = try training.snapshot(of: checkpoint).tokenLosses(on: examples)
      if tokens.isEmpty { tokens = Self.tokens(of: losses, key: context.key.fork("tokens")) }
      drawn.append(tokens.map { losses.values[$0] })
      var findings = Findings()
      findings.add("positionLoss", values: Self.means(of: losses))
      steps[checkpoint.step] = findings
    }
    let path = try lossTrajectory(of: Matrix(rows: drawn))
    for (row, checkpoint) in training.checkpoints.enumerated() {
      steps[checkpoint.step]?.add("lossTrajectory", values: Array(path.coordinates.row(row)))
    }
    var all = Findings()
    all.add("lossTrajectoryExplained", values: path.explained)
    return (steps, all)
  }

  /// A place with a target in each row, among the values of the matrix; none of rows without.
  private static func tokens(of losses: Matrix<Double>, key: RandomKey) -> [Int] {
    (0..<losses.rowCount).compactMap { row in
      let known = (0..<losses.columnCount).filter { !losses[row, $0].isNaN }
      guard !known.isEmpty else { return nil }
      let choice = key.fork(row).integers(count: 1, in: 0..<known.count)[0]
      return row * losses.columnCount + known[choice]
    }
  }

  /// The mean of each column over rows with a target there, up to the last column that has one.
  private static func means(of losses: Matrix<Double>) -> [Double] {
    let means = (0..<losses.columnCount).map { column in
      let known = losses.column(column).filter { !$0.isNaN }
      return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
    }
    let count = (means.lastIndex { !$0.isNaN } ?? -1) + 1
    return Array(means.prefix(count))
  }
}
