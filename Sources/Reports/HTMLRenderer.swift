/// Writes the page of a report.
struct HTMLRenderer {
  private let report: HTMLReport
  private var figureCount = 0
  private var colors: [PlotColor] = []

  init(_ report: HTMLReport) {
    self.report = report
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
      \(ReportStyle.sheet)
      \(FigureStyle.sheet(writer.colors))
      </style>
      </head>
      <body>
      <main>
      \(body)</main>
      \(writer.figureCount > 0 ? "<script>\n\(ReportStyle.script)\n</script>\n" : "")</body>
      </html>

      """
  }

  private mutating func body() -> String {
    var text = "<header>\n<h1>\(Markup.escaped(report.title))</h1>\n"
    if !report.subtitle.isEmpty {
      text += "<p class=\"subtitle\">\(Markup.escaped(report.subtitle))</p>\n"
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
    case .grid(let grid, let caption): figure(Figure(grid), caption)
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

  private mutating func figure(_ figure: Figure, _ caption: String) -> String {
    figureCount += 1
    let drawing = figure.drawing
    colors += drawing.colors
    let text = caption.isEmpty ? "" : " \(Markup.escaped(caption))"
    return "<figure>\n\(SVGWriter.text(drawing, isStandalone: false))"
      + "<figcaption><b>Figure \(figureCount).</b>\(text)</figcaption>\n"
      + "<script type=\"application/json\">\(ReadOut.json(figure))</script>\n</figure>\n"
  }

  private func html(_ table: HTMLReport.Table) -> String {
    let width = max(table.columns.count, table.rows.map(\.count).max() ?? 0)
    func cell(_ row: [String], _ column: Int) -> String { column < row.count ? row[column] : "" }
    let isNumeric = (0..<width).map { column in
      let cells = table.rows.map { cell($0, column) }.filter { !$0.isEmpty }
      return column > 0 && !cells.isEmpty && cells.allSatisfy(Self.readsAsNumber)
    }
    func line(_ row: [String], _ element: String) -> String {
      let cells = (0..<width).map { column in
        let attributes =
          (element == "th" ? " scope=\"col\"" : "") + (isNumeric[column] ? " class=\"number\"" : "")
        return "<\(element)\(attributes)>\(Markup.escaped(cell(row, column)))</\(element)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    var text = "<div class=\"table\">\n<table>\n"
    if !table.columns.isEmpty { text += "<thead>\n\(line(table.columns, "th"))</thead>\n" }
    text += "<tbody>\n\(table.rows.map { line($0, "td") }.joined())</tbody>\n"
    return text + "</table>\n</div>\n"
  }

  /// Whether a cell is a number, perhaps with separators, an error or a power of ten.
  static func readsAsNumber(_ cell: String) -> Bool {
    if ["–", "—", "∞", "−∞", "not a number"].contains(cell) { return true }
    return cell.contains { $0.isASCII && $0.isNumber }
      && cell.allSatisfy { "0123456789.,+-−×⁰¹²³⁴⁵⁶⁷⁸⁹⁻±% e".contains($0) }
  }
}
