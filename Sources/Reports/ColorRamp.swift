/// Colors in an order.
struct ColorRamp: Hashable {
  private var light: [UInt32]
  private var dark: [UInt32]

  /// From nearly black by blue and green to pale yellow, for areas. The same on any paper, since an
  /// area is compared with its neighbors rather than with the paper.
  static let sequential = ColorRamp([
    0x17103F, 0x2B2A72, 0x2A4E8F, 0x217292, 0x27938A, 0x53B173, 0x96C95A, 0xDDDB63, 0xFBF3B4,
  ])

  /// From dark blue by nearly white to dark red, for areas.
  static let diverging = ColorRamp([
    0x0B2F63, 0x1F5C9E, 0x5A92C6, 0xA4C6E0, 0xF3F1EC, 0xEDBB98, 0xD57F4F, 0xA9441F, 0x651A0C,
  ])

  /// From indigo to gold, for marks that must stand out from the paper.
  static let sequentialOnPaper = ColorRamp(
    light: [0x3B2E8C, 0x2D6CA8, 0x1F9388, 0x6A9A2B, 0xC28A00],
    dark: [0x8C86E8, 0x5FA8E6, 0x3FC9B8, 0xA6CF5A, 0xF5D04A])

  /// From blue by gray to vermilion, for marks that must stand out from the paper.
  static let divergingOnPaper = ColorRamp(
    light: [0x0B4F8F, 0x4A7DB0, 0x8A8A8A, 0xB5683C, 0xA83A00],
    dark: [0x4FA3F0, 0x86AEDA, 0xB9BDC2, 0xDD9C74, 0xF0803C])

  /// Colors that depend on the paper.
  init(light: [UInt32], dark: [UInt32]) {
    self.light = light
    self.dark = dark
  }

  private init(_ stops: [UInt32]) {
    self.init(light: stops, dark: stops)
  }

  /// The color at a place between 0 and 1.
  func color(at fraction: Double) -> PlotColor {
    PlotColor(
      light: Self.interpolated(light, at: fraction), dark: Self.interpolated(dark, at: fraction))
  }

  /// The color at `fraction` of the way through `stops`, interpolated channel by channel.
  private static func interpolated(_ stops: [UInt32], at fraction: Double) -> UInt32 {
    let place = fraction * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let weight = place - Double(index)
    return [16, 8, 0].reduce(0) { color, shift in
      let low = Double(stops[index] >> UInt32(shift) & 0xFF)
      let high = Double(stops[index + 1] >> UInt32(shift) & 0xFF)
      return color | UInt32((low + weight * (high - low)).rounded()) << UInt32(shift)
    }
  }
}
