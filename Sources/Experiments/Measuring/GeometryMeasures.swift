import GrokMeasures

// Geometry of the point clouds of classes.

extension NamedMeasure {
  static let geometry = [
    NamedMeasure(
      name: "manifoldCapacity",
      summary:
        "mean-field capacity of class manifolds, with radius, dimension and center correlation",
      results: [
        "capacity": "separable manifolds for each dimension (harmonic mean over manifolds)",
        "radius": "in units of the distance of the center from the origin",
        "dimension": "D·(mean cosine of draw and anchor)²",
        "anchorDimension": .init("mean of (draw · anchor direction)²", isMinor: true),
        "centerCorrelation": "mean |cosine| of centers before shared directions are removed",
        "removedRank": .init("the number of directions removed", isMinor: true),
      ],
      options: ["drawCount", "margin", "centers", "seed"],
      source:
        "Chung, Lee & Sompolinsky, Phys. Rev. X 8, 031003 (2018); Cohen et al., Nat. Commun. 11, "
        + "746 (2020)",
      body: .layer { layer, context in
        let centers: CenterRemoval =
          switch context.options.centers {
          case .none: .none
          case .stable: .stable()
          case .referenceCompatible: .referenceCompatible()
          }
        let result = try manifoldCapacity(
          of: try Manifolds(layer.activations, labels: layer.labels),
          margin: context.options.margin, centers: centers, drawCount: context.options.drawCount,
          workers: context.workers, key: context.key)
        var findings = Findings()
        findings.add("capacity", result.capacity)
        findings.add("radius", result.radius)
        findings.add("dimension", result.meanCosineDimension)
        findings.add("anchorDimension", result.anchorDimension)
        findings.add("centerCorrelation", result.centerCorrelation)
        findings.add("removedRank", Double(result.removedRank))
        findings.add("manifolds/capacity", values: result.manifolds.map(\.capacity.value))
        findings.add("manifolds/radius", values: result.manifolds.map(\.radius.value))
        findings.add(
          "manifolds/dimension", values: result.manifolds.map(\.meanCosineDimension.value))
        return findings
      }),
    NamedMeasure(
      name: "glueGeometry",
      summary:
        "capacity of the given classes taken together, with dimension, radius and alignments",
      results: [
        "glue/capacity": "P / E‖t − V‖² over draws and dichotomies",
        "glue/dimension": "dimensions", "glue/radius": "relative to the anchor centers",
        "glue/utility": "Ψ, without unit",
        "glue/centerAlignment": .init("mean |cosine|", isMinor: true),
        "glue/axesAlignment": .init("mean |cosine|", isMinor: true),
        "glue/centerAxesAlignment": .init("mean |cosine|", isMinor: true),
      ],
      options: ["drawCount", "seed"],
      source: "Chou, Le, Wang & Chung, ICML 2025, arXiv 2503.18114, Algorithm 2",
      body: .layer { layer, context in
        let result = try glueGeometry(
          of: try Manifolds(layer.activations, labels: layer.labels),
          drawCount: context.options.drawCount, workers: context.workers, key: context.key)
        var findings = Findings()
        findings.add("glue/capacity", result.capacity)
        findings.add("glue/dimension", result.dimension)
        findings.add("glue/radius", result.radius)
        findings.add("glue/utility", result.utility)
        findings.add("glue/centerAlignment", result.centerAlignment.absoluteCosine)
        findings.add("glue/axesAlignment", result.axesAlignment.absoluteCosine)
        findings.add("glue/centerAxesAlignment", result.centerAxesAlignment.absoluteCosine)
        return findings
      }),
    NamedMeasure(
      name: "simulatedCapacity",
      summary: "capacity by random projections and exact tests of separability",
      results: ["simulatedCapacity": "P / n½, separable manifolds for each dimension"],
      options: ["seed"], source: "Cover (1965); Chou et al., arXiv 2503.18114, Algorithm 1",
      body: .layer { layer, context in
        let result = try simulatedCapacity(
          of: try Manifolds(layer.activations, labels: layer.labels), workers: context.workers,
          key: context.key)
        var findings = Findings()
        findings.add("simulatedCapacity", result.capacity)
        return findings
      }),
  ]
}
