import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct PDFTests {
  static let hardNames = SamplePlots.hard.map(\.name)
  private static let poppler = InstalledProgram.pdffonts

  private let plot = Plot(
    "Accuracy of ‖θ‖", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss (nats)"),
    series: [
      Plot.Series("train α", x: [0, 10, 100], y: [1, 1e-4, 1e-9], error: [0.5, 1e-5, 1e-10]),
      Plot.Series("test 漢", x: [0, 10, 100], y: [2, 1e-3, 1e-7], style: .lineAndMarkers),
    ], markers: [Plot.Marker(at: 10, "fit 10")],
    references: [Plot.ReferenceLine(at: 1e-5, "level é")])

  private func hard(_ name: String) throws -> Plot {
    try #require(SamplePlots.hard.first { $0.name == name }).plot
  }

  /// What a program says about a PDF file, whose path follows the arguments.
  private func output(
    of program: InstalledProgram, _ options: [String] = [], on bytes: [UInt8],
    then last: [String] = []
  ) throws -> Data {
    try withTemporaryFolder { folder in
      let path = folder + "/figure.pdf"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try program.run(options + [path] + last)
    }
  }

  @Test(arguments: hardNames) func everyObjectIsWhereTheTableSays(name: String) throws {
    for bytes in [try hard(name).pdf(), PlotGrid("One", plots: [plot]).pdf()] {
      func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
      #expect(text(0..<9) == "%PDF-1.7\n")
      let tail = text(max(0, bytes.count - 40)..<bytes.count).components(separatedBy: "startxref\n")
      #expect(tail.last?.hasSuffix("\n%%EOF\n") == true)
      let start = try #require(Int(tail[tail.count - 1].prefix { $0.isNumber }))
      let lines = text(start..<bytes.count).components(separatedBy: "\n")
      #expect(lines[0] == "xref")
      let count = try #require(Int(lines[1].dropFirst(2)))
      #expect(lines[2] == "0000000000 65535 f ")
      for number in 1..<count {
        let offset = try #require(Int(lines[2 + number].prefix(10)))
        #expect(lines[2 + number].count == 19)
        let head = "\(number) 0 obj\n"
        #expect(text(offset..<offset + head.count) == head)
      }
      #expect(lines[2 + count] == "trailer")
      #expect(lines[3 + count].contains("/Size \(count) "))
    }
  }

  @Test func theSamePlotGivesTheSameBytes() {
    #expect(plot.pdf() == plot.pdf())
    let text = String(decoding: plot.pdf(), as: UTF8.self)
    #expect(!text.contains("Date"))
  }

  @Test(.enabled(if: poppler.isFound, "\(poppler.howToProvide)"))
  func allFontsAreEmbedded() throws {
    let lines = String(decoding: try output(of: .pdffonts, on: plot.pdf()), as: UTF8.self)
      .split(separator: "\n").dropFirst(2)
    #expect(lines.count == 2)
    for line in lines {
      // Type, encoding, embedded, subset, Unicode map.
      let words = line.split(separator: " ")
      #expect(words[0].contains("+GrokSans-"))
      #expect(words[1...6].joined(separator: " ") == "CID TrueType Identity-H yes yes yes")
    }
  }

  @Test(.enabled(if: poppler.isFound, "\(poppler.howToProvide)"))
  func textCanBeSearched() throws {
    let text = String(
      decoding: try output(of: .pdftotext, on: plot.pdf(), then: ["-"]), as: UTF8.self)
    for word in [
      "Accuracy of ‖θ‖", "train α", "test 漢", "fit 10", "level é", "Step", "Loss (nats)",
    ] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }

  /// Poppler draws every hard figure without a word of complaint, and puts ink where the marks are.
  @Test(
    .enabled(if: poppler.isFound, "\(poppler.howToProvide)"), arguments: hardNames)
  func anotherProgramDrawsIt(name: String) throws {
    let plot = try hard(name)
    let picture = try Pixmap(try output(of: .pdftoppm, ["-r", "96"], on: plot.pdf()))
    #expect(picture.width == Int(plot.size.width) && picture.height == Int(plot.size.height))
    let area = PlotLayout(plot).area
    // The lower end of the vertical axis, drawn in any case.
    #expect(picture.isInked(x: Int(area.left), y: Int(area.bottom), within: 2))
    #expect(!picture.isInked(x: 1, y: 1, within: 1))
  }

  @Test func pageSizesAreInPoints() {
    let text = String(decoding: plot.pdf(), as: UTF8.self)
    #expect(text.contains("/MediaBox [0 0 510 300]"))
  }
}

@Suite struct TrueTypeFontTests {
  private let font = TrueTypeFont(["A", "é", "g", " ", "漢"], isBold: false)

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  @Test(.tags(.law)) func checksumsAreRight() {
    let bytes = font.bytes
    let count = number(bytes[4..<6])
    #expect(count == 6)
    for table in 0..<count {
      let entry = 12 + 16 * table
      let offset = number(bytes[entry + 8..<entry + 12])
      let length = number(bytes[entry + 12..<entry + 16])
      var data = Array(bytes[offset..<offset + length])
      if bytes[entry..<entry + 4].elementsEqual("head".utf8) {
        data.replaceSubrange(8..<12, with: [0, 0, 0, 0])
      }
      while !data.count.isMultiple(of: 4) { data.append(0) }
      let sum = stride(from: 0, to: data.count, by: 4).reduce(0) { $0 + number(data[$1..<$1 + 4]) }
      #expect(sum % 0x1_0000_0000 == number(bytes[entry + 4..<entry + 8]))
      #expect(offset.isMultiple(of: 4))
    }
    let whole = stride(from: 0, to: bytes.count, by: 4).reduce(0) {
      $0 + number(bytes[$1..<$1 + 4])
    }
    #expect(whole % 0x1_0000_0000 == 0xB1B0_AFBA)
  }

  @Test func glyphsAreNumberedAfterTheBox() {
    #expect(font.characters == [" ", "A", "g", "é", "漢"])
    #expect(font.glyphNumbers["A"] == 2)
    #expect(font.advances == [1220, 580, 1360, 1140, 1120, 1220])
  }

  @Test(.tags(.law)) func whatIsFilledLiesToTheRight() {
    // Strokes are closed outlines that turn clockwise, so their areas are negative.
    for contour in TrueTypeGlyph("l", isBold: true).contours {
      let ring = zip(contour, contour.dropFirst() + contour.prefix(1))
      #expect(ring.reduce(0) { $0 + $1.0.x * $1.1.y - $1.0.y * $1.1.x } < 0)
    }
  }
}
