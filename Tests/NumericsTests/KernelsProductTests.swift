import GrokKernels
import Testing

@Suite struct KernelsProductTests {
  /// A product of random sizes, with rows of memory longer than the matrices are wide.
  private struct Sizes {
    let rows, columns, inner: Int
    let transposedA, transposedB: Bool
    let padding: Int

    init(_ random: inout TestRandom) {
      func upTo(_ limit: UInt64) -> Int { Int(random.bits() >> 33 % limit) }
      rows = 1 + upTo(70)
      columns = 1 + upTo(random.bits() % 4 == 0 ? 900 : 130)
      inner = upTo(random.bits() % 2 == 0 ? 40 : 1_001)
      transposedA = upTo(2) == 1
      transposedB = upTo(2) == 1
      padding = upTo(6)
    }

    var strideA: Int { (transposedA ? rows : inner) + padding }
    var strideB: Int { (transposedB ? inner : columns) + padding }
    var strideC: Int { columns + padding }

    func indexA(_ row: Int, _ k: Int) -> Int {
      transposedA ? k * strideA + row : row * strideA + k
    }
    func indexB(_ k: Int, _ column: Int) -> Int {
      transposedB ? column * strideB + k : k * strideB + column
    }
    /// Elements up to the last of the matrix: none of the padding behind it.
    func count(_ rows: Int, _ columns: Int, stride: Int) -> Int {
      rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns
    }
    var countA: Int {
      count(transposedA ? inner : rows, transposedA ? rows : inner, stride: strideA)
    }
    var countB: Int {
      count(transposedB ? columns : inner, transposedB ? inner : columns, stride: strideB)
    }
    var countC: Int { count(rows, columns, stride: strideC) }
  }

  @Test(arguments: KernelCase.all)
  func products(of kernels: KernelCase) { products(kernels.scalar, kernels.table) }

  private func products<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(23)
    for _ in 0..<60 {
      let sizes = Sizes(&random)
      let a: [T] = random.array(sizes.countA)
      let b: [T] = random.array(sizes.countB)
      let whole = product(table, sizes, a, b, rowsAtOnce: sizes.rows)
      let inParts = product(table, sizes, a, b, rowsAtOnce: table.product_tile)
      #expect(whole == inParts, "\(sizes): the cut into rows changes bits")
      let elements = sizes.rows * sizes.columns
      let some = stride(from: 0, to: elements, by: 1 + elements / 200) + [elements - 1]
      let misses = some.filter {
        let (row, column) = ($0 / sizes.columns, $0 % sizes.columns)
        var (exact, magnitude) = (T.Reference(0), T.Reference(0))
        for k in 0..<sizes.inner {
          let term =
            T.Reference(a[sizes.indexA(row, k)]) * T.Reference(b[sizes.indexB(k, column)])
          exact += term
          magnitude += abs(term)
        }
        let bound = T.Reference(T.ulpOfOne) * magnitude * T.Reference(sizes.inner)
        return abs(T.Reference(whole[row * sizes.strideC + column]) - exact) > bound
      }
      #expect(misses.isEmpty, "\(sizes): wrong at \(misses.prefix(3))")
      let gaps = whole.indices.filter { $0 % sizes.strideC >= sizes.columns }
      #expect(gaps.allSatisfy { whole[$0] == 9876 }, "\(sizes): written between rows")
    }
  }

  @Test(.tags(.oracle), arguments: KernelCase.all)
  func addedProductsAboveTheDiagonal(of kernels: KernelCase) {
    addedProducts(kernels.scalar, kernels.table)
  }

  private func addedProducts<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(29)
    for _ in 0..<40 {
      let sizes = Sizes(&random)
      let a: [T] = random.array(sizes.countA)
      let b: [T] = random.array(sizes.countB)
      let before: [T] = random.array(sizes.countC)
      let plain = product(table, sizes, a, b, rowsAtOnce: sizes.rows)
      let added = product(
        table, sizes, a, b, rowsAtOnce: table.product_tile, addingTo: before, isUpper: true)
      // Of sums of products up to 16 in another order.
      let tolerance = T(64 * (sizes.inner + 1)) * T.ulpOfOne
      for row in 0..<sizes.rows {
        for column in 0..<sizes.columns {
          let place = row * sizes.strideC + column
          let isLeftOut = added[place] == before[place]
          let isRight = abs(added[place] - before[place] - plain[place]) <= tolerance
          #expect(
            isRight || column < row && isLeftOut, "\(sizes): wrong at \(row), \(column)")
        }
      }
      // Tiles a whole vector below the diagonal are what the time is saved by.
      if sizes.rows > 40 && sizes.inner > 0 && !sizes.transposedA {
        #expect(added[(sizes.rows - 1) * sizes.strideC] == before[(sizes.rows - 1) * sizes.strideC])
      }
    }
  }

  private func product<T: KernelScalar>(
    _ table: gk_kernels, _ sizes: Sizes, _ a: [T], _ b: [T], rowsAtOnce: Int,
    addingTo before: [T]? = nil, isUpper: Bool = false
  ) -> [T] {
    output(sizes.countC) { memory, c in
      if let before { c.update(from: before, count: before.count) }
      var operands = gk_product(
        rows: sizes.rows, columns: sizes.columns, inner: sizes.inner, a: memory.place(a),
        b: memory.place(b), c: c, stride_a: sizes.strideA, stride_b: sizes.strideB,
        stride_c: sizes.strideC, transposed_a: sizes.transposedA, transposed_b: sizes.transposedB,
        adds: before != nil, upper: isUpper, workspace: nil)
      let workspace: UnsafeMutablePointer<T> = memory.room(table.product_workspace(&operands))
      operands.workspace = UnsafeMutableRawPointer(workspace)
      for panel in (0..<table.product_panels(&operands)).reversed() {
        table.product_pack(&operands, panel, panel + 1)
      }
      for start in stride(from: 0, to: sizes.rows, by: rowsAtOnce).reversed() {
        table.product_rows(&operands, start, min(start + rowsAtOnce, sizes.rows))
      }
    }
  }
}
