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
  public static let blue = PlotColor(light: 0x005F9F, dark: 0x3990D5)
  /// Vermilion.
  public static let vermilion = PlotColor(light: 0xD65E00, dark: 0xD36223)
  /// Bluish green.
  public static let green = PlotColor(light: 0x069C6E, dark: 0x4DCC91)
  /// Reddish purple.
  public static let purple = PlotColor(light: 0xC777A5, dark: 0xC984AC)
  /// Gold.
  public static let gold = PlotColor(light: 0xC08A45, dark: 0xEFC14F)
  /// Sky blue.
  public static let sky = PlotColor(light: 0x329DDA, dark: 0x59D2FE)
  /// Gray.
  public static let gray = PlotColor(light: 0x495059, dark: 0xD9E0E5)

  /// The colors that series take in turn when they are not told one.
  ///
  /// Any two differ by at least 20 in CIE 1976 L*a*b*, also as seen without red or without green
  /// cones, and each stands out from its paper by a contrast of at least 3:1.
  ///
  /// - Source: the hues follow Okabe & Ito, "Color Universal Design" (2008); colors were moved as
  ///   little as these two conditions allow.
  public static let palette: [PlotColor] = [.blue, .vermilion, .green, .purple, .gold, .sky, .gray]

  /// A color between indigo at 0 and gold at 1, for series that have an order, such as weight
  /// decays, layers or seeds. Lightness grows with `fraction`, so the order survives in gray.
  ///
  /// - Precondition: `fraction` is between 0 and 1.
  public static func ramp(_ fraction: Double) -> PlotColor {
    precondition(fraction >= 0 && fraction <= 1, "PlotColor.ramp: \(fraction) is not in 0...1")
    return ColorRamp.sequentialOnPaper.color(at: fraction)
  }
}
