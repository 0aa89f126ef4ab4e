/// Writes a drawing as a PDF file, in the colors of light paper.
struct PDFWriter {
  /// Points in a pixel.
  private static let scale = 0.75

  /// The operators of the page.
  private var content = ""
  /// The opacities that shapes are filled with.
  private var opacities: [Double] = []
  private var pictures: [Drawing.Picture] = []
  private let fonts: PDFFonts

  /// A drawing as the bytes of a file.
  static func bytes(_ drawing: Drawing) -> [UInt8] {
    var writer = PDFWriter(fonts: PDFFonts(drawing))
    // From here on lengths are in pixels, y downwards.
    writer.add("\(number(scale)) 0 0 \(number(-scale)) 0 \(number(drawing.height * scale)) cm")
    writer.add("\(number(Drawing.Stroke.miterLimit)) M")
    for mark in drawing.marks { writer.write(mark) }
    return writer.file(drawing)
  }

  private init(fonts: PDFFonts) {
    self.fonts = fonts
  }

  private mutating func add(_ operators: String) { content += operators + "\n" }

  private func file(_ drawing: Drawing) -> [UInt8] {
    var file = PDFFile()
    let (catalog, pages, page) = (file.reserve(), file.reserve(), file.reserve())
    let data = file.addStream(Array(content.utf8))
    var resources: [String] = []
    let fontEntries = fonts.add(to: &file)
    if !fontEntries.isEmpty { resources.append("/Font << \(fontEntries) >>") }
    if !opacities.isEmpty {
      let states = opacities.enumerated().map { index, opacity in
        "/G\(index) << /Type /ExtGState /ca \(Self.number(opacity)) >>"
      }
      resources.append("/ExtGState << \(states.joined(separator: " ")) >>")
    }
    if !pictures.isEmpty {
      let entries = pictures.enumerated().map { "/P\($0) \(Self.add($1, to: &file)) 0 R" }
      resources.append("/XObject << \(entries.joined(separator: " ")) >>")
    }
    let (width, height) = (drawing.width * Self.scale, drawing.height * Self.scale)
    file.set(catalog, "<< /Type /Catalog /Pages \(pages) 0 R /Lang (en) >>")
    file.set(pages, "<< /Type /Pages /Kids [\(page) 0 R] /Count 1 >>")
    file.set(
      page,
      "<< /Type /Page /Parent \(pages) 0 R /MediaBox [0 0 \(Self.number(width)) "
        + "\(Self.number(height))] /Contents \(data) 0 R "
        + "/Resources << \(resources.joined(separator: " ")) >> "
        + "/Group << /Type /Group /S /Transparency /CS /DeviceRGB >> >>")
    var facts = ["/Producer \(PDFFile.string("GrokReports"))"]
    if !drawing.title.isEmpty { facts.append("/Title \(PDFFile.string(drawing.title))") }
    if !drawing.description.isEmpty {
      facts.append("/Subject \(PDFFile.string(drawing.description))")
    }
    let info = file.add("<< \(facts.joined(separator: " ")) >>")
    return file.bytes(root: catalog, info: info)
  }

  private static func add(_ picture: Drawing.Picture, to file: inout PDFFile) -> Int {
    let size = "/Type /XObject /Subtype /Image /Width \(picture.width) /Height \(picture.height) "
    let opacities = stride(from: 3, to: picture.rgba.count, by: 4).map { picture.rgba[$0] }
    var mask = ""
    if opacities.contains(where: { $0 < 255 }) {
      let entries = size + "/ColorSpace /DeviceGray /BitsPerComponent 8"
      mask = " /SMask \(file.addStream(opacities, entries)) 0 R"
    }
    let colors = picture.rgba.enumerated().filter { $0.offset % 4 != 3 }.map(\.element)
    return file.addStream(colors, size + "/ColorSpace /DeviceRGB /BitsPerComponent 8" + mask)
  }

