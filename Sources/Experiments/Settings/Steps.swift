/// A list of steps, written `100+1000`; empty for none. A comma stands for a plus where the command line does not
/// read it otherwise.
public struct Steps: Sendable, Equatable, LosslessStringConvertible {
  /// The steps, rising.
  public let steps: [Int]

  /// The given steps, in whatever order.
  public init(_ steps: some Sequence<Int> = []) { self.steps = Set(steps).sorted() }

  /// Steps from their text, `nil` where it is none.
  public init?(_ description: String) {
    guard !description.isEmpty && description != "none" else {
      self.init()
      return
    }
    var steps: [Int] = []
    let parts = description.split(omittingEmptySubsequences: false) { "+,".contains($0) }
    for part in parts {
      guard let step = Int(part), (0...Int(Int32.max)).contains(step) else { return nil }
      steps.append(step)
    }
    self.init(steps)
  }

  /// The text: `100+1000`.
  public var description: String {
    steps.isEmpty ? "none" : steps.map(String.init).joined(separator: "+")
  }
}
