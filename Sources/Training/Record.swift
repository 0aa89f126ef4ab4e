/// One number of a training: what was measured, when, and what came out.
public struct Record: Sendable, Hashable {
  /// Updates done when it was measured.
  public let step: Int
  /// Wall-clock seconds since the training began, resumed parts added up; the one field that differs
  /// between two runs of the same settings.
  public let seconds: Double
  /// A path: `train/loss`, `test/accuracy`, `weights/norm`.
  public let name: String
  /// The number, in the unit of the quantity.
  public let value: Double
  /// The standard error, where there is one.
  public let error: Double?

  /// One number of a training.
  public init(step: Int, seconds: Double, name: String, value: Double, error: Double? = nil) {
    self.step = step
    self.seconds = seconds
    self.name = name
    self.value = value
    self.error = error
  }
}

/// Whatever wants the records of a training: a run folder, a progress line, a report.
public protocol RecordSink: Sendable {
  /// Takes the records of one step, in order; called with rising steps.
  ///
  /// - Throws: What writing throws; the training ends with it.
  func record(_ records: [Record]) throws

  /// Called before a checkpoint is written: from then on, no earlier record is given again, whatever happens.
  ///
  /// - Throws: What writing throws; the checkpoint is then not written.
  func synchronize() throws
}

extension RecordSink {
  /// Nothing, for sinks that keep nothing.
  public func synchronize() throws {}
}