  /// A number with at most three digits after the point.
  static func number(_ value: Double) -> String { Markup.decimal(value, digits: 3) }
}

// MARK: Shapes

extension PDFWriter {
  private mutating func write(_ mark: Drawing.Mark) {
    switch mark {
    case .group(let group):
      add("q 1 0 0 1 \(Self.number(group.x)) \(Self.number(group.y)) cm")
      for mark in group.marks { write(mark) }
      add("Q")
    case .shapes(let shapes):
      let color = Self.color(shapes.ink)
      add("q \(color) rg \(color) RG")
      for shape in shapes.shapes { write(shape) }
      add("Q")
    case .texts(let texts): write(texts)
    case .picture(let picture):
      // A picture fills a square of side 1, from its bottom to its top.
      let rect = picture.rect
      add(
        "q \(Self.number(rect.width)) 0 0 \(Self.number(-rect.height)) "
          + "\(Self.place(PixelPoint(x: rect.left, y: rect.bottom))) cm /P\(pictures.count) Do Q")
      pictures.append(picture)
    }
  }

  private mutating func write(_ shape: Drawing.Shape) {
    switch shape.paint {
    case .fill(let opacity):
      if opacity < 1 {
        if !opacities.contains(opacity) { opacities.append(opacity) }
        add("q /G\(opacities.firstIndex(of: opacity) ?? 0) gs")
      }
      for line in shape.path.lines { add(line) }
      add(opacity < 1 ? "f Q" : "f")
    case .stroke(let stroke):
      let dash = stroke.dash.map(Self.number).joined(separator: " ")
      add(
        "\(Self.number(stroke.width)) w [\(dash)] 0 d "
          + "\(stroke.hasRoundCaps ? 1 : 0) J \(stroke.hasRoundJoins ? 1 : 0) j")
      for line in shape.path.lines { add(line) }
      add("S")
    }
  }

  private mutating func add(_ line: Path.Line) {
    guard let first = line.points.first else { return }
    // A line of one point goes nowhere: with round caps, that is a dot.
    let rest = line.points.count == 1 ? [first] : Array(line.points.dropFirst())
    let corners = rest.map { "\(Self.place($0)) l" }
    add("\(Self.place(first)) m \(corners.joined(separator: " "))\(line.isClosed ? " h" : "")")
  }

  private static func place(_ point: PixelPoint) -> String {
    "\(Markup.decimal(point.x, digits: 2)) \(Markup.decimal(point.y, digits: 2))"
  }

  private static func color(_ ink: Ink) -> String {
    [16, 8, 0].map { shift in
      number(Double(ink.color.light >> UInt32(shift) & 0xFF) / 255)
    }.joined(separator: " ")
  }
}

// MARK: Texts

extension PDFWriter {
  private mutating func write(_ texts: Drawing.Texts) {
    let paper = Self.color(.role(FigureStyle.halo))
    add("BT \(Self.color(texts.ink)) rg")
    if texts.haloWidth > 0 {
      add("\(paper) RG \(Self.number(texts.haloWidth)) w 1 j [] 0 d 1 Tr")
      for text in texts.texts { write(text) }
      add("0 Tr")
    }
    for text in texts.texts { write(text) }
    add("ET")
  }

  private mutating func write(_ text: Drawing.Text) {
    let run = TextRun(text)
    let place = PixelPoint(x: text.x, y: text.y) + run.along * run.start
    let matrix = [run.along.x, run.along.y, run.up.x, run.up.y].map(Self.number)
    add("\(matrix.joined(separator: " ")) \(Self.place(place)) Tm")
    for piece in run.pieces {
      add(
        "\(fonts.name(isBold: run.isBold)) \(Self.number(piece.size)) Tf "
          + "\(Self.number(piece.rise)) Ts <\(fonts.glyphs(piece.text, isBold: run.isBold))> Tj")
    }
  }
}
