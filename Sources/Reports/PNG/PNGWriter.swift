extension Plot {
  /// The paper that a picture is drawn for.
  public enum Theme: Sendable, Hashable, CaseIterable {
    /// White paper, as in print.
    case light
    /// Nearly black paper, as on dark slides and pages.
    case dark
  }

  /// This figure as the bytes of a PNG file, for slides, messages and places that take nothing else.
  ///
  /// The picture is drawn here, letters included, so that the same plot gives the same pixels on
  /// every machine. It carries its title and description, and the size it wants to be shown at.
  ///
  /// ```swift
  /// try Data(plot.png(theme: .dark)).write(to: URL(fileURLWithPath: "accuracy.png"))
  /// ```
  ///
  /// - Parameter scale: How many pixels of the picture lie along one of the figure: 2 for screens of
  ///   today, 4 for print.
  /// - Precondition: `scale` is between 0.25 and 16.
  public func png(scale: Double = 2, theme: Theme = .light) -> [UInt8] {
    PNGWriter.bytes(Figure(self).drawing, scale: scale, theme: theme)
  }
}

extension PlotGrid {
  /// These figures as the bytes of one PNG file, with the promises of ``Plot/png(scale:theme:)``.
  ///
  /// - Precondition: `scale` is between 0.25 and 16.
  public func png(scale: Double = 2, theme: Plot.Theme = .light) -> [UInt8] {
    PNGWriter.bytes(Figure(self).drawing, scale: scale, theme: theme)
  }
}

extension Ink {
  /// The color on the paper of a theme.
  func color(on theme: Plot.Theme) -> UInt32 { theme == .light ? color.light : color.dark }
}

/// Paints a drawing onto a canvas.
struct PNGWriter {
  private var canvas: Canvas
  private let scale: Double
  private let theme: Plot.Theme
  /// The left upper corner of the group that is being painted, in pixels of the drawing.
  private var origin = PixelPoint(x: 0, y: 0)
  private var letters: [Letter: [Outline]] = [:]

  /// A letter as a pen of a width draws it.
  private struct Letter: Hashable {
    var character: Character
    var isBold: Bool
    var rim: Double
  }

  /// A drawing as the bytes of a file.
  static func bytes(_ drawing: Drawing, scale: Double, theme: Plot.Theme) -> [UInt8] {
    let canvas = canvas(drawing, scale: scale, theme: theme)
    // CSS counts 96 pixels in an inch of 25.4 mm.
    return PNG.encode(
      width: canvas.width, height: canvas.height, rgba: canvas.pixels,
      pixelsPerMeter: Int((scale * 96 / 0.0254).rounded()),
      texts: ["Title": drawing.title, "Description": drawing.description])
  }

  /// A drawing as pixels.
  static func canvas(_ drawing: Drawing, scale: Double, theme: Plot.Theme) -> Canvas {
    precondition(
      (0.25...16).contains(scale), "png: a scale of \(scale); expected 0.25 to 16")
    var writer = PNGWriter(
      canvas: Canvas(
        width: Int((drawing.width * scale).rounded(.up)),
        height: Int((drawing.height * scale).rounded(.up)),
        paper: Ink.role(FigureStyle.paper).color(on: theme)),
      scale: scale, theme: theme)
    for mark in drawing.marks { writer.paint(mark) }
    return writer.canvas
  }

  private init(canvas: Canvas, scale: Double, theme: Plot.Theme) {
    self.canvas = canvas
    self.scale = scale
    self.theme = theme
  }

  private mutating func paint(_ mark: Drawing.Mark) {
    switch mark {
    case .group(let group):
      let outer = origin
      origin = origin + PixelPoint(x: group.x, y: group.y)
      for mark in group.marks { paint(mark) }
      origin = outer
    case .shapes(let shapes):
      for shape in shapes.shapes { paint(shape, color: shapes.ink.color(on: theme)) }
    case .texts(let texts): paint(texts)
    case .picture(let picture): paint(picture)
    }
  }

