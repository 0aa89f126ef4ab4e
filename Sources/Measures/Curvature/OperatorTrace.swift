/// How a trace is estimated from products with random vectors.
public enum TraceMethod: String, Sendable, Codable, CaseIterable {
  /// The mean of vᵀAv over vectors of random signs. Its variance is 2 Σ_{i≠j} A_ij² a probe.
  case hutchinson
  /// A third of the products finds the directions that hold most of A, a third gives the trace within
  /// them exactly, and the last is Hutchinson's on what is left. Much better where a few eigenvalues
  /// hold most of the trace, as they do in the Hessians of networks.
  case hutchPlusPlus
}

/// The trace of a symmetric operator, with the standard error of its random probes.
///
/// ```swift
/// let curvature = try trace(of: snapshot.hessian(on: data.train), productCount: 60, key: key)
/// print("\(curvature.value) ± \(curvature.standardError)")
/// ```
///
/// - Units: those of the operator.
/// - Parameter productCount: products with the operator, at most; for Hutchinson at least 2, for Hutch++
///   at least 6.
/// - Parameter workers: threads that share the products; for operators that use one themselves.
/// - Returns: The estimate; its sample count is that of the random probes that its error comes from. Of
///   Hutch++ the error is for the directions found.
/// - Throws: `MeasureError.tooFewSamples`, and what the operator throws.
/// - Complexity: `productCount` products; for Hutch++ O(dimension × productCount²) time besides, and
///   dimension × productCount numbers of memory.
/// - Source: Hutchinson, Commun. Stat. 18, 1059 (1989); Meyer, Musco, Musco & Woodruff, SOSA 2021,
///   Algorithm 1.
public func trace(
  of op: SymmetricOperator, productCount: Int = 30, method: TraceMethod = .hutchPlusPlus,
  workers: Workers? = nil, key: RandomKey
) throws -> Estimate {
  let measure = "trace"
  let needed = method == .hutchinson ? 2 : 6
  guard productCount >= needed else {
    throw MeasureError.tooFewSamples(measure: measure, found: productCount, needed: needed)
  }
  let n = op.dimension
  let probes = key.fork("probes")
  switch method {
  case .hutchinson:
    let samples = try mapped(count: productCount, workers: workers) { probe in
      let vector: [Double] = probes.fork(probe).signs(count: n)
      return dot(vector, try op.product(with: vector))
    }
    return try Estimate(meanOf: samples, measure: measure)
  case .hutchPlusPlus:
    let third = min(productCount / 3, n)
    let sketchKey = key.fork("sketch")
    let sketch = try op.products(count: third, workers: workers) {
      sketchKey.fork($0).signs(count: n)
    }
    // Columns of Q span what A makes of the sketch; they are the rows here.
    let directions = try decomposing(measure) { () throws(NumericsError) in
      try QRFactors(of: Matrix(rows: sketch).transposed).orthogonal.transposed
    }
    let products = try op.products(count: third, workers: workers) { Array(directions.row($0)) }
    let within = products.enumerated().reduce(0) { $0 + dot(Array(directions.row($1.0)), $1.1) }
    let samples = try mapped(count: productCount / 3, workers: workers) { probe in
      var vector: [Double] = probes.fork(probe).signs(count: n)
      let overlaps = directions.multiplied(by: vector)
      let inside = directions.multiplied(by: overlaps, transposingSelf: true)
      for index in vector.indices { vector[index] -= inside[index] }
      return dot(vector, try op.product(with: vector))
    }
    var result = try Estimate(meanOf: samples, measure: measure)
    result.value += within
    return result
  }
}
