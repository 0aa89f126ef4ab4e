import GrokNumerics

/// How the learning rate changes with the steps: a rise over the first steps, then a course to the end.
public struct LearningRateSchedule: Sendable, Hashable {
  /// What the rate does after the rise, as a factor on the optimizer's rate.
  public enum Course: Sendable, Hashable {
    /// It stays.
    case constant
    /// It falls in half a cosine to `final` of itself at step `steps`, and stays there.
    ///
    /// - Source: Loshchilov & Hutter, arXiv 1608.03983, Eq. 5; `CosineAnnealingLR` of PyTorch.
    case cosine(steps: Int, final: Double = 0)
    /// It falls in a line to `final` of itself at step `steps`, and stays there.
    case linear(steps: Int, final: Double = 0)
    /// It is multiplied by `factor` after every so many steps: `StepLR` of PyTorch.
    case stepwise(every: Int, factor: Double = 0.1)
  }

  /// The rate is multiplied by `min(step / warmUpSteps, 1)`, steps counted from 0: the first step changes nothing.
  public var warmUpSteps: Int
  /// What the rate does after the rise; its own steps count from the end of the rise.
  public var course: Course
  /// The steps at which the course begins anew, rising; before each it ends as it does at its own end.
  public var restarts: [Int] = []

  /// A course after a rise.
  public init(warmUpSteps: Int = 0, _ course: Course = .constant, restarts: [Int] = []) {
    self.warmUpSteps = warmUpSteps
    self.course = course
    self.restarts = restarts
  }

  /// The optimizer's rate at every step.
  public static let constant = LearningRateSchedule()

  /// The rate times `min(step / steps, 1)`, steps counted from 0: the first step changes nothing.
  public static func warmUp(steps: Int) -> LearningRateSchedule {
    LearningRateSchedule(warmUpSteps: steps)
  }

  /// The factor on the optimizer's rate at a step, counted from 0.
  public func factor(atStep step: Int) -> Double {
    if step < warmUpSteps { return Double(step) / Double(warmUpSteps) }
    let start = max(warmUpSteps, restarts.last { $0 <= step } ?? 0, 0)
    let next = restarts.first { $0 > step }
    let step = step - start
    /// How much of the way to the end is done.
    func share(_ steps: Int) -> Double {
      let length = (next ?? steps) - start
      return length <= 0 ? 1 : min(Double(step) / Double(length), 1)
    }
    switch course {
    case .constant: return 1
    case .cosine(let steps, let final):
      return final + (1 - final) * (1 + cosine(.pi * share(steps))) / 2
    case .linear(let steps, let final): return 1 + (final - 1) * share(steps)
    case .stepwise(let every, let factor):
      return every <= 0 ? 1 : power(factor, Double(step / every))
    }
  }
}
