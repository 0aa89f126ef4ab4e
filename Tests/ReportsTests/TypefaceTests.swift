import TestSupport
import Testing

@testable import GrokReports

@Suite struct TypefaceTests {
  @Test func everyLineOfTheTableIsRead() {
    let lines = GlyphTable.drawn.split(separator: "\n")
    for line in lines {
      let fields = line.split(separator: " ", maxSplits: 2)
      #expect(fields.count > 1 && fields[0].count == 1 && Double(fields[1]) != nil, "\(line)")
      if fields.count > 2 { #expect(GlyphNotation.strokes(fields[2]) != nil, "\(line)") }
    }
    #expect(Set(lines.compactMap(\.first)).count == lines.count)
    let words = GlyphTable.composed.split { $0 == " " || $0 == "\n" }
    for index in stride(from: 0, to: words.count, by: 2) {
      #expect(words[index].count == 1)
      #expect(Typeface.contains(words[index].first ?? "\u{0}"), "\(words[index])")
      for part in words[index + 1] where part != "^" && part != "_" {
        #expect(Typeface.contains(part), "\(words[index]) needs \(part)")
      }
    }
  }

  @Test(arguments: ["M1", "L3 4", "M1 2L3", "M1 2X", "M1 2L3 4 5"])
  func otherNotationIsRefused(text: String) {
    #expect(GlyphNotation.strokes(Substring(text)) == nil)
  }

  @Test func allThatFiguresNeedIsThere() {
    let ascii = String(String.UnicodeScalarView((32..<127).compactMap { Unicode.Scalar($0) }))
    let latin = String(String.UnicodeScalarView((0xA1...0xFF).compactMap { Unicode.Scalar($0) }))
      .filter { !"\u{AD}¯³²¹¼½¾".contains($0) }
    let greek = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩς"
    let signs = "−×·±≤≥≈∞√∑∂∇‖→…–—“”‘’°µ⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉"
    for character in ascii + latin + greek + signs {
      #expect(Typeface.contains(character), "\(character)")
    }
    for character in ["e\u{301}", "θ\u{302}", "x\u{304}", "\u{A0}"] as [Character] {
      #expect(Typeface.contains(character))
    }
    #expect(Typeface.glyph(" ").advance == 28 && Typeface.glyph("\u{A0}").advance == 28)
    #expect(!Typeface.contains("漢"))
    #expect(Typeface.glyph("漢") == Typeface.missing)
    #expect(Typeface.glyph("e\u{301}") == Typeface.glyph("é"))
  }

  @Test(.tags(.law)) func lettersFitTheEstimatesOfTheLayout() {
    for code in 32..<0x2300 {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let text = String(scalar)
      for isBold in [false, true] {
        #expect(
          Typeface.width(text, size: 100, isBold: isBold)
            <= TextMetrics.width(text, size: 100, isBold: isBold) + 1e-9, "\(text)")
      }
    }
  }

  @Test func theLayoutOfPlainTextDoesNotDependOnTheTypeface() {
    // The widths of a wide common family, in hundredths, as before the typeface had a say.
    #expect(TextMetrics.width("Accuracy 0.99", size: 100) == 713)
  }

  @Test func figuresHaveOneWidth() {
    #expect(Set("0123456789".map { Typeface.advance($0, isBold: false) }).count == 1)
  }

  @Test(.tags(.law)) func lettersStayNearTheirLine() throws {
    for line in GlyphTable.drawn.split(separator: "\n") {
      let name = try #require(line.first)
      for isBold in [false, true] {
        let advance = Typeface.advance(name, isBold: isBold)
        for outline in Typeface.outlines(name, isBold: isBold) {
          #expect(outline.isClosed)
          for point in outline.flattened(tolerance: 0.5) {
            #expect(point.x > -8 && point.x < advance + 8, "\(name) \(point)")
            #expect(point.y > -26 && point.y < 84, "\(name) \(point)")
          }
        }
      }
    }
  }
}
