import GrokKernels
import Testing

/// Optimizer steps against the formulas of the header, written for one number.
@Suite struct KernelsOptimizersTests {
  @Test(arguments: KernelCase.all)
  func adam(of kernels: KernelCase) { adam(kernels.scalar, kernels.table) }

  private func adam<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let (rate, beta1, beta2, epsilon) = (1e-2, 0.9, 0.98, 1e-8)
    var random = TestRandom(17)
    for (decay, decoupled) in [(0, true), (0, false), (0.5, true), (0.5, false)] {
      for count in oddSizes {
        var theta: [T] = random.array(count)
        var (m, v) = ([T](repeating: 0, count: count), [T](repeating: 0, count: count))
        let memory = TestMemory()
        let (pt, pm, pv) = (memory.place(theta), memory.place(m), memory.place(v))
        for step in 1...5 {
          let gradient: [T] = random.array(count)
          let c1 = 1 - power(beta1, step), c2 = 1 - power(beta2, step)
          table.adam(
            pt, memory.place(gradient), pm, pv, count, rate, beta1, beta2, epsilon, decay,
            decoupled, c1, c2)
          for i in 0..<count {
            var g = gradient[i]
            if decoupled { theta[i] *= T(1 - rate * decay) } else { g += T(decay) * theta[i] }
            m[i] += T(1 - beta1) * (g - m[i])
            v[i] = v[i] * T(beta2) + T(1 - beta2) * g * g
            let denominator = v[i].squareRoot() / T(c2.squareRoot()) + T(epsilon)
            theta[i] -= T(rate / c1) * m[i] / denominator
          }
        }
        memory.check()
        for i in 0..<count {
          #expect(isClose(pt[i], theta[i]) && isClose(pm[i], m[i]) && isClose(pv[i], v[i]))
        }
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func stochasticGradientDescent(of kernels: KernelCase) { sgd(kernels.scalar, kernels.table) }

  private func sgd<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let rate = 0.05
    var random = TestRandom(18)
    for (momentum, dampening, decay, nesterov) in [
      (0.0, 0.0, 0.0, false), (0, 0, 0.1, false), (0.9, 0, 0, false), (0.9, 0.3, 0.1, false),
      (0.9, 0, 0.1, true),
    ] {
      for count in oddSizes {
        var theta: [T] = random.array(count)
        var buffer = [T](repeating: 0, count: count)
        let memory = TestMemory()
        let pt = memory.place(theta)
        let pb: UnsafeMutablePointer<T>? = momentum == 0 ? nil : memory.room(count)
        for step in 1...4 {
          let gradient: [T] = random.array(count)
          table.sgd(
            pt, memory.place(gradient), pb, count, rate, momentum, dampening, decay, nesterov,
            step == 1)
          for i in 0..<count {
            var g = gradient[i] + T(decay) * theta[i]
            if momentum != 0 {
              buffer[i] = step == 1 ? g : T(momentum) * buffer[i] + T(1 - dampening) * g
              g = nesterov ? g + T(momentum) * buffer[i] : buffer[i]
            }
            theta[i] -= T(rate) * g
          }
        }
        memory.check()
        for i in 0..<count {
          #expect(isClose(pt[i], theta[i]))
          if let pb { #expect(isClose(pb[i], buffer[i])) }
        }
      }
    }
  }

  /// Equal up to the roundings that fused operations spare, over a few steps.
  private func isClose<T: KernelScalar>(_ a: T, _ b: T) -> Bool {
    abs(a - b) <= 32 * T.ulpOfOne * max(1, abs(b))
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { value, _ in value * base }
  }
}
