import GrokKernels
import Testing

@Suite struct KernelsFoldingTests {
  @Test(arguments: KernelCase.all)
  func foldBlocks(of kernels: KernelCase) { foldBlocks(kernels.scalar, kernels.table) }

  /// Every turn of a block occurs, those of less than a vector and of none among them.
  private func foldBlocks<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(90)
    for width in [64, 192] {
      let (blocks, count) = (width, width / 64 + 1)
      let x: [T] = random.array(blocks * width)
      var words = (0..<blocks * count).map { _ in random.bits() }
      for block in 0..<blocks {
        // The least upper half that times the width over 2³² is `block`.
        let half = ((block << 32) + width - 1) / width
        words[block * count + count - 1] = UInt64(half) << 32
      }
      let before: [Double] = random.array(width)
      var exact = before
      for block in 0..<blocks {
        for p in 0..<width {
          let value = Double(x[block * width + (p + block) % width])
          let isNegative = words[block * count + p / 64] >> UInt64(p % 64) & 1 == 1
          exact[p] += isNegative ? -value : value
        }
      }
      let found = changed(before) {
        table.fold_blocks($0.place(x), $0.place(words), $1, blocks, width)
      }
      #expect(found == exact)
    }
  }
}
