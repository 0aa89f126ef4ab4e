import GrokKernels
import Testing

@Suite struct KernelsReductionsTests {
  @Test(arguments: KernelCase.all)
  func sums(of kernels: KernelCase) { sums(kernels.scalar, kernels.table) }

  private func sums<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(12)
    for count in oddSizes + [1000] {
      let x: [T] = random.array(count), y: [T] = random.array(count)
      let (dx, dy) = (x.map { Double($0) }, y.map { Double($0) })
      let memory = TestMemory()
      let (px, py) = (memory.place(x), memory.place(y))
      // The sum of the magnitudes times a few roundings of Double.
      let tolerance = 4e-15 * Double(count)
      #expect(abs(table.sum(px, count) - dx.reduce(0, +)) <= tolerance)
      let products = zip(dx, dy).map { $0 * $1 }
      #expect(abs(table.dot(px, py, count) - products.reduce(0, +)) <= 4 * tolerance)
      let squares = dx.map { $0 * $0 }
      #expect(abs(table.sum_of_squares(px, count) - squares.reduce(0, +)) <= 4 * tolerance)
    }
  }

  @Test(arguments: KernelCase.all)
  func squaredError(of kernels: KernelCase) { squaredError(kernels.scalar, kernels.table) }

  private func squaredError<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(13)
    for count in oddSizes {
      let x: [T] = random.array(count), y: [T] = random.array(count)
      let differences = zip(x, y).map { Double($0 - $1) }
      let exact = differences.reduce(0) { $0 + $1 * $1 }
      let slopes = zip(x, y).map { T(0.3) * ($0 - $1) }
      let gradient: [T] = output(count) {
        let error = table.squared_error($0.place(x), $0.place(y), $1, 0.3, count)
        #expect(abs(error - exact) <= 1e-14 * Double(count) * 64)
        #expect(error == table.squared_error($0.place(x), $0.place(y), nil, 0.3, count))
      }
      #expect(gradient == slopes)
      #expect(changed(x) { _ = table.squared_error($1, $0.place(y), $1, 0.3, count) } == slopes)
    }
  }

  /// The order of a sum depends on the count alone: not on the place in memory, nor on the level.
  @Test(arguments: [GK_FLOAT, GK_DOUBLE])
  func sumsAreReproducible(type: gk_type) {
    type == GK_FLOAT ? sumsAreReproducible(Float.self) : sumsAreReproducible(Double.self)
  }

  private func sumsAreReproducible<T: KernelScalar>(_: T.Type) {
    var random = TestRandom(14)
    for count in oddSizes {
      let x: [T] = random.array(count)
      var sums: Set<Double> = []
      for kernels in KernelCase.all where kernels.scalar == T.self {
        for offset in 0..<5 {
          let memory = TestMemory()
          let place = memory.place([T](repeating: 1, count: offset) + x + [1, 1, 1])
          sums.insert(kernels.table.sum(place + offset, count))
        }
      }
      #expect(sums.count == 1)
    }
  }

  @Test(arguments: KernelCase.all)
  func checks(of kernels: KernelCase) { checks(kernels.scalar, kernels.table) }

  private func checks<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(15)
    for count in oddSizes {
      let x: [T] = random.array(count)
      func run(_ x: [T]) -> (Double, Bool) {
        let memory = TestMemory()
        let place = memory.place(x)
        return (table.maximum_magnitude(place, count), table.all_finite(place, count))
      }
      #expect(run(x) == (Double(x.map { abs($0) }.max() ?? 0), true))
      for i in 0..<count {
        var bad = x
        bad[i] = i % 2 == 0 ? .infinity : -.infinity
        #expect(run(bad) == (.infinity, false))
        bad[i] = .nan
        let (largest, isFinite) = run(bad)
        #expect(largest.isNaN && !isFinite)
        bad[i] = -.greatestFiniteMagnitude
        #expect(run(bad) == (Double(T.greatestFiniteMagnitude), true))
      }
    }
  }
}
