import GrokKernels
import Testing

@Suite struct KernelsRowsTests {
  private let shapes = [(0, 3), (3, 0), (1, 1), (4, 1), (1, 9), (5, 7), (7, 16), (6, 33), (3, 113)]

  @Test(arguments: KernelCase.all)
  func rowsAndColumnsSpread(of kernels: KernelCase) {
    rowsAndColumnsSpread(kernels.scalar, kernels.table)
  }

  private func rowsAndColumnsSpread<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    typealias Kernel = (UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int) ->
      Void
    let cases: [(Kernel, alongColumns: Bool, (T, T) -> T)] = [
      (table.add_row, true, { $0 + $1 }), (table.multiply_row, true, { $0 * $1 }),
      (table.add_column, false, { $0 + $1 }), (table.multiply_column, false, { $0 * $1 }),
    ]
    var random = TestRandom(8)
    for (rows, columns) in shapes {
      let x: [T] = random.array(rows * columns)
      for (kernel, alongColumns, operation) in cases {
        let v: [T] = random.array(alongColumns ? columns : rows)
        let exact = x.indices.map {
          operation(x[$0], v[alongColumns ? $0 % columns : $0 / columns])
        }
        #expect(output(x.count) { kernel($0.place(x), $0.place(v), $1, rows, columns) } == exact)
        #expect(changed(x) { kernel($1, $0.place(v), $1, rows, columns) } == exact)
      }
    }
  }

  /// Sums against `Double`; nothing between the rows is read.
  @Test(arguments: KernelCase.all)
  func sums(of kernels: KernelCase) { sums(kernels.scalar, kernels.table) }

  private func sums<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(9)
    for (rows, columns) in shapes + [(40, 70), (3, 64), (2, 95)] {
      for gap in [0, 5] {
        let stride = columns + gap
        let x = matrix(rows, columns, stride: stride, &random) as [T]
        let columnSums: [T] = output(columns) {
          table.column_sums($0.place(x), stride, $1, rows, columns)
        }
        for c in 0..<columns {
          let exact = (0..<rows).reduce(0.0) { $0 + Double(x[$1 * stride + c]) }
          #expect(abs(Double(columnSums[c]) - exact) <= 1e-13 + Double(T(exact).ulp))
        }
        let rowSums: [T] = output(rows) { table.row_sums($0.place(x), stride, $1, rows, columns) }
        for r in 0..<rows {
          let exact = (0..<columns).reduce(0.0) { $0 + Double(x[r * stride + $1]) }
          #expect(abs(Double(rowSums[r]) - exact) <= 1e-13 + Double(T(exact).ulp))
        }
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func maxima(of kernels: KernelCase) { maxima(kernels.scalar, kernels.table) }

  private func maxima<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    func run(_ x: [T], _ rows: Int, _ columns: Int, stride: Int) -> ([T], [Int32]) {
      (
        output(rows) { table.row_maxima($0.place(x), stride, $1, rows, columns) },
        output(rows) { table.row_argmax($0.place(x), stride, $1, rows, columns) }
      )
    }
    var random = TestRandom(10)
    for (rows, columns) in shapes where columns > 0 {
      for gap in [0, 3] {
        let stride = columns + gap
        // Few different values, so that the largest one often stands in several places.
        let x: [T] = matrix(rows, columns, stride: stride, &random).map {
          ($0 as T).rounded(.down) - 10
        }
        let (largest, places) = run(x, rows, columns, stride: stride)
        for r in 0..<rows {
          let row = Array(x[(r * stride)..<(r * stride + columns)])
          #expect(largest[r] == row.max()!)
          #expect(Int(places[r]) == row.firstIndex(of: row.max()!)!)
        }
      }
    }
    // Not-a-number wins wherever it stands, and the first one is found.
    for place in [0, 5, 15, 16, 39] {
      var x: [T] = random.array(40)
      x[place] = .nan
      x[39] = .nan
      let (largest, places) = run(x, 1, 40, stride: 40)
      #expect(largest[0].isNaN && places[0] == place)
    }
    let (largest, places) = run([-.infinity, -.infinity], 1, 2, stride: 2)
    #expect(largest == [-.infinity] && places == [0])
    let empty = run([], 2, 0, stride: 0)
    #expect(empty.0 == [-.infinity, -.infinity] && empty.1 == [-1, -1])
  }

  /// Rows of random numbers, with a number that would spoil any result between them.
  private func matrix<T: KernelScalar>(
    _ rows: Int, _ columns: Int, stride: Int, _ random: inout TestRandom
  ) -> [T] {
    (0..<(rows * stride)).map { $0 % stride < columns ? random.uniform(-4, 4) : 1e30 }
      .dropLast(rows > 0 ? stride - columns : 0)
  }
}
