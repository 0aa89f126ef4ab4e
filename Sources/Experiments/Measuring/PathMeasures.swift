import GrokMeasures
import GrokTraining

// The path of the weights through its checkpoints.

extension NamedMeasure {
  static let path = [
    NamedMeasure(
      name: "pathComponents",
      summary:
        "principal components of the path of the weights, beside those of a random walk with the same records",
      results: [
        "pathComponents":
          "array: place along each of the leading components, in the unit of the weights",
        "pathFractions": "array: share of each component in the variance over checkpoints",
        "walkComponents":
          "array: the same of a random walk in many dimensions recorded at the same steps, as wide as the path",
        "walkFractions": "array: share of each component of that walk",
        "walkLikeness":
          "array: cosine of the places along each component with those of the walk, which for even steps are cosines over time",
        "distanceToStart": .init(
          "‖w − w₀‖ of all weights", title: "Distance to the start", isMinor: true),
        "distanceToEnd": .init(
          "distance of all weights to the last checkpoint", title: "Distance to the end",
          isMinor: true),
        "chordLength": .init(
          "sum of the distances between checkpoints up to each, at most the length of the path",
          title: "Length of the path", isMinor: true),
        "pathStraightness": .init(
          "distance to the start over the length so far, through checkpoints; 1 on a straight line",
          title: "Straightness", range: 0...1, isMinor: true),
      ],
      options: [],
      source: "Antognini & Sohl-Dickstein, NeurIPS 2018",
      body: .training(PathComponentsMeasure()))
  ]
}

/// From the inner products of checkpoints, a few of which are in memory at a time.
private struct PathComponentsMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  private static let componentCount = 5
  /// Of the weights that are held.
  private static let byteLimit = 512 << 20

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let checkpoints = training.checkpoints
    let weightBytes = training.experiment.model.layout.count * MemoryLayout<Scalar>.stride
    let products = try pathProducts(
      recordCount: checkpoints.count,
      blockLength: max(1, min(checkpoints.count, Self.byteLimit / (2 * max(1, weightBytes))))
    ) { try training.snapshot(of: checkpoints[$0]).parameterVector }
    let path = try pathComponents(ofProducts: products, count: Self.componentCount)
    var walk = try randomWalkComponents(
      atSteps: checkpoints.map(\.step), count: path.scores.columnCount)
    let scale = (path.totalVariation / walk.totalVariation).squareRoot()
    walk.scores = walk.scores.map { $0 * scale }

    let distances = try PathDistances(ofProducts: products)
    var steps: [Int: Findings] = [:]
    for (record, checkpoint) in checkpoints.enumerated() {
      var findings = Findings()
      findings.add("pathComponents", values: Array(path.scores.row(record)))
      findings.add("walkComponents", values: Array(walk.scores.row(record)))
      findings.add("distanceToStart", distances.toStart[record])
      findings.add("distanceToEnd", distances.toEnd[record])
      findings.add("chordLength", distances.length[record])
      if let value = distances.straightness[record] { findings.add("pathStraightness", value) }
      steps[checkpoint.step] = findings
    }
    var all = Findings()
    all.add("pathFractions", values: path.fractions)
    all.add("walkFractions", values: walk.fractions)
    let shared = min(path.scores.columnCount, walk.scores.columnCount)
    all.add(
      "walkLikeness",
      values: try (0..<shared).map { column in
        try cosineSimilarity(between: path.scores.column(column), and: walk.scores.column(column))
      })
    return (steps, all)
  }
}
