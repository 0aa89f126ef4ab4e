import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct PNGTests {
  private static let python = InstalledProgram.python

  /// The pixels of a picture as another program reads them.
  private func read(_ png: [UInt8]) throws -> Pixmap {
    try withTemporaryFolder { folder in
      let path = folder + "/picture.png"
      try Data(png).write(to: URL(fileURLWithPath: path))
      return try Pixmap(
        InstalledProgram.python.run([fixtureURL("reports/png-to-ppm.py").path, path]))
    }
  }

  /// Pictures by name: red, green, blue and opacity as functions of the place.
  private static let pictures:
    [(name: String, colorType: UInt8, pixel: @Sendable (Int) -> [UInt8])] =
      [
        ("plain", 3, { _ in [10, 20, 30, 255] }),
        ("few colors", 3, { [UInt8($0 % 7), UInt8($0 / 31 % 3), 200, 255] }),
        ("glass", 3, { [UInt8($0 % 5), 0, 0, UInt8(51 * ($0 % 6))] }),
        ("many colors", 2, { [UInt8($0 % 256), UInt8($0 / 256 % 256), UInt8($0 * 7 % 251), 255] }),
        ("gradient", 2, { [UInt8($0 % 31 * 8), UInt8($0 / 31 % 256), UInt8($0 % 31 * 3), 255] }),
        ("fog", 6, { [UInt8($0 % 256), UInt8($0 % 256), 9, UInt8($0 / 256 % 256)] }),
      ]

  @Test(.enabled(if: python.isFound, "\(python.howToProvide)"), arguments: pictures.map(\.name))
  func anotherProgramReadsTheSamePixels(name: String) throws {
    let picture = try #require(Self.pictures.first { $0.name == name })
    let (width, height) = (31, 67)
    let rgba = (0..<width * height).flatMap { picture.pixel($0) }
    let png = PNG.encode(width: width, height: height, rgba: rgba)
    #expect(png[25] == picture.colorType)
    let found = try read(png)
    #expect(found.width == width && found.height == height)
    let onWhite = stride(from: 0, to: rgba.count, by: 4).flatMap { place in
      (0..<3).map { channel in
        let alpha = Int(rgba[place + 3])
        return UInt8((Int(rgba[place + channel]) * alpha + 255 * (255 - alpha) + 127) / 255)
      }
    }
    #expect(found.colors == onWhite)
  }

  @Test func aPixelIsAFile() {
    // Known bytes: signature, header, palette, compressed data, end.
    let png = PNG.encode(width: 1, height: 1, rgba: [1, 2, 3, 255], pixelsPerMeter: 3780)
    #expect(Array(png[..<8]) == [137, 80, 78, 71, 13, 10, 26, 10])
    #expect(
      Array(png[8..<29]) == [0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0])
    let size: [UInt8] = [0, 0, 0, 9] + Array("pHYs".utf8) + [0, 0, 14, 196, 0, 0, 14, 196, 1]
    #expect(Array(png[33..<50]) == size)
    let palette: [UInt8] = [0, 0, 0, 3] + Array("PLTE".utf8) + [1, 2, 3]
    #expect(Array(png[54..<65]) == palette)
    #expect(Array(png.suffix(12)) == [0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130])
  }

  @Test func picturesAreTheSameEveryTime() throws {
    var plot = SamplePlots.random(3)
    plot.size = .third
    let png = plot.png(scale: 0.5)
    #expect(plot.png(scale: 0.5) == png)
    #expect(plot.png(scale: 0.5, theme: .dark) != png)
  }

  @Test func sizesFollowTheScale() {
    let plot = Plot("", x: .linear(""), y: .linear(""), size: .third)
    for (scale, width, height) in [(0.5, 170, 130), (0.25, 85, 65)] {
      let png = plot.png(scale: scale)
      #expect(png[16..<20].reduce(0) { $0 << 8 | Int($1) } == width)
      #expect(png[20..<24].reduce(0) { $0 << 8 | Int($1) } == height)
    }
  }
}

