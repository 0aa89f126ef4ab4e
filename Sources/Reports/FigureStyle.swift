/// The colors of everything but the series, and the style sheet that adapts a figure to its
/// surroundings.
///
/// Elements carry their light colors as attributes, which every renderer understands. The style
/// sheet overrides them in browsers: by the custom properties `--gk-…` of the page around the
/// figure if it sets them, else by the reader's choice of light or dark. Printing is always light.
enum FigureStyle {
  /// A color that depends on the paper, and the class and property that carry it.
  struct Role: Hashable {
    var name: String
    /// The property that takes the color.
    var property: String
    var color: PlotColor

    /// The class of elements that have this color.
    var className: String { "gk-\(name)" }
    /// The color on light paper.
    var light: String { FigureStyle.hex(color.light) }
  }

  /// What figures are drawn on.
  static let paper = Role(
    name: "paper", property: "fill", color: PlotColor(light: 0xFFFFFF, dark: 0x15191E))
  /// A rim of paper around names inside the area, so that the grid does not cross them.
  static let halo = Role(name: "halo", property: "stroke", color: paper.color)
  /// Titles and names.
  static let ink = Role(
    name: "ink", property: "fill", color: PlotColor(light: 0x1A1F24, dark: 0xE8EBEE))
  /// Numbers at ticks and other texts of the second rank.
  static let muted = Role(
    name: "muted", property: "fill", color: PlotColor(light: 0x545D66, dark: 0xA6AFB8))
  /// Axes and ticks.
  static let axis = Role(
    name: "axis", property: "stroke", color: PlotColor(light: 0x6A737C, dark: 0x858F99))
  /// The lines of the grid.
  static let grid = Role(
    name: "grid", property: "stroke", color: PlotColor(light: 0xE9ECEF, dark: 0x272D34))
  /// Lines at events and levels.
  static let guide = Role(
    name: "guide", property: "stroke", color: PlotColor(light: 0x868F98, dark: 0x78828C))

  static let roles = [paper, halo, ink, muted, axis, grid, guide]

  /// Common families of one shape that are already on the reader's machine.
  static let fontFamily = "Helvetica Neue,Helvetica,Arial,Liberation Sans,system-ui,sans-serif"

  /// The class of elements drawn in the color of a series.
  static func className(_ color: PlotColor) -> String {
    "gk-\(hex(color.light).dropFirst())-\(hex(color.dark).dropFirst())"
  }

  /// The style sheet of figures with series of the given colors.
  static func sheet(_ colors: [PlotColor]) -> String {
    rules(colors, \.light) + "@media screen and (prefers-color-scheme:dark){"
      + rules(colors, \.dark) + "}"
  }

  /// The rules for one kind of paper.
  ///
  /// - Parameter root: What stands ahead of every class.
  static func rules(
    _ colors: [PlotColor], _ value: (PlotColor) -> UInt32, under root: String = ""
  ) -> String {
    var distinct: [PlotColor] = []
    for color in colors where !distinct.contains(color) { distinct.append(color) }
    let fixed = roles.map {
      "\(root).gk-\($0.name){\($0.property):var(--gk-\($0.name),\(hex(value($0.color))))}"
    }
    return fixed.joined()
      + distinct.map { "\(root).\(className($0)){color:\(hex(value($0)))}" }.joined()
  }

  /// `#RRGGBB`.
  static func hex(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
