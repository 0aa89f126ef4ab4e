import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct FourierProgressTests {
  private static let modulus = 13

  /// A network that adds: neurons cos and sin of w (a + b) for two frequencies, three copies each, and one that is dead.
  private static func network() -> CyclicObservations<Float> {
    let p = modulus
    func angle(_ k: Int, _ n: Int) -> Float { 2 * .pi * Float(k * n % p) / Float(p) }
    let frequencies = [2, 6]
    let activations = Matrix<Float>(
      rows: (0..<p * p).map { pair in
        let sum = pair / p + pair % p
        return frequencies.flatMap { k in
          (0..<3).flatMap { _ in [cos(angle(k, sum)), sin(angle(k, sum))] }
        } + [0]
      })
    let weights = Matrix<Float>(
      rows: (0...p).map { c in
        frequencies.flatMap { k in (0..<3).flatMap { _ in [cos(angle(k, c)), sin(angle(k, c))] } }
          + [0]
      })
    return CyclicObservations(
      logits: activations.multiplied(by: weights, transposingOther: true).map { 2 * $0 },
      activations: activations,
      embedding: Matrix(rows: (0..<p).map { a in frequencies.map { cos(angle($0, a)) } }),
      outputWeights: weights,
      attentionScores: Matrix(rows: (0..<p).map { [cos(angle(2, $0)), sin(angle(6, $0))] }))
  }

  @Test func everythingOfANetworkThatAdds() throws {
    let task = try CyclicTask(modulus: Self.modulus)
    let found = try fourierProgress(
      of: Self.network(), task: task, trainedPairs: CyclicFixture.trained(169))
    #expect(found.keyFrequencies.frequencies == [2, 6])
    #expect(found.keyFrequencies.rule == .neuronClusters())
    #expect(found.keyFrequencies.confirmedByOutput == [2, 6])
    #expect(abs(found.losses.restricted.all - found.losses.full.all) < 1e-6)
    #expect(found.losses.excluded.all > 2)
    #expect(found.losses.accuracy.all == 1 && found.losses.restrictedAccuracy.test == 1)
    #expect(found.neurons?.last == .some(nil))
    #expect((found.directions?.residual ?? 1) < 1e-6)
    #expect(found.scores?.map { $0.frequency?.frequency } == [2, 6])
    #expect(abs((found.embedding?.componentSparsity ?? 0) - (1 - 2.0 / 12)) < 1e-6)
    // With workers, and with frequencies from elsewhere.
    #expect(
      try fourierProgress(
        of: Self.network(), task: task, trainedPairs: CyclicFixture.trained(169),
        workers: Workers(threadCount: 2)) == found)
    let given = KeyFrequencies(frequencies: [1], rule: .anyNeuron)
    let other = try fourierProgress(of: Self.network(), task: task, keyFrequencies: given)
    #expect(other.keyFrequencies == given && other.losses.keyFrequencies == [1])
  }

  @Test func logitsAloneAreEnough() throws {
    let task = try CyclicTask(modulus: Self.modulus)
    let found = try fourierProgress(
      of: CyclicObservations(logits: Self.network().logits), task: task)
    #expect(found.keyFrequencies.frequencies == [2, 6])
    #expect(
      found.neurons == nil && found.embedding == nil && found.scores == nil
        && found.attention == nil)
  }

  @Test func aNetworkThatSaysNothingHasNoFrequencies() throws {
    let silent = CyclicObservations(
      logits: Matrix<Float>(rowCount: 169, columnCount: 13),
      activations: Matrix(rowCount: 169, columnCount: 4),
      embedding: Matrix(rowCount: 13, columnCount: 2),
      outputWeights: Matrix(rowCount: 13, columnCount: 4))
    let found = try fourierProgress(of: silent, task: CyclicTask(modulus: 13))
    #expect(found.keyFrequencies.frequencies == [] && found.logits == nil)
    #expect(abs(found.losses.restricted.all - log(13)) < 1e-12)
    #expect(found.embedding?.componentSparsity == nil && found.directions == nil)
  }

  @Test(
    .tags(.golden),
    .enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"),
    arguments: [11, 12])
  func equalsNumpy(modulus p: Int) throws {
    let script = """
      import numpy as np, json, sys
      p = \(p)
      i = np.arange(p**3, dtype=np.float64)
      L = (3*np.sin(0.7*i*i) + 2*np.cos(1.3*i)).reshape(p, p, p)
      t = np.arange(p)
      F = [np.ones(p)]
      for k in range(1, (p-1)//2+1):
          F += [np.cos(2*np.pi*k*t/p), np.sin(2*np.pi*k*t/p)]
      if p % 2 == 0: F += [(-1.0)**t]
      F = np.array([f/np.linalg.norm(f) for f in F])
      S = np.einsum('ia,jb,abc->ijc', F, F, L)
      def directions(k):
          if 2*k == p: return [np.outer(F[2*k-1], F[2*k-1])]
          c, s = F[2*k-1], F[2*k]
          return [(np.outer(c,c)-np.outer(s,s))/2**.5, (np.outer(s,c)+np.outer(c,s))/2**.5]
      def P(k): return sum(d[:,:,None]*np.einsum('ab,abc->c', d, L) for d in directions(k))
      answer = (t[:,None]+t[None,:]) % p
      def loss(x):
          x = x - x.max(-1, keepdims=True)
          lse = np.log(np.exp(x).sum(-1))
          return float((lse - np.take_along_axis(x, answer[:,:,None], 2)[:,:,0]).mean())
      K = [2, p//2]
      kept = sum(P(k) for k in K)
      fve = []
      for n in range(3):
          total = (S[:,:,n]**2).sum() - S[0,0,n]**2
          rows = [[0] + [r for r in (2*k-1, 2*k) if r < p] for k in range(1, p//2+1)]
          powers = [(S[np.ix_(r, r)][:,:,n]**2).sum() - S[0,0,n]**2 for r in rows]
          fve.append([int(np.argmax(powers))+1, float(max(powers)/total)])
      norms = np.sort(np.linalg.norm(F @ L[0], axis=1)[1:])
      N = len(norms)
      gini = 1 - 2*sum(norms[j]/norms.sum()*(N-(j+1)+.5)/N for j in range(N))
      print(json.dumps({"full": loss(L), "restricted": loss(kept + L.mean((0,1))),
        "excluded": loss(L-kept), "byFrequency": [loss(L-P(k)) for k in range(1, p//2+1)],
        "fve": fve, "gini": gini,
        "explained": [float((P(k)**2).sum()/((L-L.mean((0,1)))**2).sum()) for k in range(1, p//2+1)]}))
      """
    struct Answer: Decodable {
      var full, restricted, excluded, gini: Double
      var byFrequency, explained: [Double]
      var fve: [[Double]]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: PeerPython.run(["-c", script]))
    let values = (0..<p * p * p).map { index in
      let i = Double(index)
      return 3 * sin(0.7 * i * i) + 2 * cos(1.3 * i)
    }
    let matrix = Matrix(values: values, rowCount: p * p, columnCount: p)
    let task = try CyclicTask(modulus: p)
    let logits = try CyclicLogits(matrix, task: task)
    let found = try logits.progressLosses(keyFrequencies: [2, p / 2])
    #expect(abs(found.full.all - answer.full) < 1e-10)
    #expect(abs(found.restricted.all - answer.restricted) < 1e-10)
    #expect(abs(found.excluded.all - answer.excluded) < 1e-10)
    for (mine, theirs) in zip(found.excludedByFrequency, answer.byFrequency) {
      #expect(abs(mine.all - theirs) < 1e-10)
    }
    for (mine, theirs) in zip(try logits.frequencies().explained, answer.explained) {
      #expect(abs(mine - theirs) < 1e-12)
    }
    let neurons = try neuronFrequencies(of: matrix, task: task)
    for (neuron, theirs) in zip(neurons.prefix(3), answer.fve) {
      #expect(neuron?.frequency == Int(theirs[0]))
      #expect(abs((neuron?.explainedVariance ?? 0) - theirs[1]) < 1e-12)
    }
    let spectrum = try FourierSpectrum(
      of: matrix.selectingRows(0..<p), basis: FourierBasis(period: p))
    #expect(abs((spectrum.componentSparsity ?? 0) - answer.gini) < 1e-12)
  }
}

