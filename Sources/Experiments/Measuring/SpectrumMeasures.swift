import GrokMeasures

// Spectra and intrinsic dimension of one layer.

extension NamedMeasure {
  static let spectra = [
    NamedMeasure(
      name: "singularSpectrum",
      summary: "singular values of a layer's centered activations, and the ranks that follow",
      results: [
        "participationRatio": "(Σλ)² / Σλ², dimensions",
        "effectiveRank": "exp of the entropy of σ/Σσ",
        "stableRank": "‖A‖² / σ₁²",
        "rankMe": .init(
          "exp of the entropy, with the paper's offset", title: "RankMe", isMinor: true),
        "spectrum": .init(
          "array: singular values, falling", title: "Singular values", drawing: .spectrum),
      ],
      options: [],
      source:
        "Gao et al. (2017); Roy & Vetterli (2007); Rudelson & Vershynin (2007); Garrido et al., "
        + "arXiv 2210.02885",
      body: .features { activations, context in
        let spectrum = try singularSpectrum(of: activations, workers: context.workers)
        var findings = Findings()
        findings.add("participationRatio", spectrum.participationRatio)
        findings.add("effectiveRank", spectrum.effectiveRank)
        findings.add("stableRank", spectrum.stableRank)
        findings.add("rankMe", spectrum.rankMe())
        findings.add("spectrum", values: spectrum.values)
        return findings
      }),
    NamedMeasure(
      name: "spectralDecay",
      summary: "power-law exponent of the eigenvalues of a layer's covariance",
      results: [
        "spectralDecay": "α of λᵢ ∝ i^−α, fitted over ranks 10 to a fifth of all",
        "spectralDecay/rSquared": .init(
          "of the fit, from 0 to 1", title: "R² of the spectral decay", isMinor: true),
      ],
      options: [], source: "Agrawal et al., arXiv 2205.10218 (α-ReQ)",
      body: .features { activations, context in
        let spectrum = try singularSpectrum(of: activations, workers: context.workers)
        let eigenvalues = spectrum.covarianceEigenvalues
        let last = max(3, min(spectrum.rank(relativeTolerance: 1e-6), eigenvalues.count))
        let ranks = last >= 50 ? 10...max(12, last / 5) : 1...last
        let decay = try spectralDecay(of: eigenvalues, ranks: ranks)
        var findings = Findings()
        findings.add("spectralDecay", decay.exponent)
        findings.add("spectralDecay/rSquared", decay.rSquared)
        return findings
      }),
  ]

  static let dimension = [
    NamedMeasure(
      name: "twoNN", summary: "intrinsic dimension of a layer by its two nearest neighbors",
      results: ["twoNN": .init("dimensions", title: "TwoNN dimension")], options: [],
      source: "Facco, d'Errico, Rodriguez & Laio, Sci. Rep. 7, 12140 (2017)",
      body: .features { activations, context in
        var findings = Findings()
        findings.add(
          "twoNN", try twoNN(of: activations, workers: context.workers).dimension)
        return findings
      }),
    NamedMeasure(
      name: "neighborLikelihoodDimension",
      summary: "intrinsic dimension of a layer by maximum likelihood over its neighbors",
      results: [
        "neighborLikelihoodDimension": .init(
          "dimensions", title: "Dimension by neighbor likelihood")
      ], options: ["neighborCount"],
      source: "Levina & Bickel, NeurIPS 2004; MacKay & Ghahramani (2005)",
      body: .features { activations, context in
        let count = context.options.neighborCount
        var findings = Findings()
        findings.add(
          "neighborLikelihoodDimension",
          try neighborLikelihoodDimension(
            of: activations, neighborCount: count == 0 ? 20 : count,
            workers: context.workers
          ).dimension)
        return findings
      }),
    NamedMeasure(
      name: "gride", summary: "intrinsic dimension of a layer at growing scales",
      results: [
        "gride/N": .init(
          "dimensions, by neighbors N and 2N", title: "GRIDE dimension, N neighbors", isMinor: true)
      ], options: [],
      source: "Denti, Doimo, Laio & Mira, Sci. Rep. 12, 20005 (2022)",
      body: .features { activations, context in
        let ranks = [1, 2, 4, 8, 16, 32].filter { 2 * $0 < activations.rowCount }
        var findings = Findings()
        for (rank, result) in zip(
          ranks, try gride(of: activations, ranks: ranks, workers: context.workers))
        {
          findings.add("gride/\(rank)", result.dimension)
        }
        return findings
      }),
  ]
}
