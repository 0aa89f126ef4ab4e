internal import Foundation
import GrokKernels
import GrokMeasures
import GrokTensor

/// The factors of one layer while they are put together.
///
/// In the last layers of a network the gradient that arrives is the same for every example; then
/// δ_nc = u_c ∘ v_n is kept in that form until an example disagrees.
final class LayerPart<Scalar: RealScalar> {
  enum InputKind {
    case vectors(count: Int)
    case rows
  }

  enum Inputs {
    case vectors(Tensor<Scalar>)
    case rows([Int32])
  }

  let bias: Range<Int>?
  private let inputKind: InputKind
  private let width, positions, exampleCount, outputCount: Int
  private let workers: Workers

  private var vectors: [Scalar] = []
  private var rows: [Int32] = []
  private var sensitivities: [Scalar] = []
  private var isSeparable = true
  /// u, v and which outputs have been seen in each piece of the examples, while separable.
  private var u: [Scalar]
  private var v: [Scalar]?
  private var pieces: [(examples: Range<Int>, outputs: Set<Int>)] = []
  /// What the current piece has seen; the inputs are known from the first.
  private var seen: Set<Int> = []

  init(
    bias: Range<Int>?, inputKind: InputKind, width: Int, positions: Int, exampleCount: Int,
    outputCount: Int, workers: Workers
  ) {
    self.bias = bias
    self.inputKind = inputKind
    self.width = width
    self.positions = positions
    self.exampleCount = exampleCount
    self.outputCount = outputCount
    self.workers = workers
    u = Array(repeating: 0, count: outputCount * width)
  }

  /// Bytes that it takes when it does not turn out to be separable.
  var largestByteCount: Int {
    let inputs =
      switch inputKind {
      case .vectors(let count): count * MemoryLayout<Scalar>.size
      case .rows: 4
      }
    return exampleCount * positions * (inputs + outputCount * width * MemoryLayout<Scalar>.size)
  }

  func hasSeen(_ output: Int) -> Bool { seen.contains(output) }

  func fits(bias: Range<Int>?, positions: Int, width: Int) -> Bool {
    bias == self.bias && positions == self.positions && width == self.width
  }

  // MARK: Passes

  func see(
    _ output: Int, _ examples: Range<Int>, inputs: Inputs, upstream: Tensor<Scalar>,
    dz: Tensor<Scalar>, slope: (() -> Tensor<Scalar>)?
  ) {
    if seen.isEmpty { take(inputs, examples) }
    // Examples before have not used it, so their gradients are 0 and not u.
    if pieces.isEmpty && seen.isEmpty && examples.lowerBound > 0 { isSeparable = false }
    if isSeparable {
      if agrees(upstream, output, isNew: pieces.isEmpty) {
        if seen.isEmpty { takeSlope(slope?(), examples) }
        seen.insert(output)
        return
      }
      spread(current: examples)
    }
    seen.insert(output)
    let start = examples.lowerBound * positions
    let width = width
    dz.withValues { values in
      guard let address = values.baseAddress else { return }
      nonisolated(unsafe) let first = address  // only read
      write(output, examples) { row, target in
        target.update(from: first + (row - start) * width, count: width)
      }
    }
  }

  func endPiece(_ examples: Range<Int>) {
    if isSeparable, !pieces.isEmpty, seen != pieces[0].outputs {
      spread(current: examples)
    } else if isSeparable {
      pieces.append((examples, seen))
    }
    seen = []
  }

  private func take(_ inputs: Inputs, _ examples: Range<Int>) {
    let start = examples.lowerBound * positions
    switch inputs {
    case .vectors(let tensor):
      let count = tensor.shape[-1]
      if examples.count == exampleCount { return vectors = tensor.values }
      if vectors.isEmpty {
        vectors = zeros(exampleCount * positions * count)
      }
      vectors.withUnsafeMutableBufferPointer { target in
        tensor.withValues { values in
          guard let from = values.baseAddress, let target = target.baseAddress else { return }
          (target + start * count).update(from: from, count: values.count)
        }
      }
    case .rows(let indices):
      if rows.isEmpty { rows = Array(repeating: 0, count: exampleCount * positions) }
      rows.replaceSubrange(start..<start + indices.count, with: indices)
    }
  }

