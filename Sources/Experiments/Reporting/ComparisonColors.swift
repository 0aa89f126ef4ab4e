import GrokReports

/// How the groups of a comparison are told apart in figures: one setting by color, all others by panels.
struct ComparisonColors {
  /// A set of groups that share a figure: equal in all settings but the one that colors tell.
  struct Panel {
    /// What they share: `batchSize = 200, momentum = 0.9`; empty where nothing else varies.
    var title: String
    /// The groups with their names and colors, by rising values.
    var members: [Member]
  }

  /// A group in a figure.
  struct Member {
    var group: RunGroups.Group
    var name: String
    var color: PlotColor
  }

  /// All panels.
  private(set) var panels: [Panel] = []
  /// What the figures leave out, in a sentence; empty for nothing.
  private(set) var omission = ""

  /// - Parameter panelLimit: The largest number of panels; those shown are evenly chosen.
  /// - Parameter colorLimit: The largest number of values of the setting that colors tell.
  init(_ groups: RunGroups, panelLimit: Int, colorLimit: Int) {
    let tellingPath = groups.tellingPath
    guard let colorPath = tellingPath ?? groups.colorPath else {
      panels = groups.groups.map {
        Panel(title: "", members: [Member(group: $0, name: "all runs", color: .blue)])
      }
      return
    }
    let all = groups.values(of: colorPath)
    let values = evenly(colorLimit, of: all)
    let isOrdered = groups.numbers(of: colorPath) != nil && values.count > 1
    var positions: [[String]: Int] = [:]
    var combinations: [Panel] = []
    for group in groups.groups {
      guard let index = values.firstIndex(of: group.values[colorPath]) else { continue }
      let others =
        tellingPath == nil ? group.values.indices.filter { $0 != colorPath } : []
      let key = others.map { group.values[$0] }
      let position = positions[key] ?? combinations.count
      if position == combinations.count {
        positions[key] = position
        let words = others.map { "\(groups.shortName(of: $0)) = \(Self.word(group.values[$0]))" }
        combinations.append(Panel(title: words.joined(separator: ", "), members: []))
      }
      combinations[position].members.append(
        Member(
          group: group,
          name: "\(groups.shortName(of: colorPath)) = \(Self.word(group.values[colorPath]))",
          color: isOrdered
            ? .ramp(Double(index) / Double(values.count - 1))
            : PlotColor.palette[index % PlotColor.palette.count]))
    }
    panels = evenly(panelLimit, of: combinations)
    var omissions: [String] = []
    if values.count < all.count {
      omissions.append("\(values.count) of \(all.count) values of \(groups.paths[colorPath])")
    }
    if panels.count < combinations.count {
      omissions.append(
        "\(panels.count) of \(Readable.count(combinations.count)) combinations of the other settings"
      )
    }
    if !omissions.isEmpty {
      omission = "Shown are \(omissions.joined(separator: " and ")), evenly chosen."
    }
  }

  private static func word(_ value: String) -> String { value.isEmpty ? "–" : value }
}

extension PlotColor {
  /// This color two thirds of the way to the paper, for what stays in the background.
  var faint: PlotColor {
    func mixed(_ color: UInt32, _ paper: UInt32) -> UInt32 {
      [16, 8, 0].reduce(0) { result, shift in
        let (front, back) = (color >> UInt32(shift) & 0xFF, paper >> UInt32(shift) & 0xFF)
        return result | ((front + 2 * back) / 3) << UInt32(shift)
      }
    }
    return PlotColor(light: mixed(light, 0xFFFFFF), dark: mixed(dark, 0x15191E))
  }
}
