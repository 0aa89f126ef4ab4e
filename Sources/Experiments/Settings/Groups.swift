import GrokTraining

/// Groups of parameters with rates and decays of their own, written `*.bias:1:0+head.*:10:1`; empty for none.
public struct Groups: Sendable, Equatable, LosslessStringConvertible {
  /// The groups, as given.
  public let groups: [ParameterGroup]

  /// The given groups.
  public init(_ groups: [ParameterGroup] = []) { self.groups = groups }

  /// Groups from their text, `nil` where it is none.
  public init?(_ description: String) {
    if description.isEmpty || description == "none" {
      self.init()
      return
    }
    var groups: [ParameterGroup] = []
    for part in description.split(
      omittingEmptySubsequences: false, whereSeparator: { "+,".contains($0) })
    {
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 3, !words[0].isEmpty, let rate = Double(words[1]),
        let decay = Double(words[2]), (0...1e6).contains(rate), (0...1e6).contains(decay)
      else { return nil }
      groups.append(
        ParameterGroup(
          String(words[0]), learningRateFactor: rate, weightDecayFactor: decay))
    }
    self.init(groups)
  }

  /// The text: `*.bias:1.0:0.0`.
  public var description: String {
    groups.isEmpty
      ? "none"
      : groups.map { "\($0.pattern):\($0.learningRateFactor):\($0.weightDecayFactor)" }
        .joined(separator: "+")
  }
}

extension Settings.Train {
  /// How the learning rate changes.
  var learningRateSchedule: LearningRateSchedule {
    let end = rateSteps == 0 ? steps : rateSteps
    let course: LearningRateSchedule.Course =
      switch rateCourse {
      case .constant: .constant
      case .cosine: .cosine(steps: end, final: finalRate)
      case .linear: .linear(steps: end, final: finalRate)
      case .stepwise: .stepwise(every: rateFallSteps, factor: rateFall)
      }
    return LearningRateSchedule(
      warmUpSteps: warmUpSteps, course, restarts: rateRestarts.steps)
  }

  /// Whether a training of more steps would have had other rates from the start.
  var ratesDependOnEnd: Bool {
    rateSteps == 0 && (rateCourse == .cosine || rateCourse == .linear)
  }

  /// What happens to gradients before the optimizer, and to θ behind it.
  var updateOptions: UpdateOptions {
    var options = UpdateOptions()
    if gradientFilter == .exponentialAverage {
      options.gradientFilter = .exponentialAverage(
        decay: filterDecay, amplification: filterAmplification)
    }
    options.isOrthogonal = orthogonalGradient
    options.maximumGradientNorm = maximumGradientNorm == 0 ? nil : maximumGradientNorm
    options.keepsNorm = keepNorm
    options.groups = groups.groups
    return options
  }
}
