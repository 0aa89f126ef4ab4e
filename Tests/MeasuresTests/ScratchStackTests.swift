import Testing

@testable import GrokMeasures

@Suite struct ScratchStackTests {
  @Test func givesBackWhatWasGivenAndNeverOnePieceTwice() {
    let stack = ScratchStack<Double>(count: 5)
    let (first, second) = (stack.take(), stack.take())
    #expect(first != second)
    first[4] = 3
    second[4] = 4
    #expect(first[4] == 3)
    stack.give(first)
    #expect(stack.take() == first)
    stack.give(first)
    stack.give(second)
  }
}
