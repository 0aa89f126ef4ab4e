/// Writes a drawing as SVG.
///
/// Marks carry their light colors as attributes and their roles as classes, see ``FigureStyle``.
enum SVGWriter {
  /// A drawing as the text of an SVG element.
  ///
  /// - Parameter isStandalone: Whether it brings its own style sheet. A figure in a page leaves that
  ///   to the page.
  static func text(_ drawing: Drawing, isStandalone: Bool) -> String {
    var svg = SVGText()
    let (w, h) = (Markup.pixels(drawing.width), Markup.pixels(drawing.height))
    svg.element(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("class", "gk"), ("role", "img"),
        ("viewBox", "0 0 \(w) \(h)"), ("width", w), ("height", h),
        ("font-family", FigureStyle.fontFamily),
      ]
    ) { svg in
      if !drawing.title.isEmpty { svg.element("title", containing: drawing.title) }
      if !drawing.description.isEmpty { svg.element("desc", containing: drawing.description) }
      if isStandalone { svg.raw("<style>\(FigureStyle.sheet(drawing.colors))</style>") }
      let paper = FigureStyle.paper
      svg.element(
        "rect", [("class", paper.className), ("fill", paper.light), ("width", w), ("height", h)])
      for mark in drawing.marks { write(mark, isInPage: !isStandalone, &svg) }
    }
    return svg.text
  }

  private static func write(_ mark: Drawing.Mark, isInPage: Bool, _ svg: inout SVGText) {
    switch mark {
    case .group(let group):
      func write(_ svg: inout SVGText) {
        for mark in group.marks { self.write(mark, isInPage: isInPage, &svg) }
      }
      switch group.part {
      case nil:
        let place =
          group.x == 0 && group.y == 0
          ? "" : "translate(\(Markup.pixels(group.x)) \(Markup.pixels(group.y)))"
        svg.element("g", [("class", "gk-plot"), ("transform", place)], write)
      case .some where !isInPage: write(&svg)
      case .view: svg.element("g", [("class", "gk-view")], write)
      case .entry(let series):
        svg.element("g", [("class", "gk-entry"), ("data-series", "\(series)")], write)
      }
    case .shapes(let shapes): write(shapes, &svg)
    case .texts(let texts): write(texts, &svg)
    case .picture(let picture): write(picture, &svg)
    }
  }
}

// MARK: Shapes

extension SVGWriter {
  private typealias Attributes = [(String, String)]

  private static func write(_ shapes: Drawing.Shapes, _ svg: inout SVGText) {
    switch shapes.ink {
    case .role(let role):
      for shape in shapes.shapes {
        svg.element(
          "path", [("class", role.className)] + attributes(shape, color: role.light))
      }
    case .fixed(let color):
      for shape in shapes.shapes {
        svg.element("path", attributes(shape, color: FigureStyle.hex(color)))
      }
    case .color(let color):
      let common: Attributes = [
        ("class", FigureStyle.className(color)), ("color", FigureStyle.hex(color.light)),
        ("fill", "none"), ("stroke", "currentColor"),
      ]
      svg.element("g", common) { svg in
        for shape in shapes.shapes { svg.element("path", attributes(shape, color: nil)) }
      }
    }
  }

  /// - Parameter color: The color to write, or `nil` where a group around the shape strokes in its
  ///   own.
  private static func attributes(_ shape: Drawing.Shape, color: String?) -> Attributes {
    let data = ("d", data(shape.path))
    switch shape.paint {
    case .fill(let opacity):
      return [
        ("fill", color ?? "currentColor"), ("fill-opacity", opacity == 1 ? "" : number(opacity)),
        ("stroke", color == nil ? "none" : ""), data,
      ]
    case .stroke(let stroke):
      return [
        ("stroke", color ?? ""), ("fill", color == nil ? "" : "none"),
        ("stroke-width", stroke.width == 1 ? "" : number(stroke.width)),
        ("stroke-linejoin", stroke.hasRoundJoins ? "round" : ""),
        ("stroke-linecap", stroke.hasRoundCaps ? "round" : ""),
        ("stroke-dasharray", stroke.dash.map(number).joined(separator: " ")), data,
      ]
    }
  }

  /// A number with as many digits as widths, dashes and opacities have.
  private static func number(_ value: Double) -> String { Markup.decimal(value, digits: 3) }

  /// The data of a path, in absolute coordinates with the fewest characters.
  static func data(_ path: Path) -> String {
    path.lines.map(data).joined()
  }

