import Foundation
import GrokKernels
import Testing

/// Attention within sequences, layer norm and the memory cell against loops in Double, in arrays that end where their
/// memory ends.
@Suite struct KernelsSequencesTests {
  private func tolerance<T: KernelScalar>(_: T.Type) -> Double {
    T.self == Float.self ? 1e-4 : 1e-11
  }

  @Test(arguments: KernelCase.all)
  func attention(of kernels: KernelCase) { attention(kernels.scalar, kernels.table) }

  private func attention<T: KernelScalar>(_ type: T.Type, _ table: gk_kernels) {
    var random = TestRandom(31)
    for (context, width) in [(1, 3), (7, 16), (36, 5), (64, 16), (65, 7), (100, 17)] {
      for isCausal in [true, false] {
        let (examples, heads) = (2, 2)
        let row = heads * width + 3  // rows need not be close to each other
        var shape = gk_sequences(
          context: context, heads: heads, width: width, row: row,
          scale: 1 / Double(width).squareRoot(), causal: isCausal)
        let inputs: [[T]] = (0..<3).map { _ in random.array(examples * context * row) }
        let upstream: [T] = random.array(examples * context * heads * width)
        let memory = TestMemory()
        let places = inputs.map { memory.place($0) }
        let zero = [T](repeating: 0, count: examples * context * row)
        let slopes = (0..<3).map { _ in memory.place(zero) }
        let result = memory.place([T](repeating: 0, count: upstream.count))
        let pairs = examples * heads
        let kept = memory.place(
          [T](repeating: 0, count: pairs * table.attend_sequences_kept(&shape) + 16))
        let workspace = memory.place(
          [T](repeating: 0, count: table.attend_sequences_workspace(&shape)))
        for range in [0..<1, 1..<pairs] {
          table.attend_sequences(
            &shape, places[0], places[1], places[2], result, kept, range.lowerBound,
            range.upperBound, workspace)
          table.attend_sequences_gradient(
            &shape, places[0], places[1], places[2], result, kept, memory.place(upstream),
            slopes[0], slopes[1], slopes[2], range.lowerBound, range.upperBound, workspace)
        }
        memory.check()
        let expected = attention(
          inputs.map { $0.map(Double.init) }, upstream.map(Double.init), shape, examples)
        let found =
          [(0..<upstream.count).map { Double(result[$0]) }]
          + slopes.map { slope in (0..<zero.count).map { Double(slope[$0]) } }
        for (found, expected) in zip(found, expected) {
          for (a, b) in zip(found, expected) {
            #expect(abs(a - b) <= tolerance(type) * (1 + abs(b)))
          }
        }
      }
    }
  }

  /// The result and the gradients by queries, keys and values, one score at a time.
  private func attention(
    _ inputs: [[Double]], _ upstream: [Double], _ shape: gk_sequences, _ examples: Int
  ) -> [[Double]] {
    let (context, heads, width, row) = (shape.context, shape.heads, shape.width, shape.row)
    var result = [Double](repeating: 0, count: upstream.count)
    var slopes = inputs.map { [Double](repeating: 0, count: $0.count) }
    for example in 0..<examples {
      for head in 0..<heads {
        for q in 0..<context {
          let seen = shape.causal ? q + 1 : context
          let place = { (position: Int) in (example * context + position) * row + head * width }
          let out = (example * context + q) * heads * width + head * width
          let scores = (0..<seen).map { k in
            (0..<width).reduce(0.0) { $0 + inputs[0][place(q) + $1] * inputs[1][place(k) + $1] }
              * shape.scale
          }
          let terms = scores.map { exp($0 - scores.max()!) }
          let weights = terms.map { $0 / terms.reduce(0, +) }
          let byWeight = (0..<seen).map { k in
            (0..<width).reduce(0.0) { $0 + upstream[out + $1] * inputs[2][place(k) + $1] }
          }
          let mean = zip(weights, byWeight).reduce(0) { $0 + $1.0 * $1.1 }
          for k in 0..<seen {
            let slope = weights[k] * (byWeight[k] - mean) * shape.scale
            for i in 0..<width {
              result[out + i] += weights[k] * inputs[2][place(k) + i]
              slopes[0][place(q) + i] += slope * inputs[1][place(k) + i]
              slopes[1][place(k) + i] += slope * inputs[0][place(q) + i]
              slopes[2][place(k) + i] += weights[k] * upstream[out + i]
            }
          }
        }
      }
    }
    return [result] + slopes
  }

  @Test(arguments: KernelCase.all)
  func layerNorm(of kernels: KernelCase) { layerNorm(kernels.scalar, kernels.table) }

