import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct PhiloxTests {
  private static let answers: [(counter: Philox, key: UInt64, block: Philox)] = [
    (Philox(0, 0, 0, 0), 0, Philox(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
    (
      Philox(.max, .max, .max, .max), .max,
      Philox(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      Philox(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), 0x299f_31d0_a409_3822,
      Philox(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ]

  /// The lines `philox4x32 10` of `kat_vectors` in the Random123 library.
  @Test(.tags(.golden), arguments: answers.indices) func knownAnswers(index: Int) {
    let answer = Self.answers[index]
    #expect(Philox.block(counter: answer.counter, key: answer.key) == answer.block)
  }

  @Test func halvesAreTheCounterLeastSignificantWordFirst() {
    let block = Philox.block(
      low: 0x85a3_08d3_243f_6a88, high: 0x0370_7344_1319_8a2e, key: 0x299f_31d0_a409_3822)
    #expect(block.first == 0xd16c_fe09_94fd_cceb)
    #expect(block.second == 0x5001_e420_2412_6ea1)
  }
}
