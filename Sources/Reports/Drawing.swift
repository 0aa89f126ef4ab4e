/// A figure between layout and file: marks at their places, in the order in which they are painted.
///
/// The renderer of figures makes it, and each format writes it; a format needs to know nothing about
/// axes or series. Lengths are in pixels, y grows downwards, and the paper is not among the marks.
struct Drawing: Hashable {
  /// The name of the figure, for readers who cannot see it and for files that carry one.
  var title: String
  /// The figure in words.
  var description: String
  var width: Double
  var height: Double
  var marks: [Mark]

  /// Something to paint.
  indirect enum Mark: Hashable {
    case group(Group)
    case shapes(Shapes)
    case texts(Texts)
    case picture(Picture)
  }

  /// Marks that are moved together, such as one plot of a grid.
  struct Group: Hashable {
    /// Where the group's origin lies.
    var x: Double
    var y: Double
    var marks: [Mark]
    /// What a page lets its reader do with the group; a file has no use for it.
    var part: Part?
  }

  /// A part of a figure that a reader of a page can change.
  enum Part: Hashable {
    /// What depends on the ranges of the axes: lines, ticks, series.
    case view
    /// The name of a series in the legend.
    case entry(series: Int)
  }

  /// Shapes of one color, first at the bottom.
  struct Shapes: Hashable {
    var ink: Ink
    var shapes: [Shape]
  }

  /// Lines that are filled or stroked together, so that overlaps are not painted twice.
  struct Shape: Hashable {
    var path: Path
    var paint: Paint
  }

  /// How a shape is painted.
  enum Paint: Hashable {
    /// The inside, by the non-zero winding rule; open lines count as closed.
    case fill(opacity: Double)
    /// The lines themselves.
    case stroke(Stroke)
  }

  /// A line of a width, perhaps broken into dashes.
  struct Stroke: Hashable {
    var width: Double
    /// Lengths of dashes and gaps in turn; empty for none. Each line of the path starts anew.
    var dash: [Double] = []
    /// Whether ends are half disks rather than cut straight; a line of one point is then a dot.
    var hasRoundCaps = false
    /// Whether corners are round rather than pointed.
    var hasRoundJoins = false

    /// How far a pointed corner may reach, in halves of the width, before it is cut off. The value
    /// that SVG assumes.
    static let miterLimit = 4.0
  }

  /// Colored pixels that fill a rectangle, each a sharp rectangle of its own.
  struct Picture: Hashable {
    var rect: Rect
    /// The number of pixels in a row.
    var width: Int
    /// The number of rows.
    var height: Int
    /// Red, green, blue and opacity of every pixel, row by row from the top; a pixel is opaque or not
    /// there.
    var rgba: [UInt8]
  }

  /// Texts of one color.
  struct Texts: Hashable {
    var ink: Ink
    /// The width of a rim of paper around the letters; 0 for none.
    var haloWidth = 0.0
    var texts: [Text]
  }

  /// One line of text.
  struct Text: Hashable {
    var text: String
    /// Smaller and raised at the end, as in 10⁻⁷; empty for nothing.
    var exponent = ""
    /// The place on the baseline that `anchor` speaks of.
    var x: Double
    var y: Double
    var size: Double
    var anchor = Anchor.start
    var weight = Weight.regular
    var isItalic = false
    /// Whether the text reads from the bottom to the top.
    var isVertical = false

    /// The size of an exponent, in sizes of its text.
    static let exponentScale = 8.5 / 11
    /// How far an exponent is raised, in sizes of its text.
    static let exponentRise = 4.0 / 11
  }

  /// Which part of a text lies at its place.
  enum Anchor: String, Hashable {
    case start, middle, end
  }

  /// The thickness of letters, as style sheets number it.
  enum Weight: Int, Hashable {
    case regular = 400
    case semibold = 600
    case bold = 700
  }
}

