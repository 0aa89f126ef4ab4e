import Foundation
import GrokKernels
import Testing

@Suite struct KernelsSoftmaxTests {
  private let shapes = [(0, 3), (1, 1), (3, 2), (9, 7), (2, 16), (8, 33), (17, 113)]

  /// The precisions of the work: in Double, or (for Float) in Float, where the rounding of
  /// x − maximum alone changes the exponential by that many units.
  private func tolerance<T: KernelScalar>(_: T.Type, inDouble: Bool, depth: Double) -> Double {
    (4 + (inDouble && T.self == Float.self ? 0 : depth)) * Double(T.ulpOfOne)
  }

  @Test(arguments: KernelCase.all)
  func softmax(of kernels: KernelCase) { softmax(kernels.scalar, kernels.table) }

  private func softmax<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(20)
    for (rows, columns) in shapes + [(2, 0)] {
      let x: [T] = random.array(rows * columns, from: -30, to: 30)
      for inDouble in [false, true] {
        let y: [T] = output(x.count) {
          table.softmax_rows($0.place(x), $1, rows, columns, inDouble)
        }
        let z: [T] = output(x.count) {
          table.log_softmax_rows($0.place(x), $1, rows, columns, inDouble)
        }
        #expect(changed(x) { table.softmax_rows($1, $1, rows, columns, inDouble) } == y)
        #expect(changed(x) { table.log_softmax_rows($1, $1, rows, columns, inDouble) } == z)
        for r in 0..<rows {
          let row = Exact(x[(r * columns)..<((r + 1) * columns)])
          for c in 0..<columns {
            let share = row.share(c), i = r * columns + c
            let limit = tolerance(T.self, inDouble: inDouble, depth: 60)
            #expect(abs(Double(y[i]) - share) <= limit * share + Double(T.leastNormalMagnitude))
            #expect(abs(Double(z[i]) - row.logarithm(c)) <= limit * abs(row.logarithm(c)) + limit)
          }
        }
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func crossEntropy(of kernels: KernelCase) { crossEntropy(kernels.scalar, kernels.table) }

  private func crossEntropy<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(21)
    let scale = 0.37
    for (rows, columns) in shapes {
      for (gap, inDouble) in [(0, false), (0, true), (5, false), (5, true)] {
        let stride = columns + gap
        let x: [T] = (0..<(rows * stride)).map {
          $0 % stride < columns ? random.uniform(-8, 8) : 1e30
        }
        let labels = (0..<rows).map { _ in Int32(random.bits() % UInt64(columns)) }
        let limit = tolerance(T.self, inDouble: inDouble, depth: 16)
        var losses: [Double] = []
        let gradient: [T] = output(x.count) { memory, gradient in
          losses = output(rows) {
            table.cross_entropy_rows(
              memory.place(x), memory.place(labels), $1, gradient, scale, rows, columns, stride,
              inDouble)
          }
        }
        for r in 0..<rows {
          let row = Exact(x[(r * stride)..<(r * stride + columns)])
          let loss = -row.logarithm(Int(labels[r]))
          let lossLimit = inDouble ? 1e-14 : 4 * limit
          #expect(abs(losses[r] - loss) <= lossLimit * loss + Double.leastNormalMagnitude)
          for c in 0..<stride {
            let value = Double(gradient[r * stride + c])
            guard c < columns else {
              #expect(value == 0)
              continue
            }
            let exact = scale * (c == Int(labels[r]) ? expm1(row.logarithm(c)) : row.share(c))
            #expect(abs(value - exact) <= limit * max(abs(exact), 1e-9))
          }
        }
        // In place, and without a gradient.
        let inPlace = changed(x) { memory, x in
          let again: [Double] = output(rows) {
            table.cross_entropy_rows(
              x, memory.place(labels), $1, x, scale, rows, columns, stride, inDouble)
          }
          #expect(again == losses)
        }
        #expect(inPlace == gradient)
        let alone: [Double] = output(rows) {
          table.cross_entropy_rows(
            $0.place(x), $0.place(labels), $1, nil, 1, rows, columns, stride, inDouble)
        }
        #expect(alone == losses)
      }
    }
  }

  /// The gradient is the central difference of the losses, in Double.
  @Test(arguments: KernelCase.all.filter { $0.scalar == Double.self })
  func gradientOfCrossEntropy(of kernels: KernelCase) {
    let table = kernels.table, columns = 19, label: [Int32] = [11], step = 1e-5
    var random = TestRandom(22)
    let x: [Double] = random.array(columns)
    func loss(_ x: [Double]) -> Double {
      output(1) {
        table.cross_entropy_rows(
          $0.place(x), $0.place(label), $1, nil, 1, 1, columns, columns, true)
      }[0]
    }
    let gradient: [Double] = output(columns) {
      table.cross_entropy_rows(
        $0.place(x), $0.place(label), $0.room(1), $1, 1, 1, columns, columns, true)
    }
    for c in 0..<columns {
      var (above, below) = (x, x)
      above[c] += step
      below[c] -= step
      #expect(abs(gradient[c] - (loss(above) - loss(below)) / (2 * step)) < 1e-9)
    }
  }

  /// Losses of well-fitted labels keep their digits down to the smallest, as does the gradient.
  @Test(arguments: KernelCase.all)
  func smallLosses(of kernels: KernelCase) { smallLosses(kernels.scalar, kernels.table) }

  private func smallLosses<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    let columns = 113, label: [Int32] = [40]
    for margin in [5.0, 27.631, 40, 100, 500] {
      var x = [T](repeating: 0, count: columns)
      x[40] = T(margin)
      x[7] = T(margin) - 700
      let others = 111 * exp(-Double(T(margin)))
      for inDouble in [false, true] {
        // In Float the exponential below 1e−38 is 0.
        if !inDouble && T.self == Float.self && margin > 80 { continue }
        var loss: [Double] = []
        let gradient: [T] = output(columns) { memory, gradient in
          loss = output(1) {
            table.cross_entropy_rows(
              memory.place(x), memory.place(label), $1, gradient, 1, 1, columns, columns, inDouble)
          }
        }
        let limit = inDouble ? 1e-13 : 1e-6
        #expect(abs(loss[0] / log1p(others) - 1) < limit)
        if others > Double(T.leastNormalMagnitude) {
          #expect(
            abs(Double(gradient[40]) / (-others / (1 + others)) - 1)
              < max(limit, 4 * Double(T.ulpOfOne)))
        }
      }
    }
  }

  /// Ties, excluded classes (−∞) and not-a-number.
  @Test(arguments: KernelCase.all)
  func specialRows(of kernels: KernelCase) { specialRows(kernels.scalar, kernels.table) }

  private func specialRows<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    for inDouble in [false, true] {
      func run(_ x: [T], _ label: Int32) -> (loss: Double, gradient: [T], softmax: [T]) {
        var loss: [Double] = []
        let gradient: [T] = output(x.count) { memory, gradient in
          loss = output(1) {
            table.cross_entropy_rows(
              memory.place(x), memory.place([label]), $1, gradient, 1, 1, x.count, x.count,
              inDouble)
          }
        }
        let softmax: [T] = output(x.count) {
          table.softmax_rows($0.place(x), $1, 1, x.count, inDouble)
        }
        return (loss[0], gradient, softmax)
      }
      let tied = run([2, 2, 2, 2], 1)
      #expect(abs(tied.loss - log(4.0)) < 1e-15)
      #expect(
        tied.gradient == [0.25, -0.75, 0.25, 0.25] && tied.softmax == [0.25, 0.25, 0.25, 0.25])
      let excluded = run([-.infinity, 3, 3], 1)
      #expect(abs(excluded.loss - log(2.0)) < 1e-15)
      #expect(excluded.gradient == [0, -0.5, 0.5] && excluded.softmax == [0, 0.5, 0.5])
      #expect(run([-.infinity, 3], 0).loss == .infinity)
      #expect(run([1, .nan, 0], 2).loss.isNaN)
      #expect(run([.infinity, 1], 0).loss.isNaN)
      #expect(run([5], 0).loss == 0)
    }
  }
}

/// A row's softmax with `Double` sums of everything but the largest element.
private struct Exact {
  let values: [Double]
  let largest: Double
  /// The sum of the exponentials but one of the largest element's, which is 1.
  let others: Double

  init<T: KernelScalar>(_ row: ArraySlice<T>) {
    values = row.map { Double($0) }
    let largest = values.max() ?? 0
    self.largest = largest
    let place = values.firstIndex(of: largest)
    others = values.indices.filter { $0 != place }.reduce(0) { [values] in
      $0 + exp(values[$1] - largest)
    }
  }

  func share(_ c: Int) -> Double { exp(logarithm(c)) }
  func logarithm(_ c: Int) -> Double { (values[c] - largest) - log1p(others) }
}
