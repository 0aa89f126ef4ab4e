/// Non-negative least squares for many right-hand sides over one set of points.
///
/// Starts from no points and adds the one at the smallest angle to what is left of t, drops points whose
/// weight would become negative, and ends when no point makes a positive product with the rest. The
/// Cholesky factor of the products within the support is kept from step to step: a row more when a point
/// joins, rotations when one leaves. Points may be repeated, zero or linearly dependent. Each point may
/// have a sign, which stands for the reflected point.
///
/// Gives what ``nonnegativeLeastSquares(points:target:)`` gives. The memory is used again for the next
/// right-hand side; nothing is allocated once it has grown to the largest support.
///
/// - Complexity: O(support · (points + support)) per step.
/// - Source: Lawson & Hanson, Solving Least Squares Problems (1974), chapters 23 and 24.
struct ActiveSetSolver: ~Copyable {
  private let products: PointProducts
  private var memory: SolverMemory
  private(set) var support: [Int] = []
  /// Whether a point cannot join: it is in the support, or depends on it.
  private var isBlocked: [Bool]
  private var dependent: [Int] = []

  init(_ products: PointProducts) {
    self.products = products
    memory = SolverMemory(pointCount: products.count, supportCapacity: 32)
    isBlocked = Array(repeating: false, count: products.count)
    for point in 0..<products.count {
      let length = products.squaredLengths[point].squareRoot()
      memory.inverseLengths[point] = length > 0 ? 1 / length : 0
    }
  }

  /// Minimizes ‖Σ λ_j σ_j s_j − t‖ over λ ≥ 0.
  ///
  /// - Parameter targetProducts: s_j · t for each point.
  /// - Parameter signs: σ_j for each point, −1 or 1; all 1 where nil.
  /// - Throws: `NumericsError.didNotConverge`.
  mutating func solve(
    _ targetProducts: UnsafePointer<Double>, signs: UnsafePointer<Double>? = nil
  ) throws(NumericsError) -> NonnegativeWeights {
    reset(targetProducts, signs)
    let tolerance = 1e-12 * largestPrice()
    for _ in 0..<3 * products.count + 10 {
      guard let next = nextPoint(above: tolerance) else { return answer(targetProducts) }
      guard append(next, product: targetProducts[next]) else { continue }
      settle(lastAdded: next)
      updateRest(targetProducts)
    }
    throw .didNotConverge(operation: "non-negative least squares", count: 1)
  }
}

// MARK: - Choosing points

extension ActiveSetSolver {
  private mutating func reset(
    _ targetProducts: UnsafePointer<Double>, _ signs: UnsafePointer<Double>?
  ) {
    for point in support { isBlocked[point] = false }
    support.removeAll(keepingCapacity: true)
    clearDependent()
    memory.rest.update(from: targetProducts, count: products.count)
    for point in 0..<products.count {
      let sign = signs.map { $0[point] } ?? 1
      memory.prices[point] = sign * memory.inverseLengths[point]
    }
  }

  private mutating func clearDependent() {
    for point in dependent { isBlocked[point] = false }
    dependent.removeAll(keepingCapacity: true)
  }

  /// The largest |s · t| / |s|: the scale that products are compared with.
  private func largestPrice() -> Double {
    var largest = 0.0
    for point in 0..<products.count {
      largest = max(largest, abs(memory.rest[point] * memory.prices[point]))
    }
    return largest
  }

  /// The point at the smallest angle to the rest, if that is a sharp one.
  private func nextPoint(above tolerance: Double) -> Int? {
    let (rest, prices) = (memory.rest, memory.prices)
    var (best, result) = (tolerance, -1)
    isBlocked.withUnsafeBufferPointer { isBlocked in
      for point in 0..<isBlocked.count {
        let price = rest[point] * prices[point]
        if price > best, !isBlocked[point] { (best, result) = (price, point) }
      }
    }
    return result < 0 ? nil : result
  }

  /// rest = s · (t − Sλ) for every point.
  private func updateRest(_ targetProducts: UnsafePointer<Double>) {
    memory.rest.update(from: targetProducts, count: products.count)
    BLAS.multiply(
      memory.rows, leadingA: products.count, transposedA: true, rows: support.count,
      columns: products.count, vector: memory.weights, into: memory.rest, scale: -1, accumulate: 1)
  }
}

// MARK: - The support

extension ActiveSetSolver {
  /// Adds a point to the support, unless it depends on the points that are there.
  private mutating func append(_ point: Int, product: Double) -> Bool {
    let size = support.count
    if size == memory.supportCapacity { memory.grow(keeping: size) }
    let row = memory.rows + size * products.count
    products.copyRow(point, into: row)
    let last = memory.factorRow(size)
    for index in 0..<size { last[index] = row[support[index]] }
    BLAS.solveLowerTriangular(
      memory.factor, leadingL: memory.supportCapacity, size: size, transposed: false, vector: last)
    let squaredLength = products.squaredLengths[point]
    let left = squaredLength - BLAS.dot(last, last, count: size)
    isBlocked[point] = true
    // Below this, what is left of the point is the rounding error of its products.
    guard left > 1e-14 * squaredLength else {
      dependent.append(point)
      return false
    }
    last[size] = left.squareRoot()
    memory.halfSolved[size] =
      (product - BLAS.dot(last, memory.halfSolved, count: size)) / last[size]
    memory.weights[size] = 0
    support.append(point)
    return true
  }

