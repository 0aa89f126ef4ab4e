import GrokMeasures

/// Where bins are, as text: `tishby`, `width:0.07`, `range:30`, `unit-range:30`, `quantiles:10`.
public struct BinningText: Sendable, Equatable, LosslessStringConvertible {
  /// The bins.
  public let binning: Binning
  /// The text.
  public let description: String

  /// 30 edges from -1 to 1: for tanh.
  public static let tishby = BinningText(binning: .tishby, description: "tishby")
  static let expectation = "tishby, or width:0.07, range:30, unit-range:30, quantiles:10"

  private init(binning: Binning, description: String) {
    self.binning = binning
    self.description = description
  }

  /// Bins from their text, `nil` where it is none.
  public init?(_ description: String) {
    if description == "tishby" {
      self = .tishby
      return
    }
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[0] == "width" {
      guard let width = Double(parts[1]), width > 0, width.isFinite else { return nil }
      self.init(binning: .width(width), description: description)
      return
    }
    guard let count = Int(parts[1]), (2...1_000_000).contains(count) else { return nil }
    switch parts[0] {
    case "range": self.init(binning: .layerRange(binCount: count), description: description)
    case "unit-range": self.init(binning: .unitRange(binCount: count), description: description)
    case "quantiles": self.init(binning: .quantiles(binCount: count), description: description)
    default: return nil
    }
  }
}
