import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct BinnedLayerTests {
  /// All 4,096 patterns of 12 bits.
  private let patterns = Matrix<Float>(
    values: (0..<4096).flatMap { row in (0..<12).map { Float(row >> $0 & 1) } }, rowCount: 4096,
    columnCount: 12)

  @Test(.tags(.law)) func anInjectiveLayerHas12Bits() throws {
    let layer = try BinnedLayer(patterns, binning: .tishby)
    #expect(layer.symbolCount == 4096)
    let information = layer.inputInformation()
    #expect(abs(information.bits - 12) < 1e-12)
    #expect(information.ceiling == log(4096))
    #expect(information.estimator == "binned, 30 edges from -1.0 to 1.0, plug-in entropies")
  }

  /// The label of the 12-bit task: 2,118 ones of 4,096.
  @Test(.tags(.law)) func theLabelItselfHas0999157Bit() throws {
    let labels = (0..<4096).map { $0 < 2118 ? 1 : 0 }
    let layer = try BinnedLayer(
      Matrix(values: labels.map { Float($0) }, rowCount: 4096, columnCount: 1), binning: .tishby)
    let output = try layer.information(about: labels)
    #expect(abs(output.bits - 0.999157) < 1e-6)
    #expect(abs(layer.inputInformation().bits - 0.999157) < 1e-6)
    #expect(abs((output.ceiling ?? 0) - output.value) < 1e-15)
    // Whatever tells the samples apart tells the label.
    let injective = try BinnedLayer(patterns, binning: .tishby)
    #expect(abs(try injective.information(about: labels).bits - 0.999157) < 1e-6)
    // A constant tells nothing.
    let dead = try BinnedLayer(
      Matrix<Float>(repeating: 0.3, rowCount: 4096, columnCount: 2), binning: .tishby)
    #expect(dead.inputInformation().value == 0)
    #expect(abs(try dead.information(about: labels).value) < 1e-15)
  }

  @Test(
    .tags(.oracle),
    .enabled(if: InformationReference.isThere, "\(InformationReference.missing)"))
  func equalsNumpy() throws {
    let (layer, labels) = (InformationReference.layer, InformationReference.labels)
    for (name, binning) in [("edges", Binning.tishby), ("width", .width(0.07))] {
      let binned = try BinnedLayer(layer, binning: binning)
      #expect(
        abs(binned.inputInformation().value - InformationReference.number(name, "input")) < 1e-12)
      let output = try binned.information(about: labels).value
      #expect(abs(output - InformationReference.number(name, "output")) < 1e-12)
    }
  }

  @Test(.tags(.law)) func edgesAreHalfOpenAndOneIsABinOfItsOwn() throws {
    guard case .edges(let edges) = Binning.tishby else { return }
    #expect(edges.count == 30 && edges[0] == -1 && edges[29] == 1)
    #expect(edges.allSatisfy { Double(Float($0)) == $0 })
    let bins = EdgeBins(edges)
    #expect(edges.map { bins.number(of: $0) } == (1...30).map { Int32($0) })
    #expect(edges.map { bins.number(of: $0.nextDown) } == (0..<30).map { Int32($0) })
    #expect(bins.number(of: Double(Float(1).nextDown)) == 29)
  }

  /// The guess of evenly spaced edges against the search.
  @Test(.tags(.oracle)) func guessesEqualSearches() {
    let values: [Double] = RandomKey(seed: 1).uniform(count: 2000, in: -1.2..<1.2)
    let uneven = [-1.0, -0.9, 0.3, 0.31, 0.8]
    let nearlyEven = (0..<9).map { (index: Int) -> Double in
      Double(index) / 4 - 1 + (index % 2 == 0 ? 0.05 : -0.05)
    }
    guard case .edges(let tishby) = Binning.tishby else { return }
    for edges in [tishby, uneven, nearlyEven, [0.5]] {
      let bins = EdgeBins(edges)
      for value in values + edges {
        #expect(bins.number(of: value) == bins.searchedNumber(of: value))
      }
    }
  }

  @Test(.tags(.law)) func rangesAndQuantiles() throws {
    let column = Matrix(values: [0.0, 1, 2, 3, 4, 5, 6, 8], rowCount: 8, columnCount: 1)
    #expect(try Binning.unitRange(binCount: 4).numbers(of: column) == [0, 0, 1, 1, 2, 2, 3, 3])
    #expect(try Binning.quantiles(binCount: 4).numbers(of: column) == [0, 0, 1, 1, 2, 2, 3, 3])
    let heavy = column.map { $0 * $0 * $0 }
    #expect(try Binning.quantiles(binCount: 4).numbers(of: heavy) == [0, 0, 1, 1, 2, 2, 3, 3])
    let tied = Matrix(values: [0.0, 0, 0, 0, 0, 1, 1, 2], rowCount: 8, columnCount: 1)
    #expect(try Binning.quantiles(binCount: 4).numbers(of: tied) == [0, 0, 0, 0, 0, 1, 1, 1])
    #expect(try Binning.width(0.5).numbers(of: column.map { $0 / 4 - 1 }).first == -2)
    // One unit ranges over a tenth of the other: the layer's bins put it into one.
    let two = Matrix(rows: (0..<8).map { [Double($0), Double($0) / 10] })
    #expect(
      try BinnedLayer(two.selectingColumns([1]), binning: .unitRange(binCount: 2)).symbolCount == 2)
    let numbers = try Binning.layerRange(binCount: 2).numbers(of: two)
    #expect(stride(from: 1, to: 16, by: 2).allSatisfy { numbers[$0] == 0 })
    #expect(
      try Binning.layerRange(binCount: 3).numbers(of: column.map { _ in 2 }).allSatisfy { $0 == 0 })
  }

  /// H(T) + H(Y) − H(T, Y) against sums over all outcomes of a table, and Miller–Madow by hand.
  @Test(.tags(.law)) func discreteInformationOfATable() throws {
    let a = [0, 0, 0, 0, 1, 1, 1, 1]
    let b = [5, 5, 5, 9, 9, 9, 9, 5]
    let found = try discreteInformation(between: a, and: b)
    let expected = 2 * (3.0 / 8 * log(1.5) + 1.0 / 8 * log(0.5))
    #expect(abs(found.value - expected) < 1e-15)
    #expect(abs((found.ceiling ?? 0) - log(2)) < 1e-15)
    let corrected = try discreteInformation(between: a, and: b, entropy: .millerMadow)
    #expect(abs(corrected.value - expected - (1 + 1 - 3) / 16.0) < 1e-15)
    #expect(abs(try discreteEntropy(of: a) - log(2)) < 1e-15)
    #expect(abs(try discreteEntropy(of: a, entropy: .millerMadow) - log(2) - 1.0 / 16) < 1e-15)
    // Local values are ln 1.5 three times of four, ln ½ once.
    let spread = (log(1.5) - log(0.5)) * (3.0 / 16).squareRoot()
    #expect(abs((found.naiveStandardError ?? 0) - spread / 7.0.squareRoot()) < 1e-15)
  }

  /// Of independent symbols the plug-in finds about (A − 1)(B − 1)/2n, Miller–Madow next to nothing.
  @Test(.tags(.statistical)) func biasOfIndependentSymbols() throws {
    let key = RandomKey(seed: 3)
    var (plain, corrected) = (0.0, 0.0)
    for draw in 0..<200 {
      let a = key.fork("a").fork(draw).integers(count: 400, in: 0..<5)
      let b = key.fork("b").fork(draw).integers(count: 400, in: 0..<4)
      plain += try discreteInformation(between: a, and: b).value / 200
      corrected += try discreteInformation(between: a, and: b, entropy: .millerMadow).value / 200
    }
    #expect(abs(plain - 12.0 / 800) < 0.002)
    #expect(abs(corrected) < 0.002)
  }

  @Test(arguments: [
    (Binning.width(0), "binnedLayer: the width of the bins is 0.0; expected above 0"),
    (.unitRange(binCount: 1), "binnedLayer: the number of bins is 1.0; expected at least 2"),
    (
      .edges([]), "binnedLayer: the number of edges is 0.0; expected at least 1, all finite"
    ),
    (
      .edges([0, 1, 1]),
      "binnedLayer: the edges do not increase from element 1 to 2; sort the records and drop "
        + "repeated ones"
    ),
    (
      .width(1e-10),
      "binnedLayer: the width of the bins is 1e-10; expected so much that values up to 1.0 have "
        + "numbers of 32 bits"
    ),
  ])
  func messages(binning: Binning, message: String) {
    let error = #expect(throws: MeasureError.self) { try BinnedLayer(patterns, binning: binning) }
    #expect(error?.description == message)
  }

  @Test func labelsMustFit() throws {
    let layer = try BinnedLayer(patterns, binning: .tishby)
    #expect(
      throws: MeasureError.rowCountMismatch(measure: "binnedLayer", first: 4096, second: 2)
    ) { try layer.information(about: [0, 1]) }
    #expect(throws: MeasureError.tooFewSamples(measure: "discreteInformation", found: 0, needed: 1))
    { try discreteInformation(between: [], and: []) }
  }
}