@Suite struct CanvasTests {
  private static let rsvg = InstalledProgram.rsvgConvert
  private static let hardNames = SamplePlots.hard.map(\.name)

  /// Shapes of every kind at random places, in tenths of a pixel as SVG rounds them.
  static func shapes(_ index: Int) -> Drawing {
    let key = RandomKey(seed: 41).fork(index)
    func number(_ name: String, _ position: Int, _ range: Range<Int>) -> Double {
      Double(key.fork(name).integer(at: position, in: range)) / 10
    }
    func points(_ name: String, _ count: Int) -> [PixelPoint] {
      (0..<count).map {
        PixelPoint(x: number(name, 2 * $0, 0..<3000), y: number(name, 2 * $0 + 1, 0..<2000))
      }
    }
    let star = Path.line(points("star", 7), isClosed: true)
    let zigzag = Path.line(points("zigzag", 9))
    return Drawing(
      title: "", description: "", width: 300, height: 200,
      marks: [
        .shapes(.color(.gold), [.fill(star)]),
        .shapes(.color(.sky), [.fill(.line(points("glass", 9), isClosed: true), opacity: 0.3)]),
        .shapes(
          .color(.blue), [.stroke(zigzag, width: number("width", 0, 5..<120), hasRoundJoins: true)]),
        .shapes(.color(.vermilion), [.stroke(.line(points("sharp", 6)), width: 3)]),
        .shapes(.color(.green), [.stroke(.line(points("ring", 5), isClosed: true), width: 2.5)]),
        .shapes(
          .color(.purple),
          [
            .stroke(
              .line(points("dashes", 4)), width: 2, dash: [6, 3, 1.5, 3], hasRoundJoins: true)
          ]),
        .group(
          Drawing.Group(
            x: 20, y: -10,
            marks: [
              .shapes(
                .color(.gray), [.stroke(.dots(points("dots", 30)), width: 6, hasRoundCaps: true)])
            ])),
      ])
  }

  /// How two pictures differ: on average, and in how many places by more than a quarter of the range.
  private func difference(_ a: Pixmap, _ b: Pixmap) -> (mean: Double, share: Double) {
    var (sum, count) = (0, 0)
    for (x, y) in zip(a.colors, b.colors) {
      let difference = abs(Int(x) - Int(y))
      sum += difference
      if difference > 64 { count += 1 }
    }
    return (Double(sum) / Double(a.colors.count), Double(count) / Double(a.colors.count))
  }

  private func drawn(_ drawing: Drawing, scale: Double) -> Pixmap {
    let canvas = PNGWriter.canvas(drawing, scale: scale, theme: .light)
    let colors = canvas.pixels.enumerated().filter { $0.offset % 4 != 3 }.map(\.element)
    return Pixmap(width: canvas.width, height: canvas.height, colors: colors)
  }

  private func drawnByOthers(_ drawing: Drawing, scale: Double) throws -> Pixmap {
    try withTemporaryFolder { folder in
      let path = folder + "/drawing.svg"
      try SVGWriter.text(drawing, isStandalone: true)
        .write(toFile: path, atomically: true, encoding: .utf8)
      _ = try InstalledProgram.rsvgConvert.run([
        "-z", "\(scale)", "-o", folder + "/drawing.png", path,
      ])
      return try Pixmap(
        InstalledProgram.python.run(
          [fixtureURL("reports/png-to-ppm.py").path, folder + "/drawing.png"]))
    }
  }

  /// Both renderers sample shares of pixels, so that edges may differ by some sixteenths; nothing may
  /// differ by much but for a few pixels where many edges meet.
  @Test(
    .tags(.oracle),
    .enabled(if: rsvg.isFound && InstalledProgram.python.isFound, "\(rsvg.howToProvide)"),
    arguments: 0..<4)
  func shapesAreDrawnAsOthersDrawThem(index: Int) throws {
    let drawing = Self.shapes(index)
    let (ours, theirs) = (drawn(drawing, scale: 2), try drawnByOthers(drawing, scale: 2))
    #expect(ours.width == theirs.width && ours.height == theirs.height)
    let (mean, share) = difference(ours, theirs)
    #expect(mean < 0.3, "shapes \(index): \(mean)")
    #expect(share < 0.0002, "shapes \(index): \(share)")
  }

