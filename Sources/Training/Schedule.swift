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
  ///
  /// - Complexity: does not depend on `last`, but for its number of decades.
  public func count(through last: Int) -> Int {
    guard last >= 0 else { return 0 }
    var intervals: Set<Int> = []
    var others: Set<Int> = []
    for rule in rules {
      switch rule {
      case .every(let count): intervals.insert(count)
      case .at(let steps): others.formUnion(steps.filter { 0 <= $0 && $0 <= last })
      case .logarithmic(let perDecade):
        others.formUnion(Schedule.logarithmicSteps(perDecade, through: last))
      }
    }
    // Multiples of 6 are multiples of 3 already.
    let sparse = intervals.filter { interval in
      !intervals.contains { $0 != interval && interval % $0 == 0 }
    }
    let multiples = Schedule.multipleCount(of: Array(sparse), through: last)
    return multiples + others.count { step in !sparse.contains { step % $0 == 0 } }
  }

  private static func logarithmicSteps(_ perDecade: Int, through last: Int) -> Set<Int> {
    var steps: Set = [0]
    for index in 0... {
      let step = power10(Double(index) / Double(perDecade)).rounded()
      if step > Double(last) { break }
      steps.insert(Int(step))
    }
    return steps
  }

  /// How many of `0 ... last` are multiples of at least one of `intervals`: those of the first, and those of the
  /// others that are not among them.
  private static func multipleCount(of intervals: [Int], through last: Int) -> Int {
    guard let first = intervals.first else { return 0 }
    let rest = Array(intervals.dropFirst())
    let common = rest.compactMap { other -> Int? in
      let (multiple, overflow) = (other / greatestCommonDivisor(first, other))
        .multipliedReportingOverflow(by: first)
      return overflow || multiple > last ? nil : multiple
    }
    // 0 is a multiple of all.
    let shared = common.isEmpty ? (rest.isEmpty ? 0 : 1) : multipleCount(of: common, through: last)
    return last / first + 1 + multipleCount(of: rest, through: last) - shared
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
