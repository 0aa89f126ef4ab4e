import GrokMeasures

/// How a critic is trained whose best value is a lower bound of mutual information, and which bound it is.
public struct CriticRecipe: Sendable, Hashable, Codable {
  /// A bound of I(X; Y) by a function T of pairs, p being pairs that belong together and q pairs torn apart.
  public enum Bound: Sendable, Hashable, Codable {
    /// E_p T − ln E_q e^T, its gradient with the moving average of E_q e^T in the denominator (rate 0.01).
    ///
    /// - Source: Donsker & Varadhan (1983); Belghazi et al., ICML 2018.
    case donskerVaradhan
    /// E_p T − E_q e^{T − 1}.
    ///
    /// - Source: Nguyen, Wainwright & Jordan, IEEE Trans. Inf. Theory 56, 5847 (2010).
    case nguyenWainwrightJordan
    /// The mean of T(x_i, y_i) − ln 1/K Σ_j e^{T(x_i, y_j)} over batches of K pairs: at most ln K.
    ///
    /// - Source: van den Oord, Li & Vinyals, arXiv 1807.03748.
    case infoNCE
    /// E_p T − ln E_q clip(e^T, e^{−τ}, e^τ), with T trained by the Jensen–Shannon form: E_p −ln(1 + e^{−T}) −
    /// E_q ln(1 + e^T). No bound, but of small variance.
    ///
    /// - Source: Song & Ermon, ICLR 2020, with training as in their code.
    case smile(clip: Double)
  }

  /// Which bound.
  public var bound: Bound
  /// The widths of the hidden layers of the critic.
  public var hiddenWidths: [Int]
  /// The number of updates.
  public var stepCount: Int
  /// The number of pairs in a step; K of ``Bound/infoNCE``, for which a step costs its square.
  public var batchSize: Int
  /// The rate of Adam.
  public var learningRate: Double
  /// The share of the samples that the critic is not trained on and the estimate is from.
  public var heldOutFraction: Double

  /// The usual recipe: two layers of 128, Adam with rate 0.001, 10,000 steps of 512, half of the samples held out.
  public init(
    _ bound: Bound, hiddenWidths: [Int] = [128, 128], stepCount: Int = 10_000,
    batchSize: Int = 512, learningRate: Double = 1e-3, heldOutFraction: Double = 0.5
  ) {
    self.bound = bound
    self.hiddenWidths = hiddenWidths
    self.stepCount = stepCount
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.heldOutFraction = heldOutFraction
  }

  var description: String {
    let name =
      switch bound {
      case .donskerVaradhan: "Donsker–Varadhan"
      case .nguyenWainwrightJordan: "Nguyen–Wainwright–Jordan"
      case .infoNCE: "InfoNCE"
      case .smile(let clip): "SMILE, clip \(clip)"
      }
    let widths = hiddenWidths.map { "\($0)" }.joined(separator: "-")
    return "critic, \(name), \(widths), \(stepCount) steps of \(batchSize)"
  }

  func check() throws(MeasureError) {
    func require(
      _ isRight: Bool, _ what: String, _ value: Double, _ expected: String
    ) throws(MeasureError) {
      if isRight { return }
      throw .outOfRange(measure: criticMeasure, what: what, value: value, expected: expected)
    }
    if case .smile(let clip) = bound {
      try require(clip > 0 && clip.isFinite, "the clip", clip, "above 0")
    }
    try require(
      !hiddenWidths.isEmpty, "the number of hidden layers", Double(hiddenWidths.count), "at least 1"
    )
    for width in hiddenWidths { try require(width >= 1, "a width", Double(width), "at least 1") }
    try require(stepCount >= 1, "stepCount", Double(stepCount), "at least 1")
    try require(batchSize >= 2, "batchSize", Double(batchSize), "at least 2")
    try require(
      learningRate > 0 && learningRate.isFinite, "learningRate", learningRate, "above 0")
    try require(
      heldOutFraction > 0 && heldOutFraction < 1, "heldOutFraction", heldOutFraction,
      "above 0 and below 1")
  }
}

let criticMeasure = "criticInformation"
