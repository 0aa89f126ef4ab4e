/// An operation whose work is a product of its first two operands, such as a convolution or a linear layer.
///
/// The gradient by each of the two is a product with as many multiplications again.
protocol ProductOperation {
  /// The multiplications of the product, each with an addition.
  func multiplicationCount(first: Shape, second: Shape, output: Shape) -> Int
}

/// An operation that multiplies inside, as attention does, and does not say how often.
protocol UncountedProduct {}

/// The multiplications of recorded products, each with an addition.
package struct ProductCount: Sendable {
  /// Those of computing the values.
  package var forward = 0
  /// Those of going back from the values to all gradients that a vector's needs.
  package var backward = 0
}

extension Tape {
  /// Counts the products on the way to `target`, and on the way back from it to `source`, without going back.
  ///
  /// What does not depend on `source` has no part in `backward`, nor in `forward` where it was not recorded.
  ///
  /// - Returns: `nil` where an operation does not say how often it multiplies.
  package func productCount(of target: Tensor<Scalar>, by source: Tensor<Scalar>) -> ProductCount? {
    guard target.tape === self else { return ProductCount() }
    markDependents(of: target, by: source)
    var count = ProductCount()
    for (index, node) in nodes.prefix(Int(target.node) + 1).enumerated() {
      if node.operation is any UncountedProduct { return nil }
      guard let product = node.operation as? any ProductOperation, let first = node.first,
        let second = node.second
      else { continue }
      let own = product.multiplicationCount(
        first: first.shape, second: second.shape, output: nodes[index].shape)
      count.forward += own
      count.backward += own * (0..<2).count { isDependent(node.inputs[$0]) }
    }
    return count
  }
}