extension Drawing {
  /// Every color beside those that all figures share, each once, in the order of painting.
  var colors: [PlotColor] {
    func inks(_ marks: [Mark]) -> [Ink] {
      marks.flatMap { mark -> [Ink] in
        switch mark {
        case .group(let group): inks(group.marks)
        case .shapes(let shapes): [shapes.ink]
        case .texts(let texts): [texts.ink]
        case .picture: []
        }
      }
    }
    var distinct: [PlotColor] = []
    for case .color(let color) in inks(marks) where !distinct.contains(color) {
      distinct.append(color)
    }
    return distinct
  }
}

/// What a mark is painted with.
enum Ink: Hashable {
  /// A color that all figures share and that a page may set.
  case role(FigureStyle.Role)
  /// A color of the figure's own, such as that of a series.
  case color(PlotColor)
  /// A color that is the same on any paper.
  case fixed(UInt32)

  /// The color on light and on dark paper.
  var color: PlotColor {
    switch self {
    case .role(let role): role.color
    case .color(let color): color
    case .fixed(let color): PlotColor(light: color, dark: color)
    }
  }
}

/// Lines to fill or to stroke.
struct Path: Hashable {
  /// One line: its corners in order; a single one for a dot.
  struct Line: Hashable {
    var points: [PixelPoint]
    var isClosed = false
  }

  var lines: [Line] = []

  var isEmpty: Bool { lines.isEmpty }

  static func + (a: Path, b: Path) -> Path { Path(lines: a.lines + b.lines) }

  static func += (path: inout Path, other: Path) { path.lines += other.lines }

  /// A line from one place to another.
  static func segment(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Path {
    line([PixelPoint(x: x1, y: y1), PixelPoint(x: x2, y: y2)])
  }

  /// A line through `points`; nothing where there are none.
  static func line(_ points: [PixelPoint], isClosed: Bool = false) -> Path {
    points.isEmpty ? Path() : Path(lines: [Line(points: points, isClosed: isClosed)])
  }

  /// The four sides of a rectangle.
  static func rectangle(_ rect: Rect) -> Path {
    line(
      [
        PixelPoint(x: rect.left, y: rect.top), PixelPoint(x: rect.right, y: rect.top),
        PixelPoint(x: rect.right, y: rect.bottom), PixelPoint(x: rect.left, y: rect.bottom),
      ], isClosed: true)
  }

  /// One dot at each of `points`, to be stroked with round caps.
  static func dots(_ points: [PixelPoint]) -> Path {
    Path(lines: points.map { Line(points: [$0]) })
  }

  /// All of `paths` in turn.
  static func joined(_ paths: some Sequence<Path>) -> Path {
    Path(lines: paths.flatMap(\.lines))
  }
}

extension Drawing.Mark {
  /// Marks that a page lets its reader change together.
  static func part(_ part: Drawing.Part, _ marks: [Drawing.Mark]) -> Drawing.Mark {
    .group(Drawing.Group(x: 0, y: 0, marks: marks, part: part))
  }

  /// Shapes of one color.
  static func shapes(_ ink: Ink, _ shapes: [Drawing.Shape]) -> Drawing.Mark {
    .shapes(Drawing.Shapes(ink: ink, shapes: shapes))
  }

  /// Texts of one color.
  static func texts(_ role: FigureStyle.Role, _ texts: [Drawing.Text]) -> Drawing.Mark {
    .texts(Drawing.Texts(ink: .role(role), texts: texts))
  }
}

extension Drawing.Shape {
  /// The inside of a path.
  static func fill(_ path: Path, opacity: Double = 1) -> Drawing.Shape {
    Drawing.Shape(path: path, paint: .fill(opacity: opacity))
  }

  /// The lines of a path.
  static func stroke(
    _ path: Path, width: Double, dash: [Double] = [], hasRoundCaps: Bool = false,
    hasRoundJoins: Bool = false
  ) -> Drawing.Shape {
    Drawing.Shape(
      path: path,
      paint: .stroke(
        Drawing.Stroke(
          width: width, dash: dash, hasRoundCaps: hasRoundCaps, hasRoundJoins: hasRoundJoins)))
  }
}
