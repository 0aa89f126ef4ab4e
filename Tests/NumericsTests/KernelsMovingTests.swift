import GrokKernels
import Testing

@Suite struct KernelsMovingTests {
  @Test(arguments: KernelCase.all)
  func gatherAndScatter(of kernels: KernelCase) { gatherAndScatter(kernels.scalar, kernels.table) }

  private func gatherAndScatter<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(16)
    for columns in oddSizes {
      let sourceRows = 5
      let index: [Int32] = [4, 0, 0, 3, 4, 4, 1]
      let source: [T] = random.array(sourceRows * columns)
      let picked = index.flatMap { source[(Int($0) * columns)..<((Int($0) + 1) * columns)] }
      let gathered: [T] = output(index.count * columns) {
        table.gather_rows($0.place(source), $0.place(index), $1, index.count, columns)
      }
      #expect(gathered == picked)

      let updates: [T] = random.array(index.count * columns)
      var exact = source
      for (i, row) in index.enumerated() {
        for c in 0..<columns { exact[Int(row) * columns + c] += updates[i * columns + c] }
      }
      let scattered = changed(source) {
        table.scatter_add_rows($0.place(updates), $0.place(index), $1, index.count, columns)
      }
      #expect(scattered == exact)
    }
  }

  @Test(arguments: KernelCase.all)
  func transpose(of kernels: KernelCase) { transpose(kernels.scalar, kernels.table) }

  private func transpose<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let sizes = [0, 1, 3, 8, 9, 16, 31, 64, 70]
    for rows in sizes {
      for columns in sizes {
        let x = (0..<(rows * columns)).map { T($0) }
        let exact = (0..<(rows * columns)).map {
          x[$0 % max(rows, 1) * columns + $0 / max(rows, 1)]
        }
        let found: [T] = output(x.count) {
          table.transpose($0.place(x), columns, $1, rows, rows, columns)
        }
        #expect(found == exact)
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func transposeOfAPart(of kernels: KernelCase) { transposePart(kernels.scalar, kernels.table) }

  /// 70 × 19 elements out of rows of 23, to rows of 75 whose rests stay.
  private func transposePart<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let x = (0..<70 * 23).map { T($0) }
    let before = [T](repeating: -1, count: 19 * 75)
    var exact = before
    for row in 0..<70 {
      for column in 0..<19 { exact[column * 75 + row] = x[row * 23 + column] }
    }
    let found: [T] = output(before.count) {
      $1.update(from: before, count: before.count)
      table.transpose($0.place(x), 23, $1, 75, 70, 19)
    }
    #expect(found == exact)
  }
}
