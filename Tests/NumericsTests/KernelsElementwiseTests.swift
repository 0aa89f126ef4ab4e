import GrokKernels
import Testing

/// Kernels whose results follow from one rounding per operation.
@Suite struct KernelsElementwiseTests {
  @Test(arguments: KernelCase.all)
  func twoArrays(of kernels: KernelCase) { twoArrays(kernels.scalar, kernels.table) }

  private func twoArrays<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    typealias Kernel = (UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
    let cases: [(Kernel, (T, T) -> T)] = [
      (table.add, { $0 + $1 }), (table.subtract, { $0 - $1 }),
      (table.multiply, { $0 * $1 }), (table.divide, { $0 / $1 }),
    ]
    var random = TestRandom(1)
    for count in oddSizes {
      let x: [T] = random.array(count), y: [T] = random.array(count)
      for (kernel, operation) in cases {
        let exact = zip(x, y).map(operation)
        #expect(output(count) { kernel($0.place(x), $0.place(y), $1, count) } == exact)
        #expect(changed(x) { kernel($1, $0.place(y), $1, count) } == exact)
        #expect(changed(y) { kernel($0.place(x), $1, $1, count) } == exact)
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func oneArray(of kernels: KernelCase) { oneArray(kernels.scalar, kernels.table) }

  private func oneArray<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    typealias Kernel = (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
    let cases: [(Kernel, (T) -> T)] = [
      (table.square_root, { $0.squareRoot() }), (table.reciprocal, { 1 / $0 }),
      (table.absolute, { abs($0) }), (table.sign, { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }),
      (table.step, { $0 > 0 ? 1 : 0 }),
    ]
    let special: [T] = [
      0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
    ]
    var random = TestRandom(2)
    for count in oddSizes {
      let x: [T] = special.prefix(count) + random.array(max(0, count - special.count))
      for (kernel, operation) in cases {
        let exact = x.map(operation)
        #expect(isSame(output(count) { kernel($0.place(x), $1, count) }, exact))
        #expect(isSame(changed(x) { kernel($1, $1, count) }, exact))
      }
    }
  }

  /// Multiplication and addition may be fused, so that the result is either of two.
  @Test(arguments: KernelCase.all)
  func scaledSums(of kernels: KernelCase) { scaledSums(kernels.scalar, kernels.table) }

  private func scaledSums<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(3)
    let a = 0.3, b = -1.7
    let ta = T(a), tb = T(b)
    for count in oddSizes {
      let x: [T] = random.array(count), y: [T] = random.array(count)
      let affine: [T] = output(count) { table.affine(a, $0.place(x), b, $1, count) }
      let combined: [T] = output(count) {
        table.combine(a, $0.place(x), b, $0.place(y), $1, count)
      }
      let accumulated = changed(y) { table.accumulate(a, $0.place(x), $1, count) }
      for i in 0..<count {
        #expect([ta * x[i] + tb, tb.addingProduct(ta, x[i])].contains(affine[i]))
        let by = tb * y[i], ax = ta * x[i]
        #expect(
          [ax + by, by.addingProduct(ta, x[i]), ax.addingProduct(tb, y[i])].contains(combined[i]))
        #expect([y[i] + ta * x[i], y[i].addingProduct(ta, x[i])].contains(accumulated[i]))
      }
      #expect(changed(x) { table.affine(a, $1, b, $1, count) } == affine)
      #expect(changed(y) { table.combine(a, $0.place(x), b, $1, $1, count) } == combined)
    }
  }

  @Test(arguments: KernelCase.all)
  func fill(of kernels: KernelCase) { fill(kernels.scalar, kernels.table) }

  private func fill<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    for count in oddSizes {
      let filled: [T] = output(count) { table.fill($1, 0.1, count) }
      #expect(filled == [T](repeating: 0.1, count: count))
    }
  }

  /// The transcendental kernels give each element the same result wherever it stands.
  @Test(arguments: KernelCase.all)
  func resultsDoNotDependOnThePlace(of kernels: KernelCase) {
    resultsDoNotDependOnThePlace(kernels.scalar, kernels.table)
  }

  private func resultsDoNotDependOnThePlace<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    typealias Kernel = (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void
    let cases: [Kernel] = [table.exponential, table.logarithm, table.error_function]
    var random = TestRandom(4)
    let x: [T] = random.array(113, from: 0, to: 3)
    for kernel in cases {
      let all: [T] = output(113) { kernel($0.place(x), $1, 113) }
      for count in oddSizes {
        let some = Array(x.suffix(count))
        #expect(output(count) { kernel($0.place(some), $1, count) } == Array(all.suffix(count)))
        #expect(changed(some) { kernel($1, $1, count) } == Array(all.suffix(count)))
      }
    }
  }
}

/// Equality that counts not-a-number as equal to itself and tells the signs of zero apart.
func isSame<T: BinaryFloatingPoint>(_ a: [T], _ b: [T]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { ($0.isNaN && $1.isNaN) || ($0 == $1 && $0.sign == $1.sign) }
}
