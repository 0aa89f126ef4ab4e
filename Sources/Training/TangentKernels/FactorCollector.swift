import GrokKernels
import GrokMeasures
import GrokModels

/// Puts kernel factors together while passes go backward, one for each output and piece of the
/// examples. Used from one thread.
final class FactorCollector<Scalar: RealScalar> {
  /// Examples that one pass computes at a time, so that intermediate values stay small.
  static var pieceSize: Int { 256 }

  private let exampleCount, outputCount, memoryBudget: Int
  private let workers: Workers
  private var parts: [Range<Int>: LayerPart<Scalar>] = [:]
  private var order: [Range<Int>] = []
  /// The rows of the Jacobian by ranges whose gradient by each example was told, example by example and output
  /// by output.
  private var jacobians: [Range<Int>: [Scalar]] = [:]
  /// Ranges that were used in ways that factors do not cover.
  private var others: Set<Range<Int>> = []
  private var examples = 0..<0
  private var output = 0
  /// Bytes that the parts take; beyond the budget none are allocated.
  private var byteCount = 0

  /// The ranges of the parameters by the elements that they begin at.
  private let parameterRanges: [Int: Range<Int>]

  init(
    exampleCount: Int, outputCount: Int, layout: ParameterLayout, memoryBudget: Int,
    workers: Workers
  ) {
    parameterRanges = Dictionary(
      uniqueKeysWithValues: layout.entries.filter { !$0.range.isEmpty }
        .map { ($0.range.lowerBound, $0.range) })
    self.exampleCount = exampleCount
    self.outputCount = outputCount
    self.memoryBudget = memoryBudget
    self.workers = workers
  }

  static func memoryError(needed: Int, budget: Int) -> MeasureError {
    .outOfRange(
      measure: "kernelFactors", what: "the memory needed, in bytes,", value: Double(needed),
      expected: "at most the budget of \(budget); raise it or take fewer examples")
  }

  func requireMemory() throws(MeasureError) {
    if byteCount > memoryBudget {
      throw Self.memoryError(needed: byteCount, budget: memoryBudget)
    }
  }

  // MARK: Passes

  func begin(_ examples: Range<Int>) { self.examples = examples }

  func begin(output: Int) { self.output = output }

  /// Ends a piece of the examples.
  func end() {
    for key in order { parts[key]?.endPiece(examples) }
  }

  func see(_ factors: GradientFactors<Scalar>) {
    switch factors {
    case .linear(let whole):
      for linear in whole.split(by: parameterRanges) { see(linear) }
    case .lookup(let table, let indices, let upstream):
      part(
        table, nil, rowCount: indices.count,
        width: indices.isEmpty ? 0 : upstream.count / indices.count
      ) { .rows }?.see(
        output, examples, inputs: .rows(indices), upstream: upstream, dz: upstream, slope: nil)
    case .examples(let range, let gradient):
      take(gradient, of: range)
    case .other(let range):
      others.insert(range)
    }
  }

  private func see(_ linear: LinearFactors<Scalar>) {
    let inputs = linear.inputs
    let shape = Shape(inputs.shape.rowCount, inputs.shape[-1])
    part(linear.weight, linear.bias, rowCount: shape[0], width: linear.dz.shape[-1]) {
      .vectors(count: shape[1])
    }?.see(
      output, examples, inputs: .vectors(inputs), upstream: linear.upstream, dz: linear.dz,
      slope: linear.slope)
  }

  /// Adds the gradient of one output by a range, for each example of the piece, over all its positions; a range that
  /// is used several times gets the sum.
  private func take(_ gradient: Tensor<Scalar>, of range: Range<Int>) {
    let width = range.count
    guard width > 0, gradient.count % (examples.count * width) == 0 else {
      others.insert(range)
      return
    }
    if jacobians[range] == nil {
      byteCount += exampleCount * outputCount * width * MemoryLayout<Scalar>.size
      guard byteCount <= memoryBudget else { return }
      jacobians[range] = Array(repeating: 0, count: exampleCount * outputCount * width)
    }
    let positions = gradient.count / (examples.count * width)
    gradient.withValues { values in
      guard let first = values.baseAddress else { return }
      jacobians[range]!.withUnsafeMutableBufferPointer { jacobian in
        for (index, example) in examples.enumerated() {
          let target = jacobian.baseAddress! + (example * outputCount + output) * width
          for row in index * positions..<(index + 1) * positions {
            Scalar.kernels.pointee.accumulate(1, first + row * width, target, width)
          }
        }
      }
    }
  }

