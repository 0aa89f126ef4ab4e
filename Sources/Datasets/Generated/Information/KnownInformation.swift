#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Pairs of random variables whose mutual information is known exactly: what estimators are tried on.
///
/// ```swift
/// let family = KnownInformation.student(degrees: 3, correlations: [0.6, 0.2])
/// let sample = family.sample(count: 10_000, key: key)
/// let truth = try family.information()  // nats
/// ```
///
/// - Source: the families of Czyż, Grabowski, Vogt, Beerenwinkel & Marx, *Beyond Normal*, NeurIPS 2023, and of Butakov
///   et al., ICLR 2024, with their closed forms.
public enum KnownInformation: Sendable, Equatable {
  /// Pairs of normal components, each pair correlated by its own number.
  case normal(correlations: [Double])
  /// Φ of each component of those: uniform in 0...1.
  case uniform(correlations: [Double])
  /// sign(x) |x|^1.5 of each component: heavier tails.
  case stretchedNormal(correlations: [Double])
  /// ln(x + √(1 + x²)) of each component: lighter tails.
  case contractedNormal(correlations: [Double])
  /// The normal pairs over √(χ²/degrees), with one divisor for all components of a pair of variables.
  case student(degrees: Double, correlations: [Double])
  /// X uniform in 0..<1 and Y = X + U / sharpness with U like X.
  case smoothedUniform(sharpness: Double)
  /// X uniform in `0..<levelCount`, whole numbers, and Y = X + U / sharpness with U uniform in 0..<1.
  case smoothedDiscreteUniform(levelCount: Int, sharpness: Double)
  /// X = ln G with G of the gamma distribution of shape 1/c, and Y = ln E − X with E exponential.
  case logGammaExponential(c: Double)
  /// X uniform in 0..<1 and Y the part of it that X is in, the parts being as long as given.
  case quantized(probabilities: [Double])
  /// X uniform among m letters and Y = X, or with the given probability a letter drawn anew.
  case noisyChannel(letterCount: Int, redrawProbability: Double)
  /// X normal with independent components of the given variances, and Y = X + normal noise: the additive Gaussian channel.
  ///
  /// ½ Σ ln(1 + variance/noise) is known for normal X alone; for other X there is no closed form, and no such case here.
  case additiveNoise(variances: [Double], noiseVariance: Double)
  /// A channel that says something only in rare events: X uniform in 0..<1, where all below 1 − probability is one letter and
  /// the rest `letterCount` letters of equal lengths; Y is uniform within the letter of X.
  ///
  /// The information is the entropy of the letters, as within a letter X and Y are independent: few samples carry most of it.
  case rareEvent(probability: Double, letterCount: Int)
  /// Pictures of a blob, `side × side` pixels, whose middle is a pair of uniform variables on each axis: its two places
  /// in X and in Y correlated as given.
  case blobs(side: Int, correlations: [Double])
  /// Pictures of a rectangle with soft edges, whose four places are uniform variables correlated as given.
  case rectangles(side: Int, correlations: [Double])
}

// MARK: - Information

extension KnownInformation {
  /// I(X; Y) in nats.
  ///
  /// - Throws: `DatasetError.invalidSetting` for parameters of no distribution; see ``check()``.
  public func information() throws(DatasetError) -> Double {
    try check()
    switch self {
    case .normal(let correlations), .uniform(let correlations), .stretchedNormal(let correlations),
      .contractedNormal(let correlations), .blobs(_, let correlations),
      .rectangles(_, let correlations):
      return Self.normalInformation(correlations)
    case .student(let degrees, let correlations):
      let dimension = Double(correlations.count)
      func f(_ m: Double) -> Double {
        GammaFunctions.logGamma(m / 2) - m / 2 * GammaFunctions.digamma(m / 2)
      }
      return Self.normalInformation(correlations) + f(degrees) + f(degrees + 2 * dimension)
        - 2 * f(degrees + dimension)
    case .smoothedUniform(let s):
      return s >= 1 ? log(s) + 1 / (2 * s) : s / 2
    case .smoothedDiscreteUniform(let count, let s):
      return Self.smoothedDiscreteInformation(Double(count), s)
    case .logGammaExponential(let c):
      return GammaFunctions.digamma(1 / c) + c + log(c)
    case .quantized(let probabilities):
      return -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
    case .noisyChannel(let count, let r):
      let m = Double(count)
      let q = 1 - r * (1 - 1 / m)
      return log(m) + q * log(q) + (r > 0 ? (1 - q) * log(r / m) : 0)
    case .additiveNoise(let variances, let noise):
      return variances.reduce(0) { $0 + log1p($1 / noise) / 2 }
    case .rareEvent(let p, let count):
      return (p < 1 ? -(1 - p) * log1p(-p) : 0) - (p > 0 ? p * log(p / Double(count)) : 0)
    }
  }

  private static func normalInformation(_ correlations: [Double]) -> Double {
    -0.5 * correlations.reduce(0) { $0 + log1p(-$1 * $1) }
  }

