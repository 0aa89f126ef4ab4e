import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// A network of two layers whose weights are written down: a previous-token head, and a head that looks for what followed the
/// current token before and copies it.
private struct InductionCircuit {
  static let (vocabulary, context, headWidth) = (9, 20, 20)
  /// The stream: token, position, token before, output.
  static let width = 3 * vocabulary + context

  let snapshot: Snapshot<Double>

  init() throws {
    let (v, t, h, d) = (Self.vocabulary, Self.context, Self.headWidth, Self.width)
    let model = Transformer(
      vocabularySize: v, context: t, width: d, depth: 2, headCount: 1, headWidth: h,
      perceptronWidth: 0, reading: .everyPosition)
    var values = [Double](repeating: 0, count: model.layout.count)
    func set(_ name: String, _ row: Int, _ column: Int, _ value: Double) {
      let entry = model.layout[name]!
      let columns = entry.shape.dimensions.last!
      values[entry.range.lowerBound + row * columns + column] = value
    }
    let (token, position, before, output) = (0, v, v + t, 2 * v + t)
    // Scores are divided by the root of the width of the head.
    let sharpness = 60 * Double(h).squareRoot()
    for i in 0..<v {
      set("embed.W_E", token + i, i, 1)
      set("unembed.W_U", output + i, i, 1)
      set("blocks.0.attn.W_V", i, token + i, 1)
      set("blocks.0.attn.W_O", before + i, i, 1)
      set("blocks.1.attn.W_Q", i, token + i, sharpness)
      set("blocks.1.attn.W_K", i, before + i, 1)
      // The first position has nothing before it, and is never looked for.
      set("blocks.1.attn.W_K", i, position, -1)
      set("blocks.1.attn.W_V", i, token + i, 1)
      set("blocks.1.attn.W_O", output + i, i, 20)
    }
    for i in 0..<t {
      set("pos_embed.W_pos", i, position + i, 1)
      set("blocks.0.attn.W_K", i, position + i, 1)
      if i > 0 { set("blocks.0.attn.W_Q", i - 1, position + i, sharpness) }
    }
    snapshot = try Trainer(
      model, parameters: values, loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1)
    ).snapshot
  }

  /// Six sequences of segments of five tokens.
  static let task = try? RepeatedTokens(
    vocabularySize: vocabulary, contextLength: context, periods: 5...5)
}

@Suite struct InductionCircuitTests {
  @Test(.tags(.law)) func aHandMadeCircuitHasTheScoresOfOne() throws {
    let snapshot = try InductionCircuit().snapshot
    let examples = try #require(InductionCircuit.task).examples(count: 6, key: RandomKey(seed: 1))
    let sequences = try snapshot.attendedSequences(on: examples)
    #expect(sequences.headCount == 2)
    let prefix = sequences.prefixMatching(from: 5).means.map { $0 ?? .nan }
    #expect(prefix[0] < 0.01 && abs(prefix[1] - 1) < 1e-9)
    let previous = try sequences.attention(atDistance: 1).means.map { $0 ?? .nan }
    #expect(abs(previous[0] - 1) < 1e-9 && previous[1] < 0.2)
    #expect((sequences.detection(of: .previousToken).means[0] ?? 0) > 0.94)

    let heads = try snapshot.attentionHeads()
    #expect(heads.map(\.name) == ["0.0", "1.0"])
    let embedding = try snapshot.parameter("embed.W_E")
    #expect(
      try copyingEigenvalueScore(
        of: heads[1], embedding: embedding, unembedding: snapshot.parameter("unembed.W_U")) > 0.99)
    // Keys of the second head read all nine directions that the first writes, and as much of the first position; its queries
    // read none.
    let composed = try composition(of: heads[1], with: heads[0])
    #expect(abs(composed.keys - 1 / 18.0.squareRoot()) < 1e-12 && composed.queries == 0)
    #expect(
      try previousTokenTrace(of: heads[1], earlier: [(heads[0], 1)], embedding: embedding) > 1)

    let contributions = try snapshot.headContributions(on: examples)
    #expect(contributions[0][0].values.allSatisfy { $0 == 0 })
    // What the second head writes are all of the logits.
    let outputs = try snapshot.outputs(on: examples)
    for position in 0..<20 {
      for token in 0..<9 {
        #expect(abs(contributions[1][2][position, token] - outputs[40 + position, token]) < 1e-12)
      }
    }
    #expect(
      try sequences.copying(sequence: 0, head: 1, contributions: contributions[1][0]) != nil)
  }

  @Test(.tags(.law)) func eitherHeadIsNeededAndOnlyOneDirectly() throws {
    let snapshot = try InductionCircuit().snapshot
    let examples = try #require(InductionCircuit.task).examples(count: 6, key: RandomKey(seed: 1))
    let intact = try snapshot.tokenLosses(on: examples)
    func predictable(_ losses: Matrix<Double>) -> Double {
      let values = (0..<6).flatMap { Array(losses.row($0).dropFirst(5).dropLast()) }
      return values.reduce(0, +) / Double(values.count)
    }
    #expect(predictable(intact) < 1e-6)
    let full = try snapshot.tokenLosses(on: examples, withoutEachHead: .full)
    let preserving = try snapshot.tokenLosses(on: examples, withoutEachHead: .patternPreserving)
    #expect(predictable(full[0]) > 2)
    #expect(abs(predictable(full[1]) - log(9)) < 1e-9)
    // The first head acts through the attention of the second alone.
    #expect(predictable(preserving[0]) < 1e-6)
    #expect(abs(predictable(preserving[1]) - log(9)) < 1e-9)
    let effect = try AblationEffect(ablated: full[1], intact: intact, late: 12, early: 1)
    #expect(effect.inContextLearning.value > 2)
    // Positions without target stay without loss.
    #expect(full[0][0, 19].isNaN)
  }

  @Test func turningAHeadChangesNoCircuit() throws {
    let snapshot = try InductionCircuit().snapshot
    let turn = try QRFactors(
      of: Matrix(
        values: RandomKey(seed: 2).normal(count: 400) as [Double], rowCount: 20, columnCount: 20)
    ).orthogonal
    let head = try snapshot.attentionHeads()[1]
    let turned = try HeadWeights(
      layer: 1, head: 0, queries: turn.multiplied(by: head.queries),
      keys: turn.multiplied(by: head.keys), values: head.values, output: head.output)
    let change = try circuitChange(from: head, to: turned)
    #expect((change.relativeQueryKey ?? 1) < 1e-12 && change.squaredDisplacement > 1)
  }

  @Test func otherNetworksHaveNoHeads() throws {
    let model = MLP(inputs: 4, hidden: [3], outputs: 2)
    let perceptron = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 1)),
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1)
    ).snapshot
    #expect {
      _ = try perceptron.attentionHeads()
    } throws: {
      "\($0)" == "attention: the network is no transformer"
    }
    let single = Transformer(vocabularySize: 6, context: 3, width: 8, headCount: 2)
    let last = try Trainer(
      single, parameters: single.initialParameters(as: Float.self, key: RandomKey(seed: 1)),
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1)
    ).snapshot
    let examples = ModularArithmetic(.addition, modulus: 5).examples(encoding: .tokens)
    #expect {
      _ = try last.attendedSequences(on: examples)
    } throws: {
      "\($0)"
        == "attention: this network is read at its last position and keeps no pattern"
    }
    // Taking a head out in full works there too.
    let without = try last.tokenLosses(on: examples, withoutEachHead: .full)
    let intact = try last.tokenLosses(on: examples)
    #expect(without.count == 2 && without[0] != intact && without[0] != without[1])
  }
}
