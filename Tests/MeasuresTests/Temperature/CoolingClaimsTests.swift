import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct CoolingClaimsTests {
  private let key = RandomKey(seed: 17)
  private let names = [
    "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias",
    "conv3.weight", "bn3.weight", "bn3.bias", "layer1.0.downsample.0.weight",
    "layer1.0.downsample.1.weight", "layer1.0.downsample.1.bias", "fc.weight", "fc.bias",
  ]

  /// A run of 400 records of each name: e^(−rate t) with noise, and a rise by `rise` after the middle.
  private func run(
    noise: (ComponentKind) -> Double = { _ in 0.05 }, rise: (ComponentKind) -> Double = { _ in 0 },
    halvesAt: (Int) -> Double = { 20 + 10 * Double($0) },
    counts: (ComponentKind) -> Int = { _ in 64 }
  ) throws -> CoolingRecord {
    let all = try components(of: names)
    let columns = all.indices.map { index in
      let draws: [Double] = key.fork(index).normal(count: 400)
      let rate = log(2) / halvesAt(all[index].depth)
      return draws.enumerated().map { time, draw in
        let fall = -rate * Double(min(time, 200))
        let back = rise(all[index].kind) * Double(max(0, time - 200)) / 200
        return exp(fall + back + noise(all[index].kind) * draw)
      }
    }
    return try CoolingRecord(
      temperatures: table(columns, names: names), components: all,
      weightCounts: all.map { counts($0.kind) })
  }

  @Test(.tags(.law)) func exponentialCooling() throws {
    let yes = try run().exponentialCooling(in: 1...199)
    #expect(yes.verdict == .confirmed && yes.statistic == 1 && yes.totalCount == 14)
    let no = try run(rise: { _ in 3 }).exponentialCooling(in: 201...399)
    #expect(no.verdict == .notConfirmed)
  }

  @Test(.tags(.law)) func quickConvolutionsAndNoise() throws {
    let record = try run()
    #expect(try record.quickConvolutions(epochSteps: 100).verdict == .confirmed)
    let none = try record.quickConvolutions(epochSteps: 10)
    #expect(none.verdict == .notConfirmed && none.statistic == 0 && none.parts.count == 4)
    #expect(try run(noise: { _ in 0.01 }).mostlyNoise().verdict == .notConfirmed)
    #expect(try run(noise: { _ in 2 }, halvesAt: { _ in 40 }).mostlyNoise().statistic > 0.5)
  }

  @Test(.tags(.law)) func rebounds() throws {
    let still = try run()
    #expect(try still.batchNormRebound().verdict == .notConfirmed)
    let warm = try run(rise: { $0.isBatchNorm ? 2 : 0 })
    let found = try warm.batchNormRebound()
    #expect(found.verdict == .confirmed && found.totalCount == 8)
    let branch = try warm.downsampleRebound()
    #expect(branch.verdict == .depends(holding: 2, total: 3))
    #expect(branch.parts.map(\.holds) == [false, true, true])
  }

  @Test(.tags(.law)) func noisyBiases() throws {
    // Seven pairs of 1/128 at least would do; there are five: 1/32.
    let few = try run(noise: { $0.isBias ? 0.3 : 0.05 }).noisyBiases()
    #expect(few.statistic > 0.1 && few.pValue == 1.0 / 32 && few.verdict == .notConfirmed)
    #expect(few.parts.map(\.name).contains("fc"))
  }

  @Test(.tags(.law)) func noisyOnlyForBeingSmall() throws {
    let names = (0..<8).flatMap { ["hidden.\($0).weight", "hidden.\($0).bias"] }
    let all = try components(of: names)
    let columns = all.indices.map { index in
      let draws: [Double] = key.fork(index).normal(count: 200)
      let deviation = all[index].kind.isBias ? 0.2 : 0.02
      return draws.map { exp(deviation * $0) }
    }
    func verdict(weights: Int) throws -> ClaimVerdict {
      try CoolingRecord(
        temperatures: table(columns, names: names), components: all,
        weightCounts: all.map { $0.kind.isBias ? 10 : weights }
      ).noisyBiases().verdict
    }
    #expect(try verdict(weights: 10) == .confirmed)
    #expect(try verdict(weights: 10_000) == .depends(holding: 1, total: 2))
  }

  @Test(.tags(.law)) func laterIsLaterAndLastIsSlowest() throws {
    let record = try run(noise: { _ in 0.001 })
    let later = try record.laterIsLater()
    #expect(later.statistic > 0.9 && (later.pValue ?? 1) < 0.05 && later.verdict == .confirmed)
    #expect(later.parts.count == 5)
    let last = try record.lastIsSlowest()
    #expect(last.statistic == 1 && last.pValue == 0.2 && last.verdict == .confirmed)
    let reversed = try run(noise: { _ in 0.001 }, halvesAt: { 60 - 10 * Double($0) })
    #expect(try reversed.laterIsLater().verdict == .notConfirmed)
    #expect(try reversed.lastIsSlowest().verdict == .notConfirmed)
    let never = try run(noise: { _ in 0.001 }, halvesAt: { $0 < 1 ? 20 : 1e6 })
    // Three others never halve either: it is among the slowest two in half of the orders.
    #expect(try never.lastIsSlowest().verdict == .depends(holding: 2, total: 4))
  }

  @Test(.tags(.statistical)) func dipsOfNoise() throws {
    let names = Array(names.prefix(3))
    let columns = names.indices.map { index in
      autoregression(0.5, count: 100, key: key.fork(index)).map { exp(0.1 * $0) }
    }
    let record = try CoolingRecord(
      temperatures: table(columns, names: names), components: components(of: names),
      weightCounts: [1, 1, 1])
    let found = try record.dipsAndRebounds(window: 10, surrogateCount: 39, key: key)
    #expect(found.verdict != .confirmed && found.parts.allSatisfy { $0.pValue != nil })
  }

  @Test(.tags(.law)) func verdictsOverSeeds() throws {
    func evidence(_ verdict: ClaimVerdict) -> ClaimEvidence {
      ClaimEvidence(
        claim: .laterIsLater, statistic: 0, pValue: nil, verdict: verdict, parts: [])
    }
    let yes = evidence(.confirmed)
    #expect(try verdict(over: [yes, yes, yes]) == .confirmed)
    let mixed = [yes, evidence(.depends(holding: 1, total: 2)), evidence(.notConfirmed)]
    #expect(try verdict(over: mixed) == .depends(holding: 1, total: 3))
    #expect(try verdict(over: Array(mixed[1...]) + [mixed[2]]) == .notConfirmed)
    expectMessage("verdict: 2 samples; at least 3 are needed") {
      _ = try verdict(over: [yes, yes])
    }
  }

  @Test func refusals() throws {
    let record = try CoolingRecord(
      temperatures: table([Array(repeating: 1, count: 20)], names: ["fc.weight"]),
      components: components(of: ["fc.weight"]), weightCounts: [3])
    expectMessage("quickConvolutions: there are no convolutions") {
      _ = try record.quickConvolutions(epochSteps: 3)
    }
    expectMessage("batchNormRebound: no component that the claim is about is defined") {
      _ = try record.batchNormRebound()
    }
    expectMessage("noisyBiases: no module has both a weight and a bias") {
      _ = try record.noisyBiases()
    }
    expectMessage("lastIsSlowest: a fully connected layer and two others are needed to compare") {
      _ = try record.lastIsSlowest()
    }
    expectMessage("rankCorrelation: 1 samples; at least 3 are needed") {
      _ = try record.laterIsLater()
    }
  }
}
