import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct UpdateSpectrumStreamTests {
  @Test(.tags(.oracle), arguments: SpectralTaper.allCases) func equalsTheWhole(
    _ taper: SpectralTaper
  ) throws {
    let moves: Matrix<Float> = RandomKey(seed: 32).normalMatrix(rowCount: 150, columnCount: 3)
    var stream = try UpdateSpectrumStream(channelCount: 3, windowLength: 32, taper: taper)
    for row in 0..<150 { try stream.add(Array(moves.row(row))) }
    let (found, whole) = (
      try stream.summary(), try updateSpectrum(of: moves, windowLength: 32, taper: taper)
    )
    #expect(found.windowCount == whole.windowCount && found.taper == taper)
    for (a, b) in zip(found.power, whole.power) { #expect(abs(a - b) < 1e-12 * whole.total) }
  }

  /// A stream that was written and read goes on as if it had not been.
  @Test(.tags(.resume)) func resumes() throws {
    let moves: Matrix<Double> = RandomKey(seed: 33).normalMatrix(rowCount: 40, columnCount: 2)
    var stream = try UpdateSpectrumStream(channelCount: 2, windowLength: 16)
    for row in 0..<21 { try stream.add(Array(moves.row(row))) }
    var other = try JSONDecoder().decode(
      UpdateSpectrumStream.self, from: JSONEncoder().encode(stream))
    for row in 21..<40 {
      try stream.add(Array(moves.row(row)))
      try other.add(Array(moves.row(row)))
    }
    #expect(stream == other)
  }

  @Test func refusals() throws {
    var stream = try UpdateSpectrumStream(channelCount: 2, windowLength: 8)
    try stream.add([1.0, 2])
    let early = #expect(throws: MeasureError.self) { try stream.summary() }
    #expect(early?.description == "UpdateSpectrumStream: 1 samples; at least 8 are needed")
    let other = #expect(throws: MeasureError.self) { try stream.add([1.0]) }
    #expect(
      other?.description
        == "UpdateSpectrumStream: an update of 1 elements cannot meet those of 2 before")
    let none = #expect(throws: MeasureError.self) {
      try UpdateSpectrumStream(channelCount: 0, windowLength: 8)
    }
    #expect(
      none?.description == "UpdateSpectrumStream: channelCount is 0.0; expected at least 1")
  }
}
