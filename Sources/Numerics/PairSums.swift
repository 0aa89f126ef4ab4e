import GrokKernels

/// Σ x² and Σ x y in `Double`, with x read from memory once.
///
/// Piece after piece: the second sum finds x in the cache. The order of summation depends on the count alone.
///
/// - Parameter y: as many numbers as x; nil gives a product of 0.
package func squareAndProduct<Scalar: RealScalar>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>?, count: Int
) -> (square: Double, product: Double) {
  let (kernels, pieceLength) = (Scalar.kernels.pointee, 4096)
  var (square, product) = (0.0, 0.0)
  for start in stride(from: 0, to: count, by: pieceLength) {
    let piece = min(pieceLength, count - start)
    if let y { product += kernels.dot(x + start, y + start, piece) }
    square += kernels.sum_of_squares(x + start, piece)
  }
  return (square, product)
}
