import TestSupport
import Testing

@testable import GrokTraining

@Suite struct ScheduleTests {
  private let last = 12_000

  private func steps(of schedule: Schedule) -> [Int] { (0...last).filter(schedule.contains) }

  @Test(.tags(.law), arguments: [1, 2, 7, 100, 12_000, 12_001])
  func everyHasTheMultiples(count: Int) {
    #expect(steps(of: .every(count)) == Array(stride(from: 0, through: last, by: count)))
  }

  @Test(.tags(.law)) func atHasTheGivenSteps() {
    #expect(steps(of: .at([9, 3, 3, 0, 20_000])) == [0, 3, 9])
    #expect(steps(of: .never).isEmpty)
  }

  @Test(.tags(.law), arguments: [1, 2, 3, 10, 20, 50, 999])
  func logarithmicHasTheNearestWholeNumbers(perDecade: Int) {
    var expected: Set = [0]
    for index in 0...5 * perDecade {
      let step = Int(power10(Double(index) / Double(perDecade)).rounded())
      if step <= last { expected.insert(step) }
    }
    #expect(steps(of: .logarithmic(perDecade: perDecade)) == expected.sorted())
  }

  @Test(.tags(.law)) func logarithmicRepeatsInEveryDecade() {
    #expect(
      (0...9).allSatisfy { Schedule.logarithmic(perDecade: 1).contains(Int(power10(Double($0)))) })
    let three = Schedule.logarithmic(perDecade: 3)
    #expect([1, 2, 5, 10, 22, 46, 100, 215, 464, 1_000_000].allSatisfy(three.contains))
    #expect([3, 4, 21, 23, 214, 216, 1_000_001].allSatisfy { !three.contains($0) })
  }

  private static let parts: [Schedule] = [
    .never, .every(7), .at([1, 5, 7]), .logarithmic(perDecade: 4), .at([-3, 90_000]),
  ]

  @Test(.tags(.law), arguments: 0..<5, 0..<5) func unionHasTheStepsOfEither(first: Int, second: Int)
  {
    let (a, b) = (Self.parts[first], Self.parts[second])
    #expect(Set(steps(of: a | b)) == Set(steps(of: a)).union(steps(of: b)))
  }

  @Test(.tags(.law), arguments: 0..<5, [-1, 0, 1, 6, 100, 12_000])
  func countAndExistenceAreThoseOfTheSteps(index: Int, last: Int) {
    let schedule = Self.parts[index]
    let expected = steps(of: schedule).filter { $0 <= last }.count
    #expect(schedule.count(through: last) == expected)
    #expect(schedule.hasStep(through: last) == (expected > 0))
  }

  @Test(.tags(.law), arguments: 0..<40) func countsOfUnionsAreThoseOfTheSteps(seed: Int) {
    let key = RandomKey(seed: UInt64(seed))
    var union = Schedule.never
    for index in 0..<key.integer(at: 0, in: 1..<6) {
      let number = key.integer(at: 10 + index, in: 1..<40)
      switch key.integer(at: 20 + index, in: 0..<3) {
      case 0: union = union | .every(number)
      case 1: union = union | .at([number, 7 * number, 12_345])
      default: union = union | .logarithmic(perDecade: number)
      }
    }
    for last in [0, 1, 59, 720, 12_000] {
      #expect(union.count(through: last) == (0...last).count { union.contains($0) })
    }
  }

  /// Counting took a time in proportion to the number of steps.
  @Test func countingTakesNoTime() {
    let last = 1_000_000_000
    let start = monotonicSeconds()
    #expect(Schedule.every(1).count(through: last) == last + 1)
    let union = Schedule.every(6) | .every(10) | .every(3) | .at([1, 6, last + 1]) | .every(last)
    // Multiples of 3, and those of 10 that are none of 30; then step 1, and the last.
    #expect(union.count(through: last) == last / 3 + 1 + last / 10 - last / 30 + 1)
    #expect(Schedule.logarithmic(perDecade: 1).count(through: last) == 11)
    #expect(monotonicSeconds() - start < 0.5)
  }

  /// `.logarithmic` stopped the program at a negative step, and `.every` had negative steps.
  @Test(arguments: 0..<5) func negativeStepsAreOnNoSchedule(index: Int) {
    #expect([-1, -3, -7, Int.min].allSatisfy { !Self.parts[index].contains($0) })
  }
}