  /// H(Y) − ln(width of the noise), Y having levels of different heights where noises of neighbors overlap.
  private static func smoothedDiscreteInformation(_ m: Double, _ s: Double) -> Double {
    let v = 1 / s
    if v <= 1 { return log(m) }
    /// Σ j ln j up to n.
    func k(_ n: Double) -> Double {
      n < 1 ? 0 : (1...Int(n)).reduce(0) { $0 + Double($1) * log(Double($1)) }
    }
    if v >= m { return s * ((m - 1) * log(m) - 2 * k(m - 1) / m) }
    let whole = v.rounded(.down)
    let part = v - whole
    let low = (1 - part) * (m - whole - 1) * whole * log(whole)
    let high = part * (m - whole) * (whole + 1) * log(whole + 1)
    // Of m + v − 1 cells, those where F = ⌊v⌋ overlap last 1 − q in each step, those where F + 1 do, q.
    return log(m) - s / m * (2 * k(whole) + low + high)
  }

  /// The additive Gaussian channel whose X has variances from 1 down to 1 / `conditionNumber`, evenly in their logarithms.
  ///
  /// - Precondition: at least one dimension; with a single one the condition number has no meaning and is not read.
  public static func additiveNoise(
    dimension: Int, conditionNumber: Double, noiseVariance: Double
  ) -> KnownInformation {
    precondition(dimension >= 1, "additiveNoise: \(dimension) dimensions")
    let variances = (0..<dimension).map { index in
      dimension == 1 ? 1 : pow(conditionNumber, -Double(index) / Double(dimension - 1))
    }
    return .additiveNoise(variances: variances, noiseVariance: noiseVariance)
  }

  /// The correlation with which a pair of normal components has that information, in nats.
  public static func correlation(ofInformation information: Double) -> Double {
    (-expm1(-2 * information)).squareRoot()
  }
}

// MARK: - Checks

extension KnownInformation {
  /// Checks the parameters.
  ///
  /// - Throws: `DatasetError.invalidSetting` for correlations not in −1...1 or none of them (exactly 2 for blobs, 4 for
  ///   rectangles), numbers not above 0, no letters, or probabilities that do not add up to 1.
  public func check() throws(DatasetError) {
    switch self {
    case .normal(let c), .uniform(let c), .stretchedNormal(let c), .contractedNormal(let c):
      try Self.check(c, count: nil)
    case .blobs(let side, let c):
      try Self.check(c, count: 2)
      try Self.require(side >= 2, "side", "\(side)", "at least 2")
    case .rectangles(let side, let c):
      try Self.check(c, count: 4)
      try Self.require(side >= 2, "side", "\(side)", "at least 2")
    case .student(let degrees, let c):
      try Self.check(c, count: nil)
      try Self.require(degrees > 0 && degrees.isFinite, "degrees", "\(degrees)", "above 0")
    case .smoothedUniform(let s):
      try Self.require(s > 0 && s.isFinite, "sharpness", "\(s)", "above 0")
    case .smoothedDiscreteUniform(let count, let s):
      try Self.require(count >= 1, "number of levels", "\(count)", "at least 1")
      try Self.require(s > 0 && s.isFinite, "sharpness", "\(s)", "above 0")
    case .logGammaExponential(let c):
      try Self.require(c > 0 && c.isFinite, "c", "\(c)", "above 0")
    case .quantized(let p):
      let isDistribution = p.allSatisfy { $0 >= 0 } && abs(p.reduce(0, +) - 1) < 1e-12
      try Self.require(isDistribution, "probabilities", "\(p)", "numbers from 0 that add up to 1")
    case .noisyChannel(let count, let r):
      try Self.require(count >= 1, "number of letters", "\(count)", "at least 1")
      try Self.require((0...1).contains(r), "probability", "\(r)", "0 to 1")
    case .additiveNoise(let variances, let noise):
      let isRight = !variances.isEmpty && variances.allSatisfy { $0 > 0 && $0.isFinite }
      try Self.require(isRight, "variances", "\(variances)", "numbers above 0")
      try Self.require(noise > 0 && noise.isFinite, "noise variance", "\(noise)", "above 0")
    case .rareEvent(let p, let count):
      try Self.require((0...1).contains(p), "probability", "\(p)", "0 to 1")
      try Self.require(count >= 1, "number of letters", "\(count)", "at least 1")
    }
  }

  private static func check(_ correlations: [Double], count: Int?) throws(DatasetError) {
    let isRight =
      correlations.allSatisfy { abs($0) < 1 }
      && (count.map { correlations.count == $0 } ?? !correlations.isEmpty)
    try require(
      isRight, "correlations", "\(correlations)",
      "\(count.map { "\($0) numbers" } ?? "numbers") between -1 and 1")
  }

  private static func require(
    _ isRight: Bool, _ name: String, _ value: String, _ expected: String
  ) throws(DatasetError) {
    if !isRight { throw .invalidSetting(name: name, value: value, expected: expected) }
  }
}
