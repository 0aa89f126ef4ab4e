import GrokTensor
import Testing

/// Products large enough to be cut for the workers.
@Suite struct ProductTests {
  private struct Sizes: CustomStringConvertible {
    let rows, columns, inner: Int
    let transposed: (left: Bool, right: Bool)

    init(number: Int, key: RandomKey) {
      let stream = key.fork("sizes").fork(number)
      rows = stream.integer(at: 0, in: 1..<260)
      columns = stream.integer(at: 1, in: 1..<260)
      inner = stream.integer(at: 2, in: 1..<1_000)
      let form = stream.integer(at: 3, in: 0..<4)
      transposed = (form & 1 == 1, form & 2 == 2)
    }

    var left: Shape { transposed.left ? [inner, rows] : [rows, inner] }
    var right: Shape { transposed.right ? [columns, inner] : [inner, columns] }
    var description: String { "\(left) · \(right), transposed: \(transposed)" }
  }

  @Test func agreesWithSumsInDouble() {
    agreesWithSumsInDouble(Float.self)
    agreesWithSumsInDouble(Double.self)
  }

  private func agreesWithSumsInDouble<Scalar: RealScalar>(_: Scalar.Type) {
    let key = RandomKey(seed: 31)
    for number in 0..<16 {
      let sizes = Sizes(number: number, key: key)
      let a: [Scalar] = key.fork("left").fork(number).normal(count: sizes.left.count)
      let b: [Scalar] = key.fork("right").fork(number).normal(count: sizes.right.count)
      let product = Tensor(a, shape: sizes.left)
        .matmul(Tensor(b, shape: sizes.right), transposed: sizes.transposed).values
      let some = stride(from: number % 53, to: product.count, by: 53) + [product.count - 1]
      let wrong = some.filter { index in
        let (row, column) = (index / sizes.columns, index % sizes.columns)
        var (exact, magnitude) = (0.0, 0.0)
        for k in 0..<sizes.inner {
          let x = a[sizes.transposed.left ? k * sizes.rows + row : row * sizes.inner + k]
          let y = b[sizes.transposed.right ? column * sizes.inner + k : k * sizes.columns + column]
          exact += Double(x) * Double(y)
          magnitude += abs(Double(x) * Double(y))
        }
        return abs(Double(product[index]) - exact) > 16 * Double(Scalar.ulpOfOne) * magnitude
      }
      #expect(wrong.isEmpty, "\(sizes): wrong at \(wrong.prefix(3))")
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    bitsDoNotDependOnThreads(Float.self)
    bitsDoNotDependOnThreads(Double.self)
  }

  private func bitsDoNotDependOnThreads<Scalar: RealScalar>(_: Scalar.Type) {
    let key = RandomKey(seed: 32)
    let contexts = (1...3).map { ComputeContext(threadCount: $0) }
    for number in 0..<12 {
      let sizes = Sizes(number: number, key: key)
      let a: [Scalar] = key.fork("left").fork(number).normal(count: sizes.left.count)
      let b: [Scalar] = key.fork("right").fork(number).normal(count: sizes.right.count)
      let products = contexts.map { context in
        Tensor(a, shape: sizes.left, in: context)
          .matmul(Tensor(b, shape: sizes.right, in: context), transposed: sizes.transposed).values
      }
      #expect(products.allSatisfy { $0 == products[0] }, "\(sizes)")

      let layers = contexts.map { context in
        layer(sizes, number: number, key: key, as: Scalar.self, in: context)
      }
      #expect(layers.allSatisfy { $0 == layers[0] }, "a layer of \(sizes)")
    }
  }

  /// The outputs and all gradients of a layer of these sizes.
  private func layer<Scalar: RealScalar>(
    _ sizes: Sizes, number: Int, key: RandomKey, as _: Scalar.Type, in context: ComputeContext
  ) -> [[Scalar]] {
    let byOutputs = sizes.transposed.right
    let shapes: [Shape] = [
      [sizes.rows, sizes.inner],
      byOutputs ? [sizes.columns, sizes.inner] : [sizes.inner, sizes.columns], [sizes.columns],
    ]
    let tape = Tape<Scalar>()
    let operands = shapes.enumerated().map { index, shape in
      let values: [Scalar] = key.fork(number).fork(index).normal(count: shape.count)
      return tape.watch(Tensor(values, shape: shape, in: context))
    }
    let outputs = operands[0].linear(
      weight: operands[1], bias: operands[2], activation: .gelu,
      layout: byOutputs ? .outputsByInputs : .inputsByOutputs)
    let gradients = tape.gradients(of: outputs.squared().sum(), by: operands)
    return [outputs.values] + gradients.map(\.values)
  }
}
