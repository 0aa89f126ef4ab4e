/// Which states of a training are written, and which of them stay.
///
/// Those of step 0, of the last step and of ``schedule`` stay; of every ``every`` steps, the newest
/// ``newestCount``. What is written for safety, or because the training is stopped, goes when a later
/// checkpoint is there. So which checkpoints a finished training has depends on this policy and the number of steps
/// alone, whatever happened on the way.
public struct CheckpointPolicy: Sendable, Hashable {
  /// Steps whose checkpoints stay.
  public var schedule: Schedule
  /// Also one every so many steps; 0: none.
  public var every: Int
  /// How many of the newest of these stay; 0: all.
  public var newestCount: Int
  /// Seconds without a checkpoint after which one is written for safety; 0: never.
  public var safetySeconds: Double

  /// A policy; by default two checkpoints a decade, and one for safety after five minutes.
  public init(
    _ schedule: Schedule = .logarithmic(perDecade: 2), every: Int = 0, newestCount: Int = 0,
    safetySeconds: Double = 300
  ) {
    precondition(every >= 0, "CheckpointPolicy: every \(every) steps; 0 stands for none")
    self.schedule = schedule
    self.every = every
    self.newestCount = newestCount
    self.safetySeconds = safetySeconds
  }

  /// Whether the checkpoint of a step is written in any case.
  public func contains(_ step: Int) -> Bool {
    step == 0 || isOneOfEvery(step) || schedule.contains(step)
  }

  /// Whether the checkpoint of a step is there when the last one written is that of `last`.
  public func keeps(_ step: Int, through last: Int) -> Bool {
    if step == last || alwaysKeeps(step) { return true }
    return isOneOfEvery(step) && step < last && last / every - step / every < newestCount
  }

  /// How many checkpoints a training of so many steps leaves.
  public func count(through last: Int) -> Int {
    guard last > 0 else { return 1 }
    let always = newestCount == 0 && every > 0 ? schedule | .every(every) : schedule
    var count = (always | .at([0, last])).count(through: last)
    if every > 0 && newestCount > 0 {
      let multiples = 1...max(1, last / every)
      for multiple in multiples.suffix(newestCount) where multiple * every < last {
        if !schedule.contains(multiple * every) { count += 1 }
      }
    }
    return count
  }

  /// Whether the checkpoint of a step stays whatever comes later.
  func alwaysKeeps(_ step: Int) -> Bool {
    step == 0 || (newestCount == 0 && isOneOfEvery(step)) || schedule.contains(step)
  }

  private func isOneOfEvery(_ step: Int) -> Bool { every > 0 && step % every == 0 }
}
