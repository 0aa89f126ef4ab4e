import GrokKernels
import Testing

@Suite struct KernelsActivationTests {
  private static let all = [
    GK_IDENTITY, GK_RELU, GK_LEAKY_RELU, GK_TANH, GK_SIGMOID, GK_GELU, GK_GELU_TANH,
  ]

  @Test(arguments: KernelCase.all)
  func piecewiseLinear(of kernels: KernelCase) { piecewiseLinear(kernels.scalar, kernels.table) }

  private func piecewiseLinear<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let slope = 0.01
    let x: [T] = [3, -2, 0, -0.0, .nan, .infinity, -.infinity, 1e-30, -1e-30]
    func run(_ f: gk_activation) -> [T] {
      output(x.count) { table.activate(f, slope, $0.place(x), $1, x.count) }
    }
    #expect(isSame(run(GK_IDENTITY), x))
    #expect(isSame(run(GK_RELU), x.map { $0 < 0 ? 0 : $0 }))
    #expect(isSame(run(GK_LEAKY_RELU), x.map { $0 < 0 ? T(slope) * $0 : $0 }))
  }

  /// Gradients from y, with 0 and the slope at 0 itself.
  @Test(arguments: KernelCase.all)
  func gradientsFromTheResult(of kernels: KernelCase) {
    gradientsFromTheResult(kernels.scalar, kernels.table)
  }

  private func gradientsFromTheResult<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let slope = 0.25
    let rules: [(gk_activation, (T, T) -> T)] = [
      (GK_IDENTITY, { _, dy in dy }),
      (GK_RELU, { y, dy in y > 0 ? dy : 0 }),
      (GK_LEAKY_RELU, { y, dy in y > 0 ? dy : T(slope) * dy }),
      (GK_TANH, { y, dy in (1 - y * y) * dy }),
      (GK_SIGMOID, { y, dy in y * (1 - y) * dy }),
    ]
    var random = TestRandom(5)
    for count in oddSizes {
      var y: [T] = random.array(count, from: -1, to: 1)
      if count > 3 { y[3] = 0 }
      let dy: [T] = random.array(count)
      for (f, rule) in rules {
        let exact = zip(y, dy).map(rule)
        let dx: [T] = output(count) {
          table.activation_gradient(f, slope, nil, $0.place(y), $0.place(dy), $1, count)
        }
        for i in 0..<count { #expect(abs(dx[i] - exact[i]) <= 4 * T.ulpOfOne) }
        let inPlace = changed(dy) {
          table.activation_gradient(f, slope, nil, $0.place(y), $1, $1, count)
        }
        #expect(inPlace == dx)
      }
    }
  }

  /// Every gradient is the central difference of its function, in Double.
  @Test(arguments: KernelCase.all.filter { $0.scalar == Double.self })
  func gradientsAreSlopes(of kernels: KernelCase) {
    let table = kernels.table, step = 1e-5, slope = 0.1
    var random = TestRandom(6)
    let x: [Double] = random.array(200, from: -6, to: 6).filter { abs($0) > 2 * step }
    let count = x.count
    for f in Self.all {
      func values(_ shift: Double) -> [Double] {
        output(count) { table.activate(f, slope, $0.place(x.map { $0 + shift }), $1, count) }
      }
      let y = values(0), above = values(step), below = values(-step)
      let dx: [Double] = output(count) {
        let dy = $0.place([Double](repeating: 2, count: count))
        table.activation_gradient(f, slope, $0.place(x), $0.place(y), dy, $1, count)
      }
      for i in 0..<count {
        // Third derivatives below 2, and the rounding of the difference.
        #expect(abs(dx[i] - (above[i] - below[i]) / step) < 1e-9, "\(f) at \(x[i])")
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func biasAndActivation(of kernels: KernelCase) {
    biasAndActivation(kernels.scalar, kernels.table)
  }

  private func biasAndActivation<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(7)
    for (rows, columns) in [(0, 5), (5, 0), (1, 1), (3, 7), (5, 16), (4, 33), (2, 113)] {
      let count = rows * columns
      let x: [T] = random.array(count), bias: [T] = random.array(columns)
      let sum: [T] = (0..<count).map { x[$0] + bias[$0 % columns] }
      for f in Self.all {
        let plain: [T] = output(count) { table.activate(f, 0.2, $0.place(x), $1, count) }
        let shifted: [T] = output(count) { table.activate(f, 0.2, $0.place(sum), $1, count) }
        let before: [T] = output(count) { memory, before in
          let y: [T] = output(count) {
            table.bias_activate(
              f, 0.2, $0.place(x), $0.place(bias), before, $1, rows, columns)
          }
          #expect(isSame(y, shifted))
        }
        #expect(before == sum)
        #expect(
          isSame(
            changed(x) {
              table.bias_activate(f, 0.2, $1, $0.place(bias), nil, $1, rows, columns)
            }, shifted))
        #expect(
          isSame(
            changed(x) {
              table.bias_activate(f, 0.2, $1, nil, nil, $1, rows, columns)
            }, plain))
      }
    }
  }
}
