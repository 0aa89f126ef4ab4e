/// Which second moment of gradients an information criterion takes.
public enum GradientSecondMoment: String, Sendable, Codable, CaseIterable {
  /// mean ‖g_i‖², as Cockpit does: noise and signal together. The two differ by ‖ḡ‖².
  case uncentered
  /// The covariance, ÷B: Σ‖g_i − ḡ‖²/B.
  case centered
}

extension GradientMoments {
  /// tr C/(tr H + ε), Takeuchi's criterion by traces: the noise of gradients over curvature, without a unit
  /// beyond the loss's.
  ///
  /// - Units: those of the loss.
  /// - Parameter hessianTrace: tr H, for example ``trace(of:productCount:method:workers:key:)``.
  /// - Parameter damping: ε, 10⁻⁷ as in Cockpit.
  /// - Throws: `MeasureError.undefined` where tr H + ε is 0, `.outOfRange`.
  /// - Source: Thomas et al., AISTATS 2020 (arXiv 1906.07774); uncentred as in Cockpit's `TICTrace`.
  public func takeuchiCriterion(
    hessianTrace: Double, moment: GradientSecondMoment = .uncentered, damping: Double = 1e-7
  ) throws(MeasureError) -> Double {
    let measure = "takeuchiCriterion"
    guard hessianTrace.isFinite else {
      throw .outOfRange(
        measure: measure, what: "tr H", value: hessianTrace, expected: "a finite number")
    }
    guard hessianTrace + damping != 0 else {
      throw .undefined(measure: measure, reason: "the curvature is 0")
    }
    let b = Double(exampleCount)
    let second = squaredNormSum / b - (moment == .centered ? squaredMeanNorm : 0)
    return max(0, second) / (hessianTrace + damping)
  }

  /// Σ_i C_ii/(H_ii + ε), the criterion by diagonals. nil without sums for each weight.
  ///
  /// One curvature near −ε makes it meaningless: diagonals of Gauss–Newton matrices are not negative.
  ///
  /// - Units: those of the loss.
  /// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.undefined` where an H_ii + ε is 0.
  /// - Source: as `takeuchiCriterion(hessianTrace:)`; uncentred as in Cockpit's `TICDiag`.
  public func takeuchiCriterion(
    hessianDiagonal: [Double], moment: GradientSecondMoment = .uncentered, damping: Double = 1e-7
  ) throws(MeasureError) -> Double? {
    let measure = "takeuchiCriterion"
    guard hessianDiagonal.count == weightCount else {
      throw .rowCountMismatch(
        measure: measure, first: hessianDiagonal.count, second: weightCount)
    }
    try requireOrdered(hessianDiagonal, "the diagonal", measure: measure)
    if let index = hessianDiagonal.firstIndex(where: { $0 + damping == 0 }) {
      throw .undefined(measure: measure, reason: "the curvature of weight \(index) is 0")
    }
    return perWeight.map { sums in
      let b = Double(exampleCount)
      return hessianDiagonal.indices.reduce(0) { total, index in
        let mean = moment == .centered ? sums.mean[index] : 0
        let second = max(0, sums.squareSum[index] / b - mean * mean)
        return total + second / (hessianDiagonal[index] + damping)
      }
    }
  }
}