  @Test(
    .tags(.oracle),
    .enabled(if: rsvg.isFound && InstalledProgram.python.isFound, "\(rsvg.howToProvide)"),
    arguments: ["intervals", "outside its axes"])
  func seriesAreDrawnAsOthersDrawThem(name: String) throws {
    let plot = try #require(SamplePlots.hard.first { $0.name == name }).plot
    var drawing = Figure(plot).drawing
    // Letters are those of the reader's machine there, and axes lie between its pixels.
    drawing.marks = drawing.marks.flatMap { mark -> [Drawing.Mark] in
      guard case .group(let group) = mark else { return [] }
      return group.marks.filter { mark in
        if case .shapes(let shapes) = mark, case .color = shapes.ink { return true }
        return false
      }
    }
    let (mean, share) = difference(drawn(drawing, scale: 2), try drawnByOthers(drawing, scale: 2))
    #expect(mean < 0.3 && share < 0.0002, "\(name): \(mean), \(share)")
  }

  @Test(.tags(.law)) func sharesAreAreas() {
    var canvas = Canvas(width: 8, height: 8, paper: 0xFFFFFF)
    let square = Path.rectangle(Rect(left: 1.25, top: 2.5, right: 3.5, bottom: 4))
    canvas.fill(square.lines.compactMap(Outline.init), color: 0x000000)
    func darkness(_ x: Int, _ y: Int) -> Double { 1 - Double(canvas.pixels[4 * (8 * y + x)]) / 255 }
    #expect(abs(darkness(1, 2) - 0.75 * 0.5) < 0.003)
    #expect(abs(darkness(2, 2) - 0.5) < 0.003)
    #expect(darkness(2, 3) == 1 && darkness(0, 3) == 0 && darkness(4, 3) == 0)
    #expect(abs(darkness(3, 3) - 0.5) < 0.003)
    #expect(stride(from: 3, to: canvas.pixels.count, by: 4).allSatisfy { canvas.pixels[$0] == 255 })
  }

  @Test(.tags(.law)) func overlapsAreNotPaintedTwice() {
    let square = Path.rectangle(Rect(left: 1.3, top: 1.3, right: 6.7, bottom: 6.7))
    let outlines = square.lines.compactMap(Outline.init)
    var (once, twice) = (
      Canvas(width: 8, height: 8, paper: 0xFFFFFF), Canvas(width: 8, height: 8, paper: 0xFFFFFF)
    )
    once.fill(outlines, color: 0x123456, opacity: 0.4)
    twice.fill(outlines + outlines, color: 0x123456, opacity: 0.4)
    #expect(once.pixels == twice.pixels)
  }

  @Test func whatLiesOutsideIsCutOff() {
    var canvas = Canvas(width: 8, height: 8, paper: 0xFFFFFF)
    let large = Path.rectangle(Rect(left: -1e4, top: -1e4, right: 1e4, bottom: 1e4))
    canvas.fill(large.lines.compactMap(Outline.init), color: 0x000000)
    #expect(canvas.pixels.enumerated().allSatisfy { $0.offset % 4 == 3 || $0.element == 0 })
    let far = Path.rectangle(Rect(left: 20, top: -30, right: 30, bottom: -20))
    canvas.fill(far.lines.compactMap(Outline.init), color: 0xFFFFFF)
    #expect(canvas.pixels.enumerated().allSatisfy { $0.offset % 4 == 3 || $0.element == 0 })
  }

  @Test(arguments: hardNames) func hardFiguresAreDrawn(name: String) throws {
    let plot = try #require(SamplePlots.hard.first { $0.name == name }).plot
    let canvas = PNGWriter.canvas(Figure(plot).drawing, scale: 0.5, theme: .dark)
    #expect(Set(canvas.pixels).count > 10)
  }
}
