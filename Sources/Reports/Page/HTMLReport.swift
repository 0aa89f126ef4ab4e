/// A page about a piece of work, in one file: facts, figures, tables.
///
/// The page needs nothing from outside, follows the reader's choice of light or dark, prints, and
/// works without scripts. Where scripts run, figures read out their values under the pointer or at the
/// arrow keys, zoom into what is dragged over, hide the series whose names are clicked, and are saved as
/// SVG; tables sort by the column that is clicked.
///
/// ```swift
/// let report = HTMLReport(
///   title: "mod-add-113", subtitle: "Addition modulo 113, one hidden layer of 512",
///   facts: [
///     .init("Fit", Readable.count(140), detail: "step"),
///     .init("Peak memory", Readable.bytes(412_000_000)),
///   ],
///   sections: [
///     .init("Curves", [.figure(accuracy, caption: "Accuracy on both parts of the data.")]),
///     .init("Settings", [.table(.init(columns: ["Setting", "Value"], rows: settings))]),
///     .init("Provenance", [.details("Where these numbers come from", [.table(provenance)])]),
///   ])
/// try report.html().write(toFile: "report.html", atomically: true, encoding: .utf8)
/// ```
public struct HTMLReport: Sendable, Hashable {
  /// The heading of the page and its name in the browser.
  public var title: String
  /// One line below the title; empty for none.
  public var subtitle: String
  /// The numbers that answer the first questions, shown as cards.
  public var facts: [Fact]
  /// What the reader should know before believing the rest; shown below the facts if there are any.
  public var warnings: [String]
  /// The rest, from top to bottom.
  public var sections: [Section]
  /// What a page says and does that is written again while the work goes on; `nil` for others.
  public var live: Live?

  /// A page with the given contents.
  public init(
    title: String, subtitle: String = "", facts: [Fact] = [], warnings: [String] = [],
    sections: [Section] = [], live: Live? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.facts = facts
    self.warnings = warnings
    self.sections = sections
    self.live = live
  }

  /// This page as the text of an HTML file. The same report gives the same bytes.
  public func html() -> String {
    HTMLRenderer(self).page()
  }
}

extension HTMLReport {
  /// A number with a name, shown as a card.
  public struct Fact: Sendable, Hashable {
    /// What it is, such as `Generalized`.
    public var label: String
    /// The number as text, such as `5,200`.
    public var value: String
    /// A word on the number, such as `step` or `of 1,000`; empty for none.
    public var detail: String

    /// The fact that `label` is `value`.
    public init(_ label: String, _ value: String, detail: String = "") {
      self.label = label
      self.value = value
      self.detail = detail
    }
  }

  /// How a page follows work that goes on.
  public struct Live: Sendable, Hashable {
    /// Where the work stands, in a sentence.
    public var words: String
    /// Seconds after which the page loads itself again, keeping zoom and place; `nil` once the work has
    /// ended.
    public var refreshSeconds: Int?

    /// A page that says `words`, and loads itself again after `refreshSeconds`.
    public init(_ words: String, refreshSeconds: Int?) {
      self.words = words
      self.refreshSeconds = refreshSeconds
    }
  }

  /// A part of the page under a heading.
  public struct Section: Sendable, Hashable {
    /// The heading; empty for none.
    public var title: String
    /// What is below it.
    public var contents: [Content]

    /// The given contents under the heading `title`.
    public init(_ title: String, _ contents: [Content]) {
      self.title = title
      self.contents = contents
    }
  }

  /// A piece of a section.
  public struct Content: Sendable, Hashable {
    indirect enum Kind: Sendable, Hashable {
      case text(String)
      case plot(Plot, caption: String)
      case grid(PlotGrid, caption: String)
      case table(Table)
      case details(String, [Content])
    }

    let kind: Kind

    /// Plain text: an empty line starts a new paragraph, other line breaks are kept.
    public static func text(_ text: String) -> Content {
      Content(kind: .text(text))
    }

    /// A figure, with a caption if it is not empty.
    public static func figure(_ plot: Plot, caption: String = "") -> Content {
      Content(kind: .plot(plot, caption: caption))
    }

    /// Several figures with one caption, if it is not empty.
    public static func figure(_ grid: PlotGrid, caption: String = "") -> Content {
      Content(kind: .grid(grid, caption: caption))
    }

    /// A table.
    public static func table(_ table: Table) -> Content {
      Content(kind: .table(table))
    }

    /// Contents that stay folded away under `title` until the reader asks for them.
    public static func details(_ title: String, _ contents: [Content]) -> Content {
      Content(kind: .details(title, contents))
    }
  }

  /// Rows of text under named columns; a reader can sort them by any.
  public struct Table: Sendable, Hashable {
    /// The names of the columns; empty for a table without a heading.
    public var columns: [String]
    /// The rows; short ones are filled up with empty cells. A column whose cells all read as
    /// numbers is set flush right.
    public var rows: [[String]]
    /// The positions of the rows that stand out, such as settings that were changed.
    public var markedRows: Set<Int>

    /// A table of the given rows.
    public init(columns: [String] = [], rows: [[String]], markedRows: Set<Int> = []) {
      self.columns = columns
      self.rows = rows
      self.markedRows = markedRows
    }
  }
}

extension HTMLReport.Content {
  /// The plots of this piece.
  var plots: [Plot] {
    switch kind {
    case .plot(let plot, _): [plot]
    case .grid(let grid, _): grid.plots
    case .details(_, let contents): contents.flatMap(\.plots)
    case .text, .table: []
    }
  }
}
