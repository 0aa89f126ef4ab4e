import Foundation
import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Files of weights as other programs write them: three axes, the number of tokens in the name.
@Suite struct StoredWeightsTests {
  private let heads = 3
  private let width = 8
  private let headWidth = 2
  private let key = RandomKey(seed: 4)

  /// A layer of heads; `rotation` turns queries and keys of head 1 together.
  private func archive(scale: Float, rotation: Float = 0) -> Archive {
    var archive = Archive()
    for (number, name) in ["W_Q", "W_K", "W_V", "W_O"].enumerated() {
      var values: [Float] = key.fork(number).normal(count: heads * width * headWidth)
      values = values.map { $0 * (name == "W_V" ? scale : 1) }
      if number < 2 {
        let (c, s) = (cos(rotation), sin(rotation))
        for row in width..<2 * width {
          let (x, y) = (values[2 * row], values[2 * row + 1])
          (values[2 * row], values[2 * row + 1]) = (c * x - s * y, s * x + c * y)
        }
      }
      let shape = name == "W_O" ? [heads, headWidth, width] : [heads, width, headWidth]
      archive.set("blocks.0.attn.\(name)", values, shape: shape)
    }
    archive.set("blocks.0.attn.IGNORE", [-Float.infinity])
    archive.set("embed.W_E", [Float](repeating: scale, count: 5))
    return archive
  }

  private func write(_ archives: [(String, Archive)], in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, archive) in archives { try archive.write(to: "\(folder)/\(name)") }
  }

  @Test func changesAreForEachTokenAndBlindToRotations() throws {
    try withTemporaryFolder { folder in
      try write(
        [
          ("tokens-1000.safetensors", archive(scale: 1)),
          ("tokens-3000.safetensors", archive(scale: 1, rotation: 0.7)),
          ("tokens-7000.safetensors", archive(scale: 2, rotation: 0.7)),
        ], in: folder + "/states")
      let weights = StoredWeights(
        files: try StoredTraining.files(in: folder + "/states", steps: nil))
      let found = try weights.measureCircuitChange(into: folder)
      #expect(found.checkpoints == 3 && found.records == 2 * (3 * heads + 1))
      var reader = try RecordReader(path: folder + "/measures/circuitChange.jsonl")
      var values: [String: [Int: Double]] = [:]
      while let record = try reader.next() {
        values[record.name, default: [:]][record.step] = record.value
      }
      // A rotation moves weights and no circuit.
      let turned = try #require(values["circuitChange/headSpeed/0.1"]?[3_000])
      #expect(turned > 0)
      #expect(try #require(values["circuitChange/queryKey/0.1"]?[3_000]) < 1e-9)
      #expect(values["circuitChange/headSpeed/0.0"]?[3_000] == 0)
      // Values twice as large: the circuit moves by its own norm, over 4,000 tokens.
      let head = try HeadWeights.all(in: archive(scale: 1))[2]
      let circuit = head.output.multiplied(by: head.values)
      let norm = circuit.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let moved = try #require(values["circuitChange/valueOutput/0.2"]?[7_000])
      #expect(abs(moved * 4_000 / norm - 1) < 1e-6)
      let all = try #require(values["circuitChange/speed"]?[7_000])
      let squares = try (0..<heads).map { head in
        try HeadWeights.all(in: archive(scale: 1))[head].values.values.reduce(0) { $0 + $1 * $1 }
      }
      #expect(abs(all * 16e6 / (squares.reduce(0, +) + 5) - 1) < 1e-6)
    }
  }

  @Test func filesThatDoNotFitAreRefused() throws {
    try withTemporaryFolder { folder in
      func message(_ archives: [(String, Archive)]) throws -> String {
        try? FileManager.default.removeItem(atPath: folder + "/states")
        try write(archives, in: folder + "/states")
        let weights = StoredWeights(
          files: try StoredTraining.files(in: folder + "/states", steps: nil))
        do {
          _ = try weights.measureCircuitChange(into: folder)
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(
        try message([("a-1.safetensors", archive(scale: 1))])
          == "--checkpoints: a change needs two files at least; there is one")
      var other = Archive()
      other.set("weight", [Float(1)])
      let none = try message([("a-1.safetensors", other), ("a-2.safetensors", other)])
      #expect(none.contains("blocks.0.attn.W_Q"), "\(none)")
      var flat = Archive()
      for name in ["W_Q", "W_K", "W_V", "W_O"] {
        flat.set("blocks.0.attn.\(name)", [Float](repeating: 1, count: 16), shape: [4, 4])
      }
      let unclear = try message([("a-1.safetensors", flat), ("a-2.safetensors", flat)])
      #expect(unclear.contains("or the number of heads to be given"), "\(unclear)")
      #expect(try HeadWeights.all(in: flat, headCount: 2).count == 2)
    }
  }
}
