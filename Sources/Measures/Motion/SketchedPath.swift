/// A path of any length in bounded memory: random projections of the weights, thinned out as they become many.
///
/// Records are kept every ``stride`` steps, at first every `interval`. When there are more than `capacity`, every other one is
/// dropped and the stride doubled: the kept records are always evenly spaced, and half of the capacity or more. Lengths and
/// distances of the kept path have a relative error of √(2/k) in their squares. It is one projection for
/// all records, so that all are long or short together: shapes (fractions of components, exponents, straightness) suffer
/// less than lengths do.
///
/// ```swift
/// var sketch = SketchedPath(RandomProjection(of: parameters.count, key: key), capacity: 512)
/// while training {
///   if sketch.wants(step: step) { try sketch.add(parameters, at: step) }
/// }
/// print(try pathComponents(of: sketch.path).fractions, try diffusionExponent(of: sketch.path).exponent)
/// ```
///
/// - Source: random projections: Johnson & Lindenstrauss, Contemp. Math. 26, 189 (1984); the thinning is this package's.
public struct SketchedPath: Sendable, Equatable, Codable {
  /// What makes k numbers of the weights.
  public let projection: RandomProjection
  /// The most records that are kept.
  public let capacity: Int
  /// Every how many steps a record is kept.
  public private(set) var stride: Int
  /// The steps of the records that are kept: multiples of ``stride``, one after the other.
  public private(set) var steps = [Int]()
  private var records = [[Double]]()

  /// A path without records.
  ///
  /// - Parameter capacity: at least 4; 8 k bytes each.
  /// - Parameter interval: the stride at first, in steps.
  public init(_ projection: RandomProjection, capacity: Int = 512, interval: Int = 1) {
    precondition(
      capacity >= 4 && interval >= 1,
      "SketchedPath: a capacity of \(capacity) every \(interval) steps; at least 4 every 1")
    self.projection = projection
    self.capacity = capacity
    stride = interval
  }

  /// Whether the weights of a step are to be kept: a multiple of the stride, after the last that is.
  public func wants(step: Int) -> Bool {
    step >= 0 && step % stride == 0 && step > (steps.last ?? -1)
  }

  /// Keeps the weights of a step that ``wants(step:)`` names; leaves others out.
  ///
  /// - Throws: `MeasureError.outOfRange` where a step before was to be kept and was not given, `.undefined` for another
  ///   number of weights, `.nonFiniteInput`; then nothing was kept.
  /// - Complexity: that of a projection where the step is kept, else O(1).
  public mutating func add<Scalar: RealScalar>(
    _ weights: [Scalar], at step: Int
  ) throws(MeasureError) {
    guard wants(step: step) else { return }
    if let last = steps.last, step != last + stride {
      throw .outOfRange(
        measure: measure, what: "step", value: Double(step),
        expected: "\(last + stride), so that records are evenly spaced")
    }
    guard weights.count == projection.elementCount else {
      throw .undefined(
        measure: measure,
        reason: "\(weights.count) weights, but the projection is of \(projection.elementCount)")
    }
    let record = projection.project(weights)
    guard record.allSatisfy(\.isFinite) else {
      guard let index = weights.firstIndex(where: { !$0.isFinite }) else {
        throw .undefined(measure: measure, reason: "the weights are too large to add up")
      }
      throw .nonFiniteInput(measure: measure, array: "the weights", index: index)
    }
    steps.append(step)
    records.append(record)
    if steps.count > capacity { thin() }
  }

  /// The kept records, `[records, k]`, one row per record: a path for every measure of motion.
  public var path: Matrix<Double> { Matrix(rows: records) }

  private mutating func thin() {
    stride *= 2
    let kept = steps.indices.filter { steps[$0] % stride == 0 }
    steps = kept.map { steps[$0] }
    records = kept.map { records[$0] }
  }
}

private let measure = "SketchedPath"