  // MARK: Separable sensitivities

  /// Whether the gradient that arrives is u_c in every row; where it is new, it becomes u_c.
  private func agrees(_ upstream: Tensor<Scalar>, _ output: Int, isNew: Bool) -> Bool {
    upstream.withValues { values in
      u.withUnsafeMutableBufferPointer { u in
        guard let values = values.baseAddress, let u = u.baseAddress else { return true }
        let own = u + output * width
        if isNew { own.update(from: values, count: width) }
        return (0..<upstream.count / max(1, width)).allSatisfy { row in
          memcmp(values + row * width, own, width * MemoryLayout<Scalar>.size) == 0
        }
      }
    }
  }

  private func takeSlope(_ slope: Tensor<Scalar>?, _ examples: Range<Int>) {
    guard let slope else { return }
    var all = v ?? zeros(exampleCount * positions * width)
    v = nil
    all.withUnsafeMutableBufferPointer { target in
      slope.withValues { values in
        guard let from = values.baseAddress, let target = target.baseAddress else { return }
        (target + examples.lowerBound * positions * width).update(from: from, count: values.count)
      }
    }
    v = all
  }

  /// Writes out u_c ∘ v_n for all that has been seen, and goes on without that form.
  private func spread(current examples: Range<Int>) {
    isSeparable = false
    let (u, v, width) = (u, v, width)
    for piece in pieces + [(examples, seen)] {
      for output in piece.outputs {
        write(output, piece.examples) { row, target in
          for column in 0..<width {
            target[column] = u[output * width + column] * (v?[row * width + column] ?? 1)
          }
        }
      }
    }
    (self.u, self.v, pieces) = ([], nil, [])
  }

  /// Calls `body` with the row of every example and position of a pass, and with the place of its
  /// sensitivities.
  private func write(
    _ output: Int, _ examples: Range<Int>,
    _ body: @Sendable (Int, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    if sensitivities.isEmpty {
      sensitivities = zeros(exampleCount * outputCount * positions * width)
    }
    let (positions, outputCount, width) = (positions, outputCount, width)
    let blockCount = max(1, min(64, examples.count * positions * width / 16_384))
    sensitivities.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      nonisolated(unsafe) let first = target  // every block writes rows of its own
      workers.forEach(blockCount: blockCount) { block in
        for index in Workers.range(ofBlock: block, of: blockCount, count: examples.count) {
          let n = examples.lowerBound + index
          for p in 0..<positions {
            body(n * positions + p, first + ((n * outputCount + output) * positions + p) * width)
          }
        }
      }
    }
  }

  // MARK: The result

  func factors(weight: String, bias: String?) -> LayerFactors<Scalar> {
    let examples = exampleCount * positions
    let inputs: LayerFactors<Scalar>.Inputs =
      switch inputKind {
      case .vectors(let count):
        .vectors(Matrix(values: vectors, rowCount: examples, columnCount: count))
      case .rows: .rows(rows)
      }
    let sensitivities: LayerFactors<Scalar>.Sensitivities =
      isSeparable
      ? .separable(
        outputs: Matrix(values: u, rowCount: outputCount, columnCount: width),
        examples: v.map { Matrix(values: $0, rowCount: examples, columnCount: width) })
      : .vectors(
        Matrix(values: self.sensitivities, rowCount: examples * outputCount, columnCount: width))
    return LayerFactors(
      weight: weight, bias: bias, inputs: inputs, sensitivities: sensitivities,
      positionCount: positions)
  }
}

/// An array of zeros, written by a loop that knows the type.
private func zeros<Scalar: RealScalar>(_ count: Int) -> [Scalar] {
  Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
    preferLargePages(buffer)
    if let first = buffer.baseAddress { Scalar.kernels.pointee.fill(first, 0, count) }
    initializedCount = count
  }
}