  /// The part of some weights, made where it is new; nil where factors cannot say what it adds.
  private func part(
    _ weight: Range<Int>, _ bias: Range<Int>?, rowCount: Int, width: Int,
    inputs: () -> LayerPart<Scalar>.InputKind
  ) -> LayerPart<Scalar>? {
    guard rowCount % examples.count == 0, !others.contains(weight) else {
      refuse(weight, bias)
      return nil
    }
    let positions = rowCount / examples.count
    if let part = parts[weight] {
      if !part.hasSeen(output), part.fits(bias: bias, positions: positions, width: width) {
        return part
      }
      refuse(weight, bias)
      return nil
    }
    let part = LayerPart<Scalar>(
      bias: bias, inputKind: inputs(), width: width, positions: positions,
      exampleCount: exampleCount, outputCount: outputCount, workers: workers)
    byteCount += part.largestByteCount
    parts[weight] = part
    order.append(weight)
    return byteCount <= memoryBudget ? part : nil
  }

  private func refuse(_ weight: Range<Int>, _ bias: Range<Int>?) {
    others.insert(weight)
    if let bias { others.insert(bias) }
    if let known = parts[weight]?.bias { others.insert(known) }
  }

  // MARK: The factors

  /// The parts whose ranges are parameters of the layout and were not used in other ways as well.
  func layers(layout: ParameterLayout) -> [LayerFactors<Scalar>] {
    let names = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.range, $0.name) })
    var uses: [Range<Int>: Int] = [:]
    for (weight, part) in parts {
      for range in [weight, part.bias].compactMap({ $0 }) { uses[range, default: 0] += 1 }
    }
    for range in jacobians.keys { uses[range, default: 0] += 1 }
    func isPlain(_ ranges: [Range<Int>]) -> Bool {
      ranges.allSatisfy { range in
        names[range] != nil && uses[range] == 1 && !others.contains { $0.overlaps(range) }
      }
    }
    let told = layout.entries.filter { jacobians[$0.range] != nil && isPlain([$0.range]) }
    return order.compactMap { weight in
      guard let part = parts[weight], let name = names[weight] else { return nil }
      let ranges = [weight, part.bias].compactMap { $0 }
      return isPlain(ranges)
        ? part.factors(weight: name, bias: part.bias.flatMap { names[$0] }) : nil
    }
      + told.map { entry in
        LayerFactors(
          jacobian: Matrix(
            values: jacobians[entry.range]!, rowCount: exampleCount * outputCount,
            columnCount: entry.range.count), name: entry.name)
      }
  }
}

extension LinearFactors {
  /// The same by each of the parameters that the weights are made of, where they are several behind one another.
  func split(by parameters: [Int: Range<Int>]) -> [LinearFactors] {
    let width = inputs.shape[-1]
    guard let first = parameters[weight.lowerBound], first != weight, width > 0 else {
      return [self]
    }
    var parts: [LinearFactors] = []
    var start = weight.lowerBound
    while start < weight.upperBound {
      guard let own = parameters[start], own.upperBound <= weight.upperBound,
        own.count % width == 0
      else { return [self] }
      let begin = (start - weight.lowerBound) / width
      let columns = begin..<begin + own.count / width
      let part = { (all: Tensor<Scalar>) in all.slice(axis: -1, columns) }
      parts.append(
        LinearFactors(
          weight: own,
          bias: bias.map {
            $0.lowerBound + columns.lowerBound..<$0.lowerBound + columns.upperBound
          },
          inputs: inputs, upstream: part(upstream), dz: part(dz),
          slope: slope.map { slope in { part(slope()) } }))
      start = own.upperBound
    }
    return parts
  }
}
