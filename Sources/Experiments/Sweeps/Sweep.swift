import GrokNumerics

/// Many runs: settings that all share, and axes along which some of them vary.
///
/// Every combination of the axes' values is one job. Jobs are numbered from 0 and the last axis varies
/// fastest, so that a job's settings are a function of the sweep and the job's number:
///
///     let sweep = try Sweep(
///       settings,
///       over: [Axis("train.weightDecay", over: [0, 0.1, 1, 3]), Axis("seed", over: 0..<5)])
///     sweep.jobCount  // 20
///     sweep.settings(ofJob: 7).train.weightDecay  // 0.1, with seed 2
public struct Sweep: Sendable, Equatable {
  /// The most jobs of a sweep: a thousand folders of a thousand jobs.
  public static let largestJobCount = 1_000_000

  /// The settings that all jobs share.
  public let base: Settings
  /// What varies; the last axis fastest.
  public let axes: [Axis]
  /// The number of jobs: the product of the axes' lengths, 1 where nothing varies.
  public let jobCount: Int

  /// A sweep over all combinations of the values of `axes`.
  ///
  /// - Throws: ``ConfigurationError`` where two axes vary one setting, or there are more than
  ///   ``largestJobCount`` jobs.
  public init(_ base: Settings, over axes: [Axis]) throws(ConfigurationError) {
    var paths: Set<String> = []
    for path in axes.flatMap(\.paths) where !paths.insert(path).inserted {
      throw .conflict("'\(path)' is varied twice")
    }
    var count = 1
    for axis in axes {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis.count)
      guard !isTooLarge, product <= Sweep.largestJobCount else {
        throw .conflict(
          "the lengths \(axes.map { String($0.count) }.joined(separator: " × ")) make too many jobs; "
            + "a sweep has at most \(Sweep.largestJobCount)")
      }
      count = product
    }
    self.base = base
    self.axes = axes
    jobCount = count
  }

  /// The dotted names of what varies, in the order of the axes.
  public var variedPaths: [String] { axes.flatMap(\.paths) }

  /// What distinguishes a job from the others: values in the order of ``variedPaths``.
  public func variedValues(ofJob number: Int) -> [String] {
    zip(axes, positions(ofJob: number)).flatMap { axis, position in axis.values[position] }
  }

  /// The same with their names.
  func varied(ofJob number: Int) -> [(path: String, value: String)] {
    zip(variedPaths, variedValues(ofJob: number)).map { ($0, $1) }
  }

  /// The settings of a job.
  public func settings(ofJob number: Int) -> Settings {
    settings(at: positions(ofJob: number))
  }

  /// Where a job stands on each axis.
  func positions(ofJob number: Int) -> [Int] {
    precondition(
      number >= 0 && number < jobCount, "Sweep: job \(number) of a sweep of \(jobCount) jobs")
    var (rest, positions) = (number, [Int](repeating: 0, count: axes.count))
    for index in axes.indices.reversed() {
      (rest, positions[index]) = rest.quotientAndRemainder(dividingBy: axes[index].count)
    }
    return positions
  }

  /// The number of the job that stands at `positions`.
  func job(at positions: [Int]) -> Int {
    zip(axes, positions).reduce(0) { $0 * $1.0.count + $1.1 }
  }

  func settings(at positions: [Int]) -> Settings {
    var settings = base
    for (axis, position) in zip(axes, positions) { axis.apply(position, to: &settings) }
    return settings
  }

  /// The same sweep with paths of files that mean the same in every folder.
  func anchored(in folder: String) throws(ConfigurationError) -> Sweep {
    var base = base
    base.anchorFiles(in: folder)
    return try Sweep(
      base,
      over: axes.map { axis throws(ConfigurationError) in try axis.anchored(in: folder) })
  }
}
