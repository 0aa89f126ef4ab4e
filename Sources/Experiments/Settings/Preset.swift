/// Named settings to start from, and what a sweep of them varies.
public struct Preset: Sendable {
  /// The name on the command line.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// The settings.
  public let settings: Settings
  /// What `sweep` varies unless it is told otherwise, as its arguments: `seed=0..4`. Other commands train once, with
  /// ``settings``.
  public let axes: [String]
  /// Lists of keys of ``axes`` that advance together.
  public let zips: [[String]]

  /// A preset as changes of the defaults.
  public init(_ name: String, _ summary: String, _ change: (inout Settings) -> Void) {
    self.init(name, summary, from: Settings(), change)
  }

  /// A preset as changes of other settings.
  ///
  /// - Parameter axes: What `sweep` varies, as its arguments.
  /// - Parameter zips: Lists of keys of `axes` that advance together.
  public init(
    _ name: String, _ summary: String, from base: Settings, axes: [String] = [],
    zips: [[String]] = [], _ change: (inout Settings) -> Void
  ) {
    var settings = base
    change(&settings)
    self.name = name
    self.summary = summary
    self.settings = settings
    self.axes = axes
    self.zips = zips
  }
}
