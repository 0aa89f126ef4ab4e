import GrokTraining

/// What stops being trained, and when: `stem@400+layer1@600`, `early-when-cool:0.5:5`, `late-when-cool`,
/// `layerwise:300+600`; empty for nothing.
public struct FreezingText: Sendable, Equatable, LosslessStringConvertible {
  /// What the text says.
  public let freezing: Freezing

  /// The text of a freezing.
  public init(_ freezing: Freezing = .never) { self.freezing = freezing }

  /// A freezing from its text, `nil` where it is none.
  public init?(_ description: String) {
    if description.isEmpty || description == "none" {
      self.init()
      return
    }
    let words = description.split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false
    ).map(String.init)
    let options = words.count == 2 ? words[1] : nil
    let freezing: Freezing? =
      switch words[0] {
      case "layerwise": options.flatMap(Self.layerwise)
      case "early-when-cool": Self.whenCool(.earlyFirst, options)
      case "late-when-cool": Self.whenCool(.lateFirst, options)
      default: Self.scheduled(description)
      }
    guard let freezing else { return nil }
    self.init(freezing)
  }

  private static func layerwise(_ text: String) -> Freezing? {
    var steps: [Int] = []
    for part in parts(text) {
      guard let step = step(part) else { return nil }
      steps.append(step)
    }
    return .layerwise(beginnings: steps)
  }

  private static func whenCool(_ order: CoolingRule.Order, _ text: String?) -> Freezing? {
    var rule = CoolingRule(order)
    guard let text else { return .whenCool(rule) }
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count <= 2, let quantile = Double(words[0]), (0...1).contains(quantile) else {
      return nil
    }
    rule.quantile = quantile
    if words.count == 2 {
      guard let patience = Int(words[1]), (1...1_000_000).contains(patience) else { return nil }
      rule.patience = patience
    }
    return .whenCool(rule)
  }

  private static func scheduled(_ text: String) -> Freezing? {
    var found: [FrozenPart] = []
    for part in parts(text) {
      let words = part.split(separator: "@", omittingEmptySubsequences: false)
      guard words.count == 2, !words[0].isEmpty, let step = step(words[1]) else { return nil }
      found.append(FrozenPart(String(words[0]), from: step))
    }
    return .scheduled(found)
  }

  private static func parts(_ text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { "+,".contains($0) }
  }

  private static func step(_ text: Substring) -> Int? {
    Int(text).flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
  }

  /// The text: `stem@400+layer1@600`.
  public var description: String {
    switch freezing {
    case .never: "none"
    case .scheduled(let parts):
      parts.map { "\($0.name)@\($0.step)" }.joined(separator: "+")
    case .whenCool(let rule):
      (rule.order == .earlyFirst ? "early" : "late")
        + "-when-cool:\(rule.quantile):\(rule.patience)"
    case .layerwise(let beginnings):
      "layerwise:" + beginnings.map(String.init).joined(separator: "+")
    }
  }
}
