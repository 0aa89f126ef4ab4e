import GrokKernels
import TestSupport
import Testing

/// Products of slabs, channels and largest elements: every level against plain loops, at the edges of memory.
@Suite struct KernelsSlabsTests {
  @Test(.tags(.oracle), arguments: KernelCase.all)
  func products(of kernels: KernelCase) { products(kernels.scalar, kernels.table) }

  private func products<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(31)
    // Examples that leave a tile in part, more inner channels than a chunk, columns of every kind of panel.
    for (examples, inner, columns) in [(1, 3, 5), (11, 20, 64), (8, 700, 33), (3, 5, 130)] {
      let (pixels, taps, sourceCount) = (4, 4, 2)
      // No pixel has the second tap, whose weights are not to be read.
      let sources: [Int32] = [0, -1, -1, 1, -1, -1, -1, -1, 1, -1, 1, 0, -1, -1, -1, 0]
      let a: [T] = random.array(sourceCount * examples * inner, from: -1, to: 1)
      var weights: [T] = random.array(taps * inner * columns, from: -1, to: 1)
      for place in stride(from: 1, to: weights.count, by: taps) { weights[place] = .nan }
      // Element (tap, k, column) at tap + k · stride of k + column · stride of column.
      for (strideInner, strideColumn) in [(taps, inner * taps), (columns * taps, taps)] {
        let c: [T] = output(pixels * examples * columns) { memory, c in
          var product = gk_slab_product(
            examples: examples, inner: inner, columns: columns, taps: taps, a: memory.place(a),
            weights: memory.place(weights), c: c, stride_a: inner, stride_c: columns,
            stride_tap: 1, stride_inner: strideInner, stride_column: strideColumn,
            sources: memory.place(sources), reads: memory.place([true, false, true, true]),
            workspace: nil)
          let workspace: UnsafeMutablePointer<T> = memory.room(table.slab_workspace(&product))
          product.workspace = UnsafeMutableRawPointer(workspace)
          for panel in (0..<table.slab_panels(&product)).reversed() {
            table.slab_pack(&product, panel, panel + 1)
          }
          for pixel in (0..<pixels).reversed() {
            for first in stride(from: 0, to: examples, by: table.product_tile) {
              table.slab_pixels(
                &product, pixel, pixel + 1, first, min(first + table.product_tile, examples))
            }
          }
        }
        var largest = 0.0
        for pixel in 0..<pixels {
          for example in 0..<examples {
            for column in 0..<columns {
              var exact = 0.0
              for tap in 0..<taps {
                let source = Int(sources[pixel * taps + tap])
                guard source >= 0 else { continue }
                for k in 0..<inner {
                  exact +=
                    Double(a[(source * examples + example) * inner + k])
                    * Double(weights[tap + k * strideInner + column * strideColumn])
                }
              }
              let found = Double(c[(pixel * examples + example) * columns + column])
              largest = max(largest, abs(found - exact))
            }
          }
        }
        #expect(c.allSatisfy { $0.isFinite })
        #expect(largest < 60 * Double(T.ulpOfOne) * Double(taps * inner).squareRoot())
      }
    }
  }

  @Test(.tags(.oracle), arguments: KernelCase.all)
  func channels(of kernels: KernelCase) { channels(kernels.scalar, kernels.table) }

  private func channels<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(32)
    for (rows, columns) in [(1, 1), (70, 5), (40, 16), (33, 67)] {
      let count = rows * columns
      let (x, y, dy): ([T], [T], [T]) = (
        random.array(count), random.array(count), random.array(count)
      )
      let (a, b, d): ([T], [T], [T]) = (
        random.array(columns), random.array(columns), random.array(columns)
      )
      let tolerance = 64 * Double(T.ulpOfOne) * 200
      func close(_ found: some Sequence<Double>, _ exact: [Double], _ name: String) {
        let worst = zip(found, exact).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < tolerance * Double(rows), "\(name), \(rows) × \(columns)")
      }
      func sums(_ first: (Int) -> Double, _ second: (Int) -> Double) -> [Double] {
        var result = Array(repeating: 0.0, count: 2 * columns)
        for i in 0..<count {
          result[i % columns] += first(i)
          result[columns + i % columns] += second(i)
        }
        return result
      }
      let moments: [Double] = output(2 * columns) {
        table.channel_moments($0.place(x), $0.place(a), $1, rows, columns)
      }
      func shifted(_ i: Int) -> Double { Double(x[i]) - Double(a[i % columns]) }
      close(moments, sums(shifted) { shifted($0) * shifted($0) }, "moments")
      let gradientSums: [Double] = output(2 * columns) {
        table.channel_gradient_sums(
          $0.place(dy), $0.place(y), $0.place(x), $0.place(a), $1, rows, columns)
      }
      func g(_ i: Int) -> Double { y[i] > 0 ? Double(dy[i]) : 0 }
      close(gradientSums, sums(g) { g($0) * shifted($0) }, "gradient sums")
      let affine: [T] = output(count) {
        table.channel_affine(
          true, $0.place(x), $0.place(a), $0.place(b), $0.place(y), $1, rows, columns)
      }
      let exact = (0..<count).map { i in
        max(0, Double(a[i % columns]) * Double(x[i]) + Double(b[i % columns]) + Double(y[i]))
      }
      close(affine.map(Double.init), exact, "affine")
      let dx: [T] = output(count) { memory, dx in
        let dz: UnsafeMutablePointer<T> = memory.room(count)
        table.channel_gradient(
          memory.place(dy), memory.place(y), memory.place(x), memory.place(a), memory.place(b),
          memory.place(d), dx, dz, rows, columns)
        close((0..<count).map { Double(dz[$0]) }, (0..<count).map(g), "residual")
      }
      close(
        dx.map(Double.init),
        (0..<count).map { i in
          let c = i % columns
          return Double(a[c]) * g(i) + Double(b[c]) * Double(x[i]) + Double(d[c])
        }, "gradient")
    }
  }

  @Test(.tags(.oracle), arguments: KernelCase.all)
  func largest(of kernels: KernelCase) { largest(kernels.scalar, kernels.table) }

  private func largest<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(33)
    for count in [1, 15, 40] {
      let x: [T] = random.array(count)
      var y: [T] = random.array(count)
      y[0] = x[0]  // the one that is there stays
      var winners: [T] = output(count) { memory, winner in
        table.fill(winner, 1, count)
        table.take_larger(memory.place(x), 2, memory.place(y), winner, count)
      }
      #expect(winners == zip(x, y).map { $0 > $1 ? 2 : 1 })
      let sums = changed(y) { memory, y in
        table.accumulate_where(memory.place(winners), 2, memory.place(x), y, count)
      }
      #expect(sums == zip(zip(x, y), winners).map { $1 == 2 ? $0.1 + $0.0 : $0.1 })
      let nan: [T] = [.nan]
      winners = output(1) { memory, winner in
        table.take_larger(memory.place(nan), 7, memory.place([T(5)]), winner, 1)
      }
      #expect(winners == [7])
    }
  }

  @Test(.tags(.oracle), arguments: KernelCase.all)
  func tapsOfAllBands(of kernels: KernelCase) { taps(kernels.scalar, kernels.table) }

  private func taps<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    for (bands, taps, inner, columns) in [(2, 3, 4, 5), (1, 9, 20, 70), (3, 2, 33, 16)] {
      let size = taps * inner * columns
      var x = (0..<bands * size).map { T($0) }
      var reads = [Bool](repeating: true, count: taps)
      reads[1] = false
      for place in x.indices where place % size / (inner * columns) == 1 { x[place] = .nan }
      let found: [T] = output(size) {
        table.gather_taps(
          $0.place(x), $0.place(reads), $1, bands, taps, inner, columns, 0, 1)
        table.gather_taps(
          $0.place(x), $0.place(reads), $1, bands, taps, inner, columns, 1, inner)
      }
      for j in 0..<columns {
        for k in 0..<inner {
          for t in 0..<taps {
            let from = (t * inner + k) * columns + j
            let sum = (0..<bands).reduce(T(0)) { $0 + x[$1 * size + from] }
            #expect(found[(j * inner + k) * taps + t] == (reads[t] ? sum : 0))
          }
        }
      }
    }
  }
}