  private static func data(_ line: Path.Line) -> String {
    let points = line.points.map { (Markup.pixels($0.x), Markup.pixels($0.y)) }
    guard let first = points.first else { return "" }
    if points.count == 1 { return "M\(first.0) \(first.1)h0" }
    let isBox = points.count == 2 || (points.count == 4 && line.isClosed)
    var result = "M\(first.0) \(first.1)"
    var last = first
    for point in points.dropFirst() where point != last || points.count == 2 {
      if isBox, point.0 == last.0 {
        result += "V\(point.1)"
      } else if isBox, point.1 == last.1 {
        result += "H\(point.0)"
      } else {
        result += "\(isBox ? "L" : " ")\(point.0) \(point.1)"
      }
      last = point
    }
    return result + (line.isClosed ? "Z" : "")
  }
}

// MARK: Pictures

extension SVGWriter {
  private static func write(_ picture: Drawing.Picture, _ svg: inout SVGText) {
    let png = PNG.encode(width: picture.width, height: picture.height, rgba: picture.rgba)
    let rect = picture.rect
    svg.element(
      "image",
      [
        ("x", Markup.pixels(rect.left)), ("y", Markup.pixels(rect.top)),
        ("width", Markup.pixels(rect.width)), ("height", Markup.pixels(rect.height)),
        ("preserveAspectRatio", "none"), ("image-rendering", "optimizeSpeed"),
        ("style", "image-rendering:pixelated"),
        ("href", "data:image/png;base64," + Markup.base64(png)),
      ])
  }
}

// MARK: Texts

extension SVGWriter {
  private static func write(_ texts: Drawing.Texts, _ svg: inout SVGText) {
    guard let first = texts.texts.first else { return }
    // What all texts agree on is said once.
    let size = texts.texts.allSatisfy { $0.size == first.size } ? first.size : nil
    let anchor = texts.texts.allSatisfy { $0.anchor == first.anchor } ? first.anchor : nil
    let halo = FigureStyle.halo
    let hasHalo = texts.haloWidth > 0
    var common: Attributes = []
    switch texts.ink {
    case .role(let role):
      common = [
        ("class", role.className + (hasHalo ? " \(halo.className)" : "")), ("fill", role.light),
      ]
    case .color(let color):
      common = [
        ("class", FigureStyle.className(color) + (hasHalo ? " \(halo.className)" : "")),
        ("color", FigureStyle.hex(color.light)), ("fill", "currentColor"),
      ]
    case .fixed(let color):
      common = [("class", hasHalo ? halo.className : ""), ("fill", FigureStyle.hex(color))]
    }
    if hasHalo {
      common += [
        ("stroke", halo.light), ("stroke-width", number(texts.haloWidth)),
        ("stroke-linejoin", "round"), ("paint-order", "stroke"),
      ]
    }
    common += [
      ("font-size", size.map(Markup.pixels) ?? ""), ("text-anchor", name(anchor ?? .start)),
    ]
    svg.element("g", common) { svg in
      for text in texts.texts {
        write(text, hasSize: size == nil, hasAnchor: anchor == nil, &svg)
      }
    }
  }

  private static func write(
    _ text: Drawing.Text, hasSize: Bool, hasAnchor: Bool, _ svg: inout SVGText
  ) {
    let (x, y) = (Markup.pixels(text.x), Markup.pixels(text.y))
    let attributes: Attributes = [
      ("transform", text.isVertical ? "translate(\(x) \(y)) rotate(-90)" : ""),
      ("x", text.isVertical ? "" : x), ("y", text.isVertical ? "" : y),
      ("font-size", hasSize ? Markup.pixels(text.size) : ""),
      ("text-anchor", hasAnchor ? name(text.anchor) : ""),
      ("font-weight", text.weight == .regular ? "" : "\(text.weight.rawValue)"),
      ("font-style", text.isItalic ? "italic" : ""),
    ]
    guard !text.exponent.isEmpty else {
      svg.element("text", attributes, containing: text.text)
      return
    }
    let rise = Markup.pixels(-text.size * Drawing.Text.exponentRise)
    let size = Markup.pixels(text.size * Drawing.Text.exponentScale)
    svg.raw(
      "<text\(SVGText.attributes(attributes))>\(Markup.escaped(text.text))"
        + "<tspan dy=\"\(rise)\" font-size=\"\(size)\">\(Markup.escaped(text.exponent))</tspan></text>"
    )
  }

  /// The anchor, which need not be said where it is the start.
  private static func name(_ anchor: Drawing.Anchor) -> String {
    anchor == .start ? "" : anchor.rawValue
  }
}
