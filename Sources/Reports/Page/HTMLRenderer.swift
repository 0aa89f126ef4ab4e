/// Writes the page of a report.
struct HTMLRenderer {
  private let report: HTMLReport
  private var figureCount = 0
  private var colors: [PlotColor] = []
  private var data: FigureData

  init(_ report: HTMLReport) {
    self.report = report
    data = FigureData(report.sections.flatMap(\.contents).flatMap(\.plots))
  }

  /// The whole page.
  func page() -> String {
    var writer = self
    let body = writer.body()
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <title>\(Markup.escaped(report.title))</title>
      <style>
      \(ReportStyle.sheet(writer.colors))
      </style>
      </head>
      <body>
      <main>
      \(body)</main>
      \(writer.scripts)</body>
      </html>

      """
  }

  /// The shared numbers of the figures, and what the page does.
  private var scripts: String {
    let columns =
      figureCount == 0
      ? ""
      : "<script type=\"application/json\" id=\"columns\">\(data.columnsText)</script>\n"
    return columns + "<script>\n\(PageScript.text(hasFigures: figureCount > 0))\n</script>\n"
  }

  private mutating func body() -> String {
    var text = "<header>\n<h1>\(Markup.escaped(report.title))</h1>\n"
    if !report.subtitle.isEmpty {
      text += "<p class=\"subtitle\">\(Markup.escaped(report.subtitle))</p>\n"
    }
    if let live = report.live {
      let seconds = live.refreshSeconds.map { " data-seconds=\"\($0)\"" } ?? ""
      text += "<p class=\"live\"\(seconds)>\(Markup.escaped(live.words))</p>\n"
    }
    text += "</header>\n"
    if !report.facts.isEmpty {
      // Up to five side by side, in rows of equal length if they can be.
      let count = report.facts.count
      let rowCount = (count + 4) / 5
      text += "<dl class=\"facts\" style=\"--columns:\((count + rowCount - 1) / rowCount)\">\n"
      text += report.facts.map(fact).joined() + "</dl>\n"
    }
    if !report.warnings.isEmpty {
      let items = report.warnings.map { "<li>\(Markup.escaped($0))</li>\n" }.joined()
      let heading = report.warnings.count == 1 ? "Warning" : "Warnings"
      text += "<section class=\"warnings\">\n<h2>\(heading)</h2>\n<ul>\n\(items)</ul>\n</section>\n"
    }
    for section in report.sections {
      text += "<section>\n"
      if !section.title.isEmpty { text += "<h2>\(Markup.escaped(section.title))</h2>\n" }
      for content in section.contents { text += html(content) }
      text += "</section>\n"
    }
    return text
  }

  private func fact(_ fact: HTMLReport.Fact) -> String {
    let detail =
      fact.detail.isEmpty ? "" : "<dd class=\"detail\">\(Markup.escaped(fact.detail))</dd>"
    return "<div><dt>\(Markup.escaped(fact.label))</dt>"
      + "<dd class=\"value\">\(Markup.escaped(fact.value))</dd>\(detail)</div>\n"
  }

  private mutating func html(_ content: HTMLReport.Content) -> String {
    switch content.kind {
    case .text(let text): paragraphs(text)
    case .plot(let plot, let caption): figure(Figure(plot), caption)
    case .grid(let grid, let caption): figure(Figure(grid, isSplit: true), caption)
    case .table(let table): html(table)
    case .details(let title, let contents):
      "<details>\n<summary>\(Markup.escaped(title))</summary>\n"
        + contents.map { html($0) }.joined() + "</details>\n"
    }
  }

  private func paragraphs(_ text: String) -> String {
    var paragraphs: [[Substring]] = [[]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }
      .map { "<p>\(Markup.escaped($0.joined(separator: "\n")))</p>\n" }.joined()
  }

  /// A figure with its caption; the plots of a grid are drawings of their own, so that they stand below
  /// each other where there is no room.
  private mutating func figure(_ figure: Figure, _ caption: String) -> String {
    figureCount += 1
    var text = "<figure>\n"
    if figure.isTitleDrawn { text += "<h3>\(Markup.escaped(figure.title))</h3>\n" }
    text += "<div class=\"plots\">\n"
    let single = figure.panels.map(Figure.init)
    for part in single {
      let drawing = part.drawing
      colors += drawing.colors
      text += "<div class=\"plot\">\n\(SVGWriter.text(drawing, isStandalone: false))</div>\n"
    }
    let (numbers, remark) = data.add(single)
    let words = [caption, remark].filter { !$0.isEmpty }.map { " \(Markup.escaped($0))" }
    return text + "</div>\n"
      + "<figcaption><b>Figure \(figureCount).</b>\(words.joined())</figcaption>\n"
      + "<script type=\"application/json\">\(numbers)</script>\n</figure>\n"
  }

  private func html(_ table: HTMLReport.Table) -> String {
    let width = max(table.columns.count, table.rows.map(\.count).max() ?? 0)
    func cell(_ row: [String], _ column: Int) -> String { column < row.count ? row[column] : "" }
    let isNumeric = (0..<width).map { column in
      let cells = table.rows.map { cell($0, column) }.filter { !$0.isEmpty }
      return column > 0 && !cells.isEmpty && cells.allSatisfy(Self.readsAsNumber)
    }
    func line(_ row: [String], _ element: String, isMarked: Bool = false) -> String {
      let cells = (0..<width).map { column in
        let attributes =
          (element == "th" ? " scope=\"col\"" : "") + (isNumeric[column] ? " class=\"number\"" : "")
        return "<\(element)\(attributes)>\(Markup.escaped(cell(row, column)))</\(element)>"
      }
      return "<tr\(isMarked ? " class=\"changed\"" : "")>\(cells.joined())</tr>\n"
    }
    var text = "<div class=\"table\">\n<table\(width > 9 ? " class=\"wide\"" : "")>\n"
    if !table.columns.isEmpty { text += "<thead>\n\(line(table.columns, "th"))</thead>\n" }
    let lines = table.rows.enumerated().map { index, row in
      line(row, "td", isMarked: table.markedRows.contains(index))
    }
    text += "<tbody>\n\(lines.joined())</tbody>\n"
    return text + "</table>\n</div>\n"
  }

  /// Whether a cell is a number, perhaps with separators, an error, a range or a power of ten, or one of
  /// the words for there being none.
  static func readsAsNumber(_ cell: String) -> Bool {
    let rest = cell.replacing("never", with: "")
    if rest.count < cell.count || ["–", "—", "∞", "−∞", "not a number"].contains(cell) {
      return rest.allSatisfy { !$0.isLetter } || cell == "not a number"
    }
    return cell.contains { $0.isASCII && $0.isNumber }
      && cell.allSatisfy { "0123456789.,+-−×⁰¹²³⁴⁵⁶⁷⁸⁹⁻±% e()–".contains($0) }
  }
}