@Suite struct NeuronPathLossesTests {
  /// Where neurons are the only path, it is the same to project them or the logits.
  @Test(.tags(.law)) func equalThoseOfTheLogitsWithoutAnotherPath() throws {
    let task = try CyclicTask(.subtraction, modulus: 9)
    let activations = RandomSamples.smooth.matrix(81, 6).map { max(0, $0) }
    let weights = RandomSamples.smooth.matrix(10, 6)
    func losses(past: Double) throws -> (NeuronPathLosses, ProgressLosses) {
      var logits = activations.multiplied(by: weights, transposingOther: true)
      // A path that depends on a alone holds nothing of sums.
      for row in 0..<81 { logits[row, 3] += past * Double(row / 9) }
      let all = try CyclicLogits(
        logits, task: task, trainedPairs: CyclicFixture.trained(81))
      return (
        try all.neuronPathLosses(
          activations: activations, outputWeights: weights, keyFrequencies: [1, 4]),
        try all.progressLosses(keyFrequencies: [1, 4])
      )
    }
    let (neurons, logits) = try losses(past: 0)
    #expect(abs(neurons.restricted.all - logits.restricted.all) < 1e-12)
    #expect(abs(neurons.excluded.all - logits.excluded.all) < 1e-12)
    #expect(
      abs(try #require(neurons.excluded.train) - #require(logits.excluded.train)) < 1e-12)
    let (withPath, full) = try losses(past: 1)
    #expect(withPath.restricted == neurons.restricted)
    #expect(abs(withPath.excluded.all - full.excluded.all) < 1e-12)
    #expect(abs(full.excluded.all - logits.excluded.all) > 0.1)
  }
}