  /// Moves the weights to the least-squares solution within the support, leaving out the points that
  /// it would make negative.
  private mutating func settle(lastAdded: Int) {
    var isFirst = true
    while true {
      let (size, solution, weights) = (support.count, memory.solution, memory.weights)
      solution.update(from: memory.halfSolved, count: size)
      BLAS.solveLowerTriangular(
        memory.factor, leadingL: memory.supportCapacity, size: size, transposed: true,
        vector: solution)
      if isFirst, solution[size - 1] * memory.prices[lastAdded] <= 0 {
        // Rounding made a point attractive that is not.
        support.removeLast()
        dependent.append(lastAdded)
        return
      }
      isFirst = false
      var (length, blocking) = (1.0, -1)
      for index in 0..<size where solution[index] * memory.prices[support[index]] <= 0 {
        let part = weights[index] / (weights[index] - solution[index])
        if blocking < 0 || part < length { (length, blocking) = (part, index) }
      }
      for index in 0..<size { weights[index] += length * (solution[index] - weights[index]) }
      guard blocking >= 0 else { break }
      weights[blocking] = 0
      for index in (0..<size).reversed()
      where weights[index] * memory.prices[support[index]] <= 0 {
        remove(at: index)
      }
    }
    clearDependent()
  }

  private mutating func remove(at index: Int) {
    isBlocked[support[index]] = false
    let size = support.count
    support.remove(at: index)
    for other in index + 1..<max(size, index + 1) {
      memory.weights[other - 1] = memory.weights[other]
      (memory.rows + (other - 1) * products.count).update(
        from: memory.rows + other * products.count, count: products.count)
    }
    memory.dropFactorRow(index, of: size)
  }

  private func answer(_ targetProducts: UnsafePointer<Double>) -> NonnegativeWeights {
    var result = NonnegativeWeights(support: support)
    result.weights = (0..<support.count).map { abs(memory.weights[$0]) }
    // ‖Sλ‖² = λ · Sᵀt, as the rest is orthogonal to every point of the support.
    result.squaredLength = support.indices.reduce(0) {
      $0 + memory.weights[$1] * targetProducts[support[$1]]
    }
    return result
  }
}

// MARK: - Memory

/// The numbers that ``ActiveSetSolver`` works on; row `i` of `rows` and `factor` belongs to point `i` of the
/// support.
private struct SolverMemory: ~Copyable {
  private(set) var supportCapacity: Int
  private let pointCount: Int
  /// 1 / |s|, or 0 for a point at the origin.
  let inverseLengths: UnsafeMutablePointer<Double>
  /// σ / |s|.
  let prices: UnsafeMutablePointer<Double>
  /// s · (t − Sλ).
  let rest: UnsafeMutablePointer<Double>
  /// The products of the support with all points, `[support, points]`.
  private(set) var rows: UnsafeMutablePointer<Double>
  /// L of the products within the support, `supportCapacity` apart.
  private(set) var factor: UnsafeMutablePointer<Double>
  /// L⁻¹ of the products with t.
  private(set) var halfSolved: UnsafeMutablePointer<Double>
  private(set) var solution: UnsafeMutablePointer<Double>
  /// σλ.
  private(set) var weights: UnsafeMutablePointer<Double>

  init(pointCount: Int, supportCapacity: Int) {
    (self.pointCount, self.supportCapacity) = (pointCount, supportCapacity)
    inverseLengths = .allocate(capacity: pointCount)
    prices = .allocate(capacity: pointCount)
    rest = .allocate(capacity: pointCount)
    rows = .allocate(capacity: supportCapacity * pointCount)
    factor = .allocate(capacity: supportCapacity * supportCapacity)
    halfSolved = .allocate(capacity: supportCapacity)
    solution = .allocate(capacity: supportCapacity)
    weights = .allocate(capacity: supportCapacity)
  }

  deinit {
    for pointer in [inverseLengths, prices, rest, rows, factor, halfSolved, solution, weights] {
      pointer.deallocate()
    }
  }

  func factorRow(_ row: Int) -> UnsafeMutablePointer<Double> { factor + row * supportCapacity }

  /// Makes room for twice the support.
  mutating func grow(keeping size: Int) {
    let larger = 2 * supportCapacity
    rows = Self.moved(rows, count: size * pointCount, capacity: larger * pointCount)
    halfSolved = Self.moved(halfSolved, count: size, capacity: larger)
    solution = Self.moved(solution, count: 0, capacity: larger)
    weights = Self.moved(weights, count: size, capacity: larger)
    let wide = UnsafeMutablePointer<Double>.allocate(capacity: larger * larger)
    for row in 0..<size {
      (wide + row * larger).initialize(from: factorRow(row), count: row + 1)
    }
    factor.deallocate()
    (factor, supportCapacity) = (wide, larger)
  }

  private static func moved(
    _ old: UnsafeMutablePointer<Double>, count: Int, capacity: Int
  ) -> UnsafeMutablePointer<Double> {
    let new = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
    new.initialize(from: old, count: count)
    old.deallocate()
    return new
  }

  /// Removes a row of L, and the element of L⁻¹ b with it, by rotating the columns after it.
  func dropFactorRow(_ index: Int, of size: Int) {
    for row in index + 1..<max(size, index + 1) {
      factorRow(row - 1).update(from: factorRow(row), count: row + 1)
    }
    for column in index..<size - 1 {
      let (a, b) = (factorRow(column)[column], factorRow(column)[column + 1])
      let length = (a * a + b * b).squareRoot()
      let (cosine, sine) = (a / length, b / length)
      for row in column..<size - 1 {
        let values = factorRow(row) + column
        (values[0], values[1]) = (
          cosine * values[0] + sine * values[1], cosine * values[1] - sine * values[0]
        )
      }
      let (u, v) = (halfSolved[column], halfSolved[column + 1])
      (halfSolved[column], halfSolved[column + 1]) = (cosine * u + sine * v, cosine * v - sine * u)
    }
  }
}
