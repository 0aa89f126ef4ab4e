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
    return PlotColor(
      light: interpolated([0x3B2E8C, 0x2D6CA8, 0x1F9388, 0x6A9A2B, 0xC28A00], at: fraction),
      dark: interpolated([0x8C86E8, 0x5FA8E6, 0x3FC9B8, 0xA6CF5A, 0xF5D04A], at: fraction))
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
