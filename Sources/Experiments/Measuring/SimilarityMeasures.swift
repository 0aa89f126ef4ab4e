import GrokMeasures

// Similarity of two representations of the same examples.

extension NamedMeasure {
  static let similarity = [
    NamedMeasure(
      name: "centeredKernelAlignment",
      summary: "linear CKA of a layer with itself at the reference checkpoint",
      results: [
        "cka": .init("from 0 to 1, biased estimate", range: 0...1),
        "cka/debiased": .init("at most 1; 0 for independent layers", isMinor: true),
      ],
      options: ["reference", "referenceRun"],
      source: "Kornblith et al., arXiv 1905.00414; Song et al., JMLR 13, 1393 (2012), Eq. 5",
      body: .pair { pair, context in
        var findings = Findings()
        for (name, estimator) in [("cka", AlignmentEstimator.biased), ("cka/debiased", .debiased)] {
          findings.add(
            name,
            try centeredKernelAlignment(
              of: pair.first, with: pair.second, estimator: estimator, workers: context.workers))
        }
        return findings
      }),
    NamedMeasure(
      name: "labelAlignment", summary: "linear CKA of a layer with the labels",
      results: [
        "labelAlignment": .init("from 0 to 1", title: "Alignment with the labels"),
        "labelAlignment/debiased": .init(
          "at most 1", title: "Alignment with the labels, debiased", isMinor: true),
      ],
      options: [],
      source: "Cristianini et al. (2001); Cortes, Mohri & Rostamizadeh, JMLR 13, 795 (2012)",
      body: .layer { layer, context in
        var findings = Findings()
        for (name, estimator) in [
          ("labelAlignment", AlignmentEstimator.biased), ("labelAlignment/debiased", .debiased),
        ] {
          findings.add(
            name,
            try centeredKernelAlignment(
              of: layer.activations, withLabels: layer.labels, estimator: estimator,
              workers: context.workers))
        }
        return findings
      }),
    NamedMeasure(
      name: "shapeDistance",
      summary: "Procrustes and angular distance of a layer from itself at the reference checkpoint",
      results: [
        "shape/angle": .init("radians", title: "Angular distance", unit: "radians"),
        "shape/procrustes": .init(
          "of representations of unit norm", title: "Procrustes distance"),
        "shape/bures": .init(
          "normalized Bures similarity, from 0 to 1", title: "Bures similarity", isMinor: true),
      ],
      options: ["reference", "referenceRun"],
      source: "Williams et al., arXiv 2110.14739; Harvey et al. (2024)",
      body: .pair { pair, context in
        let shapes = try shapeComparison(
          of: pair.first, with: pair.second, workers: context.workers)
        var findings = Findings()
        findings.add("shape/angle", shapes.angularDistance)
        findings.add("shape/procrustes", shapes.normalizedProcrustesDistance)
        findings.add("shape/bures", shapes.buresSimilarity)
        return findings
      }),
    NamedMeasure(
      name: "representationalSimilarity",
      summary:
        "rank correlation of a layer's dissimilarities with those at the reference checkpoint",
      results: [
        "rsa": .init("Spearman's ρ, from −1 to 1", title: "Similarity of dissimilarities (RSA)")
      ], options: ["reference", "referenceRun"],
      source: "Kriegeskorte, Mur & Bandettini, Front. Syst. Neurosci. 2, 4 (2008)",
      body: .pair { pair, _ in
        var findings = Findings()
        findings.add(
          "rsa",
          try representationalSimilarity(
            of: try dissimilarities(of: pair.first), with: try dissimilarities(of: pair.second)))
        return findings
      }),
    NamedMeasure(
      name: "canonicalCorrelations",
      summary: "CCA, SVCCA and PWCCA of a layer with itself at the reference checkpoint",
      results: [
        "cca": .init("mean canonical correlation", title: "CCA"),
        "svcca": .init("after keeping 99 % of the variance", title: "SVCCA"),
        "pwcca": .init("projection-weighted mean", title: "PWCCA"),
      ],
      options: ["reference", "referenceRun"],
      source: "Hotelling (1936); Raghu et al., arXiv 1706.05806; Morcos et al., arXiv 1806.05759",
      body: .pair { pair, context in
        let all = try canonicalCorrelations(
          of: pair.first, with: pair.second, workers: context.workers)
        let kept = try canonicalCorrelations(
          of: pair.first, with: pair.second, keptVariance: 0.99, workers: context.workers)
        var findings = Findings()
        findings.add("cca", all.mean)
        findings.add("svcca", kept.mean)
        findings.add("pwcca", all.projectionWeightedMean)
        return findings
      }),
    NamedMeasure(
      name: "pairwiseStatistics",
      summary: "mean distance and angle of pairs of examples in a layer",
      results: [
        "pairs/distance": .init(
          "in the unit of the activations", title: "Mean distance of pairs"),
        "pairs/angle": .init("radians", title: "Mean angle of pairs", unit: "radians"),
      ],
      options: [], source: "Chou et al., arXiv 2603.01879",
      body: .features { activations, context in
        let result = try pairwiseStatistics(of: activations, workers: context.workers)
        var findings = Findings()
        findings.add("pairs/distance", result.distance)
        findings.add("pairs/angle", result.angle)
        return findings
      }),
  ]
}
