/// The steps at which something happens. Asking whether a step is one of them takes constant time,
/// whatever came before.
public struct Schedule: Sendable, Hashable {
  private enum Rule: Sendable, Hashable {
    case every(Int)
    case at(Set<Int>)
    case logarithmic(perDecade: Int)
  }

  private var rules: [Rule]

  /// No step.
  public static let never = Schedule(rules: [])

  /// All multiples of `count`, 0 among them.
  public static func every(_ count: Int) -> Schedule {
    precondition(count >= 1, "Schedule: every \(count) steps; at least 1 is needed")
    return Schedule(rules: [.every(count)])
  }

  /// Just these steps.
  public static func at(_ steps: some Sequence<Int>) -> Schedule {
    Schedule(rules: [.at(Set(steps))])
  }

  /// Step 0 and the whole numbers nearest to 10^(i/perDecade): evenly spaced on a logarithmic axis.
  public static func logarithmic(perDecade: Int) -> Schedule {
    precondition(perDecade >= 1, "Schedule: \(perDecade) steps a decade; at least 1 is needed")
    return Schedule(rules: [.logarithmic(perDecade: perDecade)])
  }

  /// The steps of either.
  public static func | (left: Schedule, right: Schedule) -> Schedule {
    Schedule(rules: left.rules + right.rules)
  }

  /// Whether `step` is one of the steps.
  public func contains(_ step: Int) -> Bool {
    step >= 0
      && rules.contains { rule in
        switch rule {
        case .every(let count): step % count == 0
        case .at(let steps): steps.contains(step)
        case .logarithmic(let perDecade): step == 0 || Schedule.isLogarithmic(step, perDecade)
        }
      }
  }

  private static func isLogarithmic(_ step: Int, _ perDecade: Int) -> Bool {
    let nearest = Int((Double(perDecade) * logarithm10(Double(step))).rounded())
    return (nearest - 1...nearest + 1).contains { index in
      index >= 0 && Int(power10(Double(index) / Double(perDecade)).rounded()) == step
    }
  }

  /// Whether any step in `0 ... last` is on the schedule.
  func hasStep(through last: Int) -> Bool {
    rules.contains { rule in
      switch rule {
      case .every, .logarithmic: last >= 0  // step 0
      case .at(let steps): steps.contains { 0 <= $0 && $0 <= last }
      }
    }
  }

  /// How many steps in `0 ... last` are on the schedule.
  public func count(through last: Int) -> Int {
    last < 0 ? 0 : (0...last).reduce(0) { contains($1) ? $0 + 1 : $0 }
  }
}