  private func device(_ point: PixelPoint) -> PixelPoint { (point + origin) * scale }
}

// MARK: Shapes

extension PNGWriter {
  private mutating func paint(_ shape: Drawing.Shape, color: UInt32) {
    switch shape.paint {
    case .fill(let opacity):
      let outlines = shape.path.lines.compactMap(Outline.init).map { $0.mapped(device) }
      canvas.fill(outlines, color: color, opacity: opacity)
    case .stroke(var stroke):
      let lines = shape.path.lines.flatMap { line in
        stroke.dash.isEmpty ? [line] : dashes(of: line, stroke.dash)
      }
      stroke.width *= scale
      let stroker = Stroker(stroke)
      let outlines = lines.compactMap(Outline.init).flatMap { line in
        stroker.outlines(of: aligned(line.mapped(device), stroke))
      }
      canvas.fill(outlines, color: color)
    }
  }

  /// Axes, ticks and grid lines moved by less than a pixel to where their sides lie between pixels,
  /// so that they are sharp and alike.
  private func aligned(_ line: Outline, _ stroke: Drawing.Stroke) -> Outline {
    guard !stroke.hasRoundJoins, !stroke.hasRoundCaps, line.pieces.count == 1, !line.isClosed
    else { return line }
    let half = stroke.width.rounded() / 2
    func moved(_ value: Double) -> Double { (value - half).rounded() + half }
    var line = line
    if line.start.x == line.end.x {
      line = line.mapped { PixelPoint(x: moved($0.x), y: $0.y) }
    } else if line.start.y == line.end.y {
      line = line.mapped { PixelPoint(x: $0.x, y: moved($0.y)) }
    }
    return line
  }
}

// MARK: Pictures

extension PNGWriter {
  private mutating func paint(_ picture: Drawing.Picture) {
    let start = device(PixelPoint(x: picture.rect.left, y: picture.rect.top))
    let end = device(PixelPoint(x: picture.rect.right, y: picture.rect.bottom))
    canvas.paint(
      picture, in: Rect(left: start.x, top: start.y, right: end.x, bottom: end.y))
  }
}

// MARK: Texts

extension PNGWriter {
  private mutating func paint(_ texts: Drawing.Texts) {
    if texts.haloWidth > 0 {
      let paper = Ink.role(FigureStyle.halo).color(on: theme)
      for text in texts.texts {
        canvas.fill(outlines(of: text, rim: texts.haloWidth), color: paper)
      }
    }
    for text in texts.texts {
      canvas.fill(outlines(of: text, rim: 0), color: texts.ink.color(on: theme))
    }
  }

  /// - Parameter rim: By how much the pen is wider than for the letters alone, in pixels of the
  ///   drawing.
  private mutating func outlines(of text: Drawing.Text, rim: Double) -> [Outline] {
    let run = TextRun(text)
    var place = device(PixelPoint(x: text.x, y: text.y))
    // A baseline between two rows of pixels keeps the feet of letters sharp.
    if text.isVertical { place.x.round() } else { place.y.round() }
    place = place + run.along * (run.start * scale)
    var result: [Outline] = []
    for piece in run.pieces {
      let unit = piece.size * scale / 100
      for character in piece.text {
        let letter = Letter(
          character: character, isBold: run.isBold, rim: rim * 100 / piece.size)
        let shape =
          letters[letter]
          ?? Typeface.outlines(letter.character, isBold: letter.isBold, rim: letter.rim)
        letters[letter] = shape
        let start = place + run.up * (piece.rise * scale)
        result += shape.map { outline in
          outline.mapped { start + run.along * ($0.x * unit) + run.up * ($0.y * unit) }
        }
        place =
          place + run.along * (Typeface.advance(character, isBold: run.isBold) * unit)
      }
    }
    return result
  }
}
