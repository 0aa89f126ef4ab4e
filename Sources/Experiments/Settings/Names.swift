/// A list of names, written `a+b`; empty for none. A comma stands for a plus where the command line does not read
/// it otherwise.
public struct Names: Sendable, Equatable, LosslessStringConvertible {
  /// The names, as given.
  public let names: [String]

  /// The given names.
  public init(_ names: [String] = []) { self.names = names }

  /// Names from their text, `nil` where one is empty or occurs twice.
  public init?(_ description: String) {
    guard !description.isEmpty && description != "none" else {
      self.init()
      return
    }
    let names = description.split(omittingEmptySubsequences: false) { "+,".contains($0) }
      .map(String.init)
    guard !names.contains(""), Set(names).count == names.count else { return nil }
    self.init(names)
  }

  /// The text: `a+b`.
  public var description: String { names.isEmpty ? "none" : names.joined(separator: "+") }
}