  private func layerNorm<T: KernelScalar>(_ type: T.Type, _ table: gk_kernels) {
    var random = TestRandom(32)
    for columns in [1, 2, 7, 16, 33, 64, 100] {
      let rows = 5
      let x: [T] = random.array(rows * columns).map { $0 * 3 + 1 }
      let (gain, bias): ([T], [T]) = (random.array(columns), random.array(columns))
      let dy: [T] = random.array(rows * columns)
      let memory = TestMemory()
      let zero = [T](repeating: 0, count: rows * columns)
      let (px, pg, pdy) = (memory.place(x), memory.place(gain), memory.place(dy))
      let (y, dx) = (memory.place(zero), memory.place(zero))
      let statistics = memory.place([T](repeating: 0, count: 2 * rows))
      let sums = memory.place([Double](repeating: 0, count: 2 * columns))
      table.layer_norm_rows(px, pg, memory.place(bias), y, statistics, rows, columns, 1e-3)
      table.layer_norm_gradient(px, statistics, pg, pdy, dx, sums, rows, columns)
      memory.check()
      var expectedSums = [Double](repeating: 0, count: 2 * columns)
      for row in 0..<rows {
        let own = (row * columns..<(row + 1) * columns)
        let values = own.map { Double(x[$0]) }
        let mean = values.reduce(0, +) / Double(columns)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
        let rate = 1 / (variance + 1e-3).squareRoot()
        let normal = values.map { ($0 - mean) * rate }
        let g = zip(own, gain).map { Double(dy[$0]) * Double($1) }
        let gMean = g.reduce(0, +) / Double(columns)
        let along = zip(g, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
        for (column, place) in own.enumerated() {
          let value = normal[column] * Double(gain[column]) + Double(bias[column])
          let slope = rate * (g[column] - gMean - normal[column] * along)
          #expect(abs(Double(y[place]) - value) <= tolerance(type) * (1 + abs(value)))
          #expect(abs(Double(dx[place]) - slope) <= tolerance(type) * (1 + abs(slope)))
          expectedSums[column] += Double(dy[place]) * normal[column]
          expectedSums[columns + column] += Double(dy[place])
        }
      }
      for (index, sum) in expectedSums.enumerated() {
        #expect(abs(sums[index] - sum) <= tolerance(type) * (1 + abs(sum)))
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func memoryCell(of kernels: KernelCase) { memoryCell(kernels.scalar, kernels.table) }

  private func memoryCell<T: KernelScalar>(_ type: T.Type, _ table: gk_kernels) {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    var random = TestRandom(33)
    for units in [1, 5, 16, 37] {
      let rows = 3
      let gates: [T] = random.array(rows * 4 * units)
      let (before, dh, dc): ([T], [T], [T]) = (
        random.array(rows * units), random.array(rows * units), random.array(rows * units)
      )
      let memory = TestMemory()
      let zero = [T](repeating: 0, count: rows * units)
      let (pGates, pBefore, pSlope) = (memory.place(gates), memory.place(before), memory.place(dc))
      let (cells, hidden) = (memory.place(zero), memory.place(zero))
      let slopes = memory.place([T](repeating: 0, count: rows * 4 * units))
      table.lstm_cell(pGates, pBefore, cells, hidden, rows, units, units)
      table.lstm_cell_gradient(
        pGates, pBefore, cells, memory.place(dh), pSlope, slopes, rows, units, units)
      memory.check()
      for row in 0..<rows {
        for unit in 0..<units {
          let (place, gate) = (row * units + unit, row * 4 * units + unit)
          let z = (0..<4).map { Double(gates[gate + $0 * units]) }
          let (i, f, g, o) = (sigmoid(z[0]), sigmoid(z[1]), tanh(z[2]), sigmoid(z[3]))
          let cell = f * Double(before[place]) + i * g
          let back = Double(dc[place]) + Double(dh[place]) * o * (1 - tanh(cell) * tanh(cell))
          let expected = [
            back * g * i * (1 - i), back * Double(before[place]) * f * (1 - f),
            back * i * (1 - g * g), Double(dh[place]) * tanh(cell) * o * (1 - o),
          ]
          let found = (0..<4).map { Double(slopes[gate + $0 * units]) }
          let pairs =
            [
              (Double(cells[place]), cell), (Double(hidden[place]), o * tanh(cell)),
              (Double(pSlope[place]), back * f),
            ] + Array(zip(found, expected))
          for (a, b) in pairs { #expect(abs(a - b) <= tolerance(type) * (1 + abs(b))) }
        }
      }
    }
  }
}
