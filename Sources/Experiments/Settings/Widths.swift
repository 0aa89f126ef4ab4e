/// Widths of layers, written `200x200`; empty for none. A comma stands for an x where the command line does not read
/// it otherwise.
public struct Widths: Sendable, Equatable, LosslessStringConvertible {
  /// The width of each layer.
  public let counts: [Int]

  /// Widths of layers.
  public init(_ counts: [Int]) { self.counts = counts }

  /// Widths from their text, `nil` where it is none.
  public init?(_ description: String) {
    if description.isEmpty || description == "none" {
      counts = []
      return
    }
    var counts: [Int] = []
    for part in description.split(
      omittingEmptySubsequences: false, whereSeparator: { "x,".contains($0) })
    {
      guard let count = Int(part), count >= 1, count <= 1_000_000 else { return nil }
      counts.append(count)
    }
    self.counts = counts
  }

  /// The text: `200x200`.
  public var description: String {
    counts.isEmpty ? "none" : counts.map(String.init).joined(separator: "x")
  }
}
