/// How much of the fall of the loss each component's updates have brought about, to second order.
///
/// Over the step from w to w + d the loss falls by about −½⟨g + g⁺, d⟩, where g⁺ is the gradient at its end: the trapezoid rule
/// along the step, whose error is of third order in d. The sum over components is exact, so that all parts together are the
/// fall of the loss where g and g⁺ are gradients of the same loss, which full batches without noise give.
///
/// - Units: those of the loss.
public struct HeatBudget: Sendable {
  /// The parameters of the network.
  public let components: [MotionComponent]
  /// Updates before each step.
  public let steps: [Int]
  /// What each component's update took off the loss: `[components][steps]`; not-a-number where the following step was not
  /// recorded.
  public let heat: [[Double]]
  /// The fall of the loss from the first recorded step to the last.
  public let lossFall: Double

  /// The budget of a recorded training.
  ///
  /// - Throws: What reading throws, ``RunError/unreadable(path:problem:)`` where steps were not compared.
  public init(of table: MotionTable) throws {
    components = table.columns.components.filter { $0.head == nil }
    let all = Array(components.indices)
    let now = try table.series(.gradientAlongUpdate, of: all)
    let after = try table.series(.gradientAlongPreviousUpdate, of: all)
    let (recorded, losses) = (try table.steps(), try table.losses())
    steps = Array(recorded.dropLast())
    heat = all.map { component in
      recorded.indices.dropLast().map { row in
        recorded[row + 1] == recorded[row] + 1
          ? -(now[component][row] + after[component][row + 1]) / 2 : .nan
      }
    }
    lossFall = (losses.first ?? .nan) - (losses.last ?? .nan)
  }

  /// What all components' updates took off the loss.
  public var totalHeat: Double { heat.reduce(0) { $0 + $1.reduce(0, +) } }

  /// How far the budget is from closing: |heat − fall| / |fall|.
  public var residual: Double { abs(totalHeat - lossFall) / abs(lossFall) }
}
