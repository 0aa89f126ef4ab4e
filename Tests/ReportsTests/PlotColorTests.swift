import Foundation
import TestSupport
import Testing

@testable import GrokReports

/// A color as fractions of linear light.
private func light(_ color: UInt32) -> [Double] {
  [16, 8, 0].map { shift in
    let value = Double(color >> UInt32(shift) & 0xFF) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}

/// CIE L*a*b* of linear light under D65.
private func lab(_ rgb: [Double]) -> [Double] {
  let white = [0.95047, 1, 1.08883]
  let rows = [
    [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
  ]
  let f = zip(rows, white).map { row, white in
    let value = max(zip(row, rgb).map(*).reduce(0, +) / white, 0)
    return value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
  }
  return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
}

private func contrast(_ a: UInt32, _ b: UInt32) -> Double {
  let luminances = [a, b].map { zip([0.2126, 0.7152, 0.0722], light($0)).map(*).reduce(0, +) }
    .sorted()
  return (luminances[1] + 0.05) / (luminances[0] + 0.05)
}

/// How colors look without one kind of cone: Machado, Oliveira & Fernandes, IEEE TVCG 15, 1291
/// (2009), severity 1.
private let visions: [(String, [[Double]])] = [
  ("usual", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
  (
    "protanopia",
    [
      [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ]
  ),
  (
    "deuteranopia",
    [
      [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
      [-0.011820, 0.042940, 0.968881],
    ]
  ),
]

@Suite struct PlotColorTests {
  /// The promise of `PlotColor.palette`. Differences of about 2 are just seen on large patches.
  private let leastDifference = 20.0

  @Test(.tags(.law), arguments: visions.indices)
  func thePaletteIsSafeForColorBlindReaders(index: Int) {
    let (name, matrix) = visions[index]
    for shade in [\PlotColor.light, \PlotColor.dark] {
      let seen = PlotColor.palette.map { color in
        lab(matrix.map { row in zip(row, light(color[keyPath: shade])).map(*).reduce(0, +) })
      }
      for a in seen.indices {
        for b in seen.indices where a < b {
          let difference = zip(seen[a], seen[b]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
            .squareRoot()
          #expect(
            difference >= leastDifference, "\(name): colors \(a) and \(b) differ by \(difference)")
        }
      }
    }
  }

  @Test(.tags(.law)) func linesStandOutFromPaper() {
    let ramp = (0...20).map { PlotColor.ramp(Double($0) / 20) }
    for color in PlotColor.palette + ramp {
      let paper = FigureStyle.paper.color
      // Graphical objects need 3:1 by WCAG 2.2, criterion 1.4.11.
      #expect(contrast(color.light, paper.light) >= 3, "\(FigureStyle.hex(color.light))")
      #expect(contrast(color.dark, paper.dark) >= 3, "\(FigureStyle.hex(color.dark))")
    }
    for role in [FigureStyle.ink, FigureStyle.muted] {
      // Text needs 4.5:1 by criterion 1.4.3.
      #expect(contrast(role.color.light, FigureStyle.paper.color.light) >= 4.5)
      #expect(contrast(role.color.dark, FigureStyle.paper.color.dark) >= 4.5)
    }
  }

  @Test(.tags(.law)) func theRampGetsLighter() {
    let ramp = (0...20).map { PlotColor.ramp(Double($0) / 20) }
    for shade in [\PlotColor.light, \PlotColor.dark] {
      let lightness = ramp.map { lab(light($0[keyPath: shade]))[0] }
      #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 }, "\(lightness)")
    }
    #expect(PlotColor.ramp(0).light == 0x3B2E8C)
    #expect(PlotColor.ramp(1).light == 0xC28A00)
  }

  /// Of the color scales of areas: for all eyes lightness grows steadily, from one tenth of the ramp
  /// to the next by at least a half and at most twice the average.
  @Test(.tags(.law), arguments: visions.indices)
  func colorScalesGetLighterSteadily(index: Int) {
    let (name, matrix) = visions[index]
    func lightness(_ ramp: ColorRamp, _ fractions: [Double]) -> [Double] {
      fractions.map { fraction in
        let color = light(ramp.color(at: fraction).light)
        return lab(matrix.map { row in zip(row, color).map(*).reduce(0, +) })[0]
      }
    }
    func isSteady(_ values: [Double]) -> Bool {
      let average = (values[values.count - 1] - values[0]) / Double(values.count - 1)
      return zip(values, values.dropFirst()).allSatisfy {
        $1 - $0 > 0.5 * average && $1 - $0 < 2 * average
      }
    }
    let whole = lightness(.sequential, (0...10).map { Double($0) / 10 })
    #expect(isSteady(whole) && whole[10] - whole[0] > 75, "\(name): \(whole)")
    let lower = lightness(.diverging, (0...5).map { Double($0) / 10 })
    let upper = lightness(.diverging, (0...5).map { 1 - Double($0) / 10 })
    #expect(isSteady(lower) && isSteady(upper), "\(name): \(lower) \(upper)")
    // Both sides are equally dark at equal distances, so that neither looks like more.
    for (a, b) in zip(lower, upper) { #expect(abs(a - b) < 9, "\(name): \(lower) \(upper)") }
  }
}
