/// What TensorBoard's table of settings is made of.
///
/// A run says with ``start(_:)`` which settings it has and with ``end(_:)`` how it ended; TensorBoard then
/// finds by itself which settings differ between runs. ``experiment(settings:metrics:)`` replaces that by lists of one's own.
public enum TensorBoardHyperparameters: Sendable, Hashable {
  /// The settings of a run.
  case start([Setting])
  /// How a run ended.
  case end(Status)
  /// The columns of the table: settings, and tags of scalars.
  case experiment(settings: [Column], metrics: [Column])

  /// One setting of a run.
  public struct Setting: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: Value

    /// One setting of a run.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a setting.
  public enum Value: Sendable, Hashable {
    /// A finite number.
    case number(Double)
    /// Text.
    case text(String)
    /// Yes or no.
    case flag(Bool)

    /// The value that a text stands for: `true` and `false`, a finite number, or the text itself.
    public init(parsing text: String) {
      if let flag = Bool(text) {
        self = .flag(flag)
      } else if let number = Double(text), number.isFinite {
        self = .number(number)
      } else {
        self = .text(text)
      }
    }
  }

  /// How a run ended.
  public enum Status: Int, Sendable, Hashable, CaseIterable {
    /// Not said.
    case unknown = 0
    /// As asked.
    case success = 1
    /// By an error.
    case failure = 2
    /// It goes on.
    case running = 3
  }

  /// A column of the table.
  public struct Column: Sendable, Hashable {
    /// The name of a setting, or the tag of a scalar.
    public var name: String
    /// What it is.
    public var description: String
    /// The kind of a setting; not used for scalars.
    public var kind: Kind

    /// The kinds of settings.
    public enum Kind: Int, Sendable, Hashable {
      /// Not said.
      case unset = 0
      /// Text.
      case text = 1
      /// Yes or no.
      case flag = 2
      /// A number.
      case number = 3
    }

    /// A column of the table.
    public init(_ name: String, description: String = "", kind: Kind = .unset) {
      self.name = name
      self.description = description
      self.kind = kind
    }
  }

  /// The tag at which TensorBoard looks for it.
  public var tag: String {
    switch self {
    case .start: "_hparams_/session_start_info"
    case .end: "_hparams_/session_end_info"
    case .experiment: "_hparams_/experiment"
    }
  }
}
