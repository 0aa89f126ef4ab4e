/// Writes `source` to `destination` in the other's precision, every element rounded to nearest.
///
/// - Precondition: both have the same count.
package func convert<Source: RealScalar, Destination: RealScalar>(
  _ source: UnsafeBufferPointer<Source>, to destination: UnsafeMutableBufferPointer<Destination>
) {
  precondition(
    source.count == destination.count,
    "convert: \(source.count) elements do not fit \(destination.count)")
  guard let from = source.baseAddress, let to = destination.baseAddress else { return }
  let count = source.count
  // One concrete loop per pair of types: a generic loop would not be vectorised.
  switch (Source.precision, Destination.precision) {
  case (.float, .float):
    rebound(to, Float.self).update(from: rebound(from, Float.self), count: count)
  case (.double, .double):
    rebound(to, Double.self).update(from: rebound(from, Double.self), count: count)
  case (.float, .double):
    let (x, y) = (rebound(from, Float.self), rebound(to, Double.self))
    for i in 0..<count { y[i] = Double(x[i]) }
  case (.double, .float):
    let (x, y) = (rebound(from, Double.self), rebound(to, Float.self))
    for i in 0..<count { y[i] = Float(x[i]) }
  }
}

/// The same memory as a pointer to `type`, which is the type it already holds.
///
/// For generic code that has found out, through `precision`, which of the two types it works on.
package func rebound<Scalar: RealScalar, Actual: RealScalar>(
  _ pointer: UnsafePointer<Scalar>, _ type: Actual.Type
) -> UnsafePointer<Actual> {
  precondition(Scalar.precision == Actual.precision)
  return UnsafeRawPointer(pointer).assumingMemoryBound(to: type)
}

/// The same memory as a pointer to `type`, which is the type it already holds.
package func rebound<Scalar: RealScalar, Actual: RealScalar>(
  _ pointer: UnsafeMutablePointer<Scalar>, _ type: Actual.Type
) -> UnsafeMutablePointer<Actual> {
  precondition(Scalar.precision == Actual.precision)
  return UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: type)
}
