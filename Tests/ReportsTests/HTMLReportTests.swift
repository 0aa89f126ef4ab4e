import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct HTMLReportTests {
  private let letters = "</script> & <b>\"x\"</b>"

  private var report: HTMLReport {
    let plot = Plot(
      letters, x: .linear(letters), y: .linear(letters),
      series: [Plot.Series(letters, x: [0, 1, 2], y: [1, 2, .nan], error: [0.1, 0.2, 0.3])])
    return HTMLReport(
      title: letters, subtitle: letters,
      facts: [.init("Fit", "140", detail: "step"), .init(letters, letters)], warnings: [letters],
      sections: [
        .init(
          "Curves",
          [
            .text("One\nline.\n\nTwo."), .figure(plot, caption: letters),
            .figure(PlotGrid(plots: SamplePlots.hard.map(\.plot))),
          ]),
        .init(
          "",
          [
            .details(
              letters,
              [
                .table(
                  .init(columns: ["Setting", "Value"], rows: [["steps", "50,000"], ["width"]]))
              ])
          ]),
      ])
  }

  private func page(_ report: HTMLReport) throws -> MarkupElement {
    try MarkupParser.parse(report.html(), isHTML: true)
  }

  @Test func isWellFormed() throws {
    let page = try page(report)
    #expect(page.name == "html")
    #expect(page.all(named: "title").first?.text == letters)
    #expect(page.all(named: "h1").map(\.text) == [letters])
    #expect(page.all(named: "summary").map(\.text) == [letters])
    #expect(page.all(named: "figure").count == 2)
    #expect(page.all(named: "p").map(\.text) == [letters, "One\nline.", "Two."])
  }

  @Test func anEmptyReportIsAPage() throws {
    let page = try page(HTMLReport(title: "Nothing"))
    #expect(page.all(named: "h1").map(\.text) == ["Nothing"])
    #expect(page.all(named: "script").count == 1)
    #expect(page.all(named: "figure").isEmpty)
    #expect(page.all(named: "dl").isEmpty)
    #expect(!page.all.contains { $0.attributes["class"] == "warnings" })
  }

  @Test func factsAndWarningsAreShown() throws {
    let page = try page(report)
    #expect(page.all(named: "dt").map(\.text) == ["Fit", letters])
    #expect(page.all(named: "dd").map(\.text) == ["140", "step", letters])
    #expect(page.all(named: "li").map(\.text) == [letters])
  }

  @Test func isTheSameEveryTime() {
    #expect(report.html() == report.html())
  }

  @Test func nothingComesFromOutside() {
    let text = report.html().replacing("http://www.w3.org/2000/svg", with: "")
    for word in ["http", "url(", "@import", "href=", "src="] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func shortRowsAreFilledUp() throws {
    let rows = try page(report).all(named: "tr").map { $0.children.map(\.text) }
    #expect(rows == [["Setting", "Value"], ["steps", "50,000"], ["width", ""]])
  }

  @Test(
    arguments: [
      ("50,000", true), ("−1.5", true), ("2.1×10⁻⁸", true), ("1e-3", true), ("0.35 ± 0.02", true),
      ("99 %", true), ("∞", true), ("never", true), ("200 (100–never)", true), ("nevermind", false),
      ("adamW", false), ("", false), ("e", false),
      ("12 layers", false),
    ])
  func columnsOfNumbersAreRecognized(cell: String, isNumber: Bool) {
    #expect(HTMLRenderer.readsAsNumber(cell) == isNumber)
  }

  @Test func figuresCarryTheirValues() throws {
    let data = try page(report).all(named: "script").filter {
      $0.attributes["type"] == "application/json"
    }
    // Two figures and the columns that they share.
    #expect(data.count == 3)
    let first = try #require(data.first).text
    // Values with their intervals, null for the gap, and no way to end the script element.
    #expect(first.contains("\"y\":[1,2,null],\"l\":[0.9,1.8,null],\"u\":[1.1,2.2,null]"))
    #expect(!first.contains("<"))
    for element in data {
      #expect(try JSONSerialization.jsonObject(with: Data(element.text.utf8)) is [[String: Any]])
    }
    #expect(data.last?.attributes["id"] == "columns")
    #expect(try #require(data.last).text.hasPrefix("[{\"d\":[0,1,2]}"))
  }

  @Test func aLivePageSaysSo() throws {
    func notes(_ live: HTMLReport.Live?) throws -> [MarkupElement] {
      var report = report
      report.live = live
      return try page(report).all.filter { $0.attributes["class"] == "live" }
    }
    #expect(try notes(nil).isEmpty)
    let going = try notes(.init("Step 3 of 9.", refreshSeconds: 5))
    #expect(going.map(\.text) == ["Step 3 of 9."])
    #expect(going.first?.attributes["data-seconds"] == "5")
    #expect(
      try notes(.init("Ended.", refreshSeconds: nil)).first?.attributes["data-seconds"] == nil)
  }

  @Test func markedRowsStandOut() throws {
    var report = HTMLReport(title: "Rows")
    report.sections = [
      .init("", [.table(.init(columns: ["a"], rows: [["1"], ["2"]], markedRows: [1]))])
    ]
    let rows = try page(report).all(named: "tr")
    #expect(rows.map { $0.attributes["class"] } == [nil, nil, "changed"])
  }

  @Test func figuresSharePageStylesInsteadOfBringingTheirOwn() throws {
    let page = try page(report)
    #expect(page.all(named: "style").count == 1)
    let sheet = try #require(page.all(named: "style").first).text
    for element in page.all(named: "svg").flatMap(\.all) {
      for name in (element.attributes["class"] ?? "").split(separator: " ") where name.contains("-")
      {
        #expect(
          sheet.contains(".\(name){") || ["gk-plot", "gk-view", "gk-entry"].contains(name),
          "\(name)")
      }
    }
  }
}
