import Foundation
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct CyclicSnapshotTests {
  private static func snapshot(_ model: any Model) throws -> Snapshot<Double> {
    try Trainer(
      model, parameters: model.initialParameters(as: Double.self, key: RandomKey(seed: 3)),
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1)
    ).snapshot
  }

  /// The inside explains the outside: logits are what W_L makes of the neurons, and what goes past them.
  @Test(.tags(.law), arguments: [1, 2]) func whatIsSeenOfATransformerFitsTogether(depth: Int) throws
  {
    let model = Transformer(
      vocabularySize: 8, context: 3, width: 8, depth: depth, headCount: 2, perceptronWidth: 12)
    let snapshot = try Self.snapshot(model)
    let task = ModularArithmetic(.addition, modulus: 7)
    let seen = try snapshot.cyclicObservations(of: task)
    let examples = task.examples(encoding: .tokens)
    #expect(seen.logits == (try snapshot.outputs(on: examples)))
    let neurons = try #require(seen.activations)
    let weights = try #require(seen.outputWeights)
    #expect(neurons.rowCount == 49 && neurons.columnCount == 12)
    #expect(weights.rowCount == 8 && weights.columnCount == 12)
    let block = "blocks.\(depth - 1)"
    let (through, past) = (
      neurons.multiplied(by: weights, transposingOther: true),
      try snapshot.activations(of: block + ".resid_mid", on: examples)
    )
    let unembedding = try snapshot.parameter("unembed.W_U")
    let last = past.columnCount - 8..<past.columnCount
    let direct = past.selectingColumns(last).multiplied(by: unembedding)
    for index in seen.logits.values.indices {
      #expect(abs(through.values[index] + direct.values[index] - seen.logits.values[index]) < 1e-12)
    }
    #expect(seen.embedding == (try snapshot.parameter("embed.W_E").transposed))
    let found = try fourierProgress(
      of: seen, task: task.cyclicTask(), trainedPairs: Array(0..<20))
    #expect(
      found.losses.full.all.isFinite && found.scores?.count == 2 && found.attention?.count == 2)
  }

  /// Scores from "=" are those of the attention, but for the positions of the numbers.
  @Test(.tags(.law)) func scoresAreThoseOfTheFirstBlock() throws {
    var form = TransformerForm()
    form.hasAttentionBiases = true
    let model = Transformer(
      vocabularySize: 8, context: 3, width: 8, depth: 2, headCount: 2, perceptronWidth: 0,
      form: form)
    // Other biases than the zeros that a training begins with.
    let snapshot = try Trainer(
      model, parameters: RandomKey(seed: 4).normal(count: model.layout.count) as [Double],
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.1)
    ).snapshot
    let task = ModularArithmetic(.addition, modulus: 7)
    let examples = task.examples(encoding: .tokens)
    let seen = try snapshot.cyclicObservations(of: task)
    let scores = try #require(seen.attentionScores)
    let toFirst = try #require(seen.attention)
    let pattern = try snapshot.activations(of: "blocks.0.attn.pattern", on: examples)
    for head in 0..<2 {
      // ln of the attention to a = 5 over a = 2, both with b = 4, from the last query; their positions are the same.
      func attention(_ a: Int, _ key: Int) -> Double {
        pattern[a * 7 + 4, head * 9 + 6 + key]
      }
      let found =
        log(attention(5, 0) / attention(5, 1)) - log(attention(2, 0) / attention(2, 1))
      #expect(abs(found - (scores[5, head] - scores[2, head])) < 1e-12)
      for pair in 0..<49 {
        #expect(abs(toFirst[pair, head] - pattern[pair, head * 9 + 6]) < 1e-14)
      }
    }
  }

  @Test func perceptronsAndOtherTasks() throws {
    let task = ModularArithmetic(.subtraction, modulus: 7)
    let model = MLP(inputs: 14, hidden: [6, 5], outputs: 7, outputScale: 2)
    let snapshot = try Self.snapshot(model)
    let seen = try snapshot.cyclicObservations(of: task)
    #expect(seen.activations?.columnCount == 5 && seen.embedding?.rowCount == 7)
    #expect(seen.attentionScores == nil)
    let weights = try #require(seen.outputWeights)
    let bias = try snapshot.parameter("output.bias").values
    let logits = try #require(seen.activations).multiplied(by: weights, transposingOther: true)
    for index in logits.values.indices {
      #expect(abs(logits.values[index] + 2 * bias[index % 7] - seen.logits.values[index]) < 1e-12)
    }
    let found = try fourierProgress(of: seen, task: task.cyclicTask(), trainedPairs: [0, 1, 2])
    #expect(found.losses.full.train != nil)
    // The loss is that of the training.
    let losses = try snapshot.tokenLosses(on: task.examples())
    #expect(abs(losses.values.reduce(0, +) / 49 - found.losses.full.all) < 1e-12)
    #expect {
      _ = try ModularArithmetic(.quadraticForm, modulus: 7).cyclicTask()
    } throws: {
      "\($0)"
        == "CyclicTask: the operation is no sum on a cycle, as +, −, × and ÷ modulo a prime are"
    }
  }
}
