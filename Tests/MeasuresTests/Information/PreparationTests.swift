import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct PreparationTests {
  private let layer = mixedLayer(rowCount: 200, columnCount: 5)

  private func prepared(
    _ preparation: Preparation, _ samples: Matrix<Double>
  ) throws -> PreparedSamples {
    try preparation.fitted(to: samples).applied(to: samples, named: "x")
  }

  @Test(.tags(.law)) func standardisedColumnsHaveMeanZeroAndVarianceOne() throws {
    let result = try prepared(.standardized, layer)
    let moments = result.values.meansAndDeviations
    #expect(moments.means.allSatisfy { abs($0) < 1e-14 })
    #expect(moments.deviations.allSatisfy { abs($0 - 1) < 1e-14 })
    #expect(result.record == ["x: standardised"])
  }

  @Test(.tags(.law)) func quartilesIgnoreTails() throws {
    var samples = Matrix(values: (0..<9).map { Double($0) }, rowCount: 9, columnCount: 1)
    samples[8, 0] = 1e6
    let values = try prepared([.robustlyScaled], samples).values.values
    #expect(values[4] == 0 && values[6] - values[2] == 1)
    // Seven of nine are equal: no quartiles to divide by.
    let spiked = Matrix(values: [0, 0, 0, 0, 0, 0, 0, 1, -1], rowCount: 9, columnCount: 1)
    #expect(abs(try prepared([.robustlyScaled], spiked).values.values[7] - 2) < 1e-15)
  }

  @Test(.tags(.law)) func whitenedComponentsAreUncorrelated() throws {
    let fitted = try Preparation([.principalComponents(3)]).fitted(to: layer)
    let values = try fitted.applied(to: layer).values
    let product = values.columnGram.map { $0 / 199 }
    for row in 0..<3 {
      for column in 0..<3 {
        #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-12)
      }
    }
    let components = try #require(fitted.components)
    #expect(components.eigenvalues == components.eigenvalues.sorted(by: >))
    #expect(components.eigenvalues.count == 5 && components.keptCount == 3)
    let share = (1000 * components.keptFraction).rounded() / 10
    #expect(
      try fitted.applied(to: layer, named: "layer 1").record
        == ["layer 1: first 3 principal components, whitened, \(share) % of the variance"])
  }

  @Test(
    .tags(.oracle),
    .enabled(if: InformationReference.isThere, "\(InformationReference.missing)"))
  func componentsAndRanksEqualScikitLearnAndScipy() throws {
    let layer = InformationReference.layer
    let fitted = try Preparation([.principalComponents(3)]).fitted(to: layer)
    let expected = InformationReference.matrix("whitened")
    let found = try fitted.applied(to: layer).values
    #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) < 1e-9 })
    let eigenvalues = try #require(fitted.components).eigenvalues
    #expect(
      zip(eigenvalues, InformationReference.numbers("eigenvalues")).allSatisfy {
        abs($0 - $1) < 1e-12
      })
    let scores = try prepared([.gaussianScores], layer).values.column(0)
    #expect(
      zip(scores, InformationReference.numbers("scores")).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// The same directions from samples in another order, and from samples turned around.
  @Test(.tags(.law)) func signsAreFixed() throws {
    let directions = try PrincipalComponents(of: layer, count: 5).directions
    let turned = try PrincipalComponents(of: layer.map { -$0 }, count: 5).directions
    let shuffled = try PrincipalComponents(
      of: layer.selectingRows(RandomKey(seed: 1).permutation(of: 200)), count: 5
    ).directions
    for other in [turned, shuffled] {
      #expect(zip(directions.values, other.values).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    for row in 0..<5 {
      #expect(directions.row(row).max { abs($0) < abs($1) } ?? -1 > 0)
    }
  }

  /// Dead units and copies of others give no components to divide by.
  @Test(.tags(.law)) func emptyDirectionsAreDropped() throws {
    var columns = (0..<5).map { layer.column($0) }
    columns.append(columns[0])
    columns.append(Array(repeating: 3.7, count: 200))
    let degenerate = Matrix(rows: (0..<200).map { row in columns.map { $0[row] } })
    let fitted = try Preparation([.principalComponents(7)]).fitted(to: degenerate)
    #expect(fitted.components?.keptCount == 5)
    #expect(fitted.constantColumnCount == 1)
    let result = try fitted.applied(to: degenerate, named: "h")
    #expect(result.values.columnCount == 5)
    #expect(result.record[0].contains("5 of them above rounding, 100.0 % of the variance"))
  }

  /// A ball has no principal directions: the record says so.
  @Test(.tags(.statistical)) func equalEigenvaluesAreReported() throws {
    let ball: Matrix<Double> = RandomKey(seed: 4).normalMatrix(rowCount: 500, columnCount: 3)
    let components = try PrincipalComponents(of: ball, count: 2)
    #expect(components.unresolved.count >= 1)
    #expect(components.relativeGaps.allSatisfy { $0 >= 0 && $0 < 0.3 })
    let record = try prepared([.principalComponents(2, isWhitened: false)], ball).record
    #expect(record[0].contains("hardly above the next"))
  }

  @Test(.tags(.law)) func scoresByRankIgnoreMonotoneMaps() throws {
    let scores = try prepared([.gaussianScores], layer).values
    let mapped = try prepared([.gaussianScores], layer.map { exp($0 / 3) }).values
    #expect(scores == mapped)
    // Ties share the mean of their ranks: of 1, 2, 2, 3 the twos are in the middle.
    let tied = Matrix(rows: [[3.0], [2], [1], [2]])
    let values = try prepared([.gaussianScores], tied).values.values
    #expect(values[1] == values[3] && abs(values[1]) < 1e-15)
    #expect(abs(values[0] - NormalDistribution.quantile(0.875)) < 1e-15)
  }

  @Test(.tags(.law)) func fittedScoresIncreaseOnOtherSamples() throws {
    let fitted = try Preparation([.gaussianScores]).fitted(to: Matrix(rows: [[0.0], [1], [3]]))
    let others = Matrix(rows: [[-2.0], [0], [0.25], [0.5], [1], [2], [3], [5]])
    let values = try fitted.applied(to: others).values.values
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(values[4] == 0)
  }

  @Test func fittedOnOneSetAppliedToAnother() throws {
    let (first, second) = (
      layer.selectingRows(Array(0..<100)), layer.selectingRows(Array(100..<200))
    )
    let preparation: Preparation = [.principalComponents(2), .standardized]
    let fitted = try preparation.fitted(to: first)
    let together = try fitted.applied(to: layer).values
    let apart = try fitted.applied(to: second).values
    // Products of matrices of other shapes may round differently.
    #expect(
      zip(apart.values, together.values.suffix(apart.count)).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func firstCoordinatesThenConstantsLeftOut() throws {
    let samples = Matrix(rows: (0..<6).map { [1.0, Double($0), 2, Double($0 % 2)] })
    let result = try prepared([.firstCoordinates(count: 3)], samples)
    #expect(result.values.values == (0..<6).map { Double($0) })
    #expect(result.constantColumnCount == 2)
    #expect(result.record == ["x: first 3 coordinates"])
  }

  @Test func jitterIsSmallRepeatableAndSeparatesDuplicates() throws {
    let key = RandomKey(seed: 9)
    let rounded = layer.map { $0.rounded() }
    #expect(try duplicateCount(of: rounded.selectingColumns([0])) > 150)
    let preparation: Preparation = [.jitter(relativeSize: 1e-6, key: key)]
    let result = try prepared(preparation, rounded)
    #expect(try duplicateCount(of: result.values.selectingColumns([0])) == 0)
    #expect(try prepared(preparation, rounded) == result)
    let differences = zip(result.values.values, rounded.values).map { abs($0 - $1) }
    let largest = try #require(differences.max())
    let spread = try #require(rounded.meansAndDeviations.deviations.max())
    #expect(largest > 0 && largest < 1e-5 * spread)
    #expect(result.record == ["x: jitter of 1e-06 standard deviations"])
  }

  @Test func stepsSurviveStorage() throws {
    let preparation: Preparation = [
      .principalComponents(4), .gaussianScores, .jitter(relativeSize: 0.1, key: RandomKey(seed: 1)),
    ]
    let data = try JSONEncoder().encode(preparation)
    #expect(try JSONDecoder().decode(Preparation.self, from: data) == preparation)
  }

  @Test(arguments: [
    (
      Preparation([.principalComponents(0)]),
      "preparation: the number of components is 0.0; expected at least 1"
    ),
    (
      Preparation([.principalComponents(count: 1, isWhitened: true, threshold: 1)]),
      "preparation: the threshold of eigenvalues is 1.0; expected at least 0 and below 1"
    ),
    (
      Preparation([.firstCoordinates(count: 0)]),
      "preparation: the number of coordinates is 0.0; expected at least 1"
    ),
    (
      Preparation([.jitter(relativeSize: 0, key: RandomKey(seed: 1))]),
      "preparation: the size of the jitter is 0.0; expected above 0"
    ),
  ])
  func messages(preparation: Preparation, message: String) throws {
    let error = #expect(throws: MeasureError.self) { try preparation.fitted(to: layer) }
    #expect(error?.description == message)
  }

  @Test func samplesThatDoNotFit() throws {
    let fitted = try Preparation.standardized.fitted(to: layer)
    let narrow = #expect(throws: MeasureError.self) {
      try fitted.applied(to: layer.selectingColumns([0]))
    }
    #expect(
      narrow?.description == "preparation: the number of columns is 1.0; expected 5, as fitted")
    var broken = layer
    broken[3, 1] = .nan
    let error = #expect(throws: MeasureError.self) { try fitted.applied(to: broken) }
    #expect(
      error?.description
        == "preparation: element 16 of the samples is not finite; remove such samples or find "
        + "their cause")
    #expect(throws: MeasureError.tooFewSamples(measure: "preparation", found: 1, needed: 2)) {
      try Preparation.none.fitted(to: layer.selectingRows([0]))
    }
  }
}

@Suite struct PreparedInformationTests {
  private func estimate(_ value: Double) -> InformationEstimate {
    InformationEstimate(value: value, sampleCount: 4, estimator: "test")
  }

  @Test func recordsWhatWasDone() throws {
    let x = Matrix(rows: [[1.0, 5], [2, 5], [2, 5], [4, 5]])
    let y = Matrix(rows: [[1.0], [2], [2], [0]])
    let fittedX = try Preparation.standardized.fitted(to: x).applied(to: x, named: "x")
    let plainY = try Preparation.none.fitted(to: y).applied(to: y, named: "y")
    let result = try preparedInformation(between: fittedX, and: plainY) { x, y in
      #expect(x.columnCount == 1 && y.columnCount == 1)
      return estimate(0.3)
    }
    #expect(result.value == 0.3)
    #expect(result.preparation == ["x: standardised"])
    #expect(
      result.cautions == [.duplicates(count: 2), .constantColumns(variable: "x", count: 1)])
  }

  @Test func aConstantTellsNothing() throws {
    let dead = Matrix<Double>(repeating: 1, rowCount: 4, columnCount: 3)
    let layer = try Preparation([.principalComponents(2)]).fitted(to: dead)
      .applied(to: dead, named: "layer 2")
    let result = try preparedInformation(of: layer) { _ in estimate(7) }
    #expect(result.value == 0)
    #expect(result.estimator == "none: layer 2 is constant")
    #expect(result.cautions == [.constantColumns(variable: "layer 2", count: 3)])
  }

  @Test func rowsMustBelongTogether() throws {
    let x = mixedLayer(rowCount: 5, columnCount: 1)
    let y = mixedLayer(rowCount: 6, columnCount: 1)
    #expect(
      throws: MeasureError.rowCountMismatch(measure: "preparedInformation", first: 5, second: 6)
    ) {
      try preparedInformation(
        between: Preparation.none.fitted(to: x).applied(to: x),
        and: Preparation.none.fitted(to: y).applied(to: y)
      ) { _, _ in estimate(0) }
    }
  }
}

@Suite struct RowSymbolsTests {
  /// Against a dictionary.
  @Test(.tags(.oracle)) func equalRowsHaveEqualNumbers() {
    let values = RandomKey(seed: 2).integers(count: 3 * 500, in: -2..<2)
    let symbols = values.withUnsafeBufferPointer { RowSymbols($0, rowCount: 500, width: 3) }
    var numbers = [[Int]: Int32]()
    for row in 0..<500 {
      let key = Array(values[3 * row..<3 * row + 3])
      let number = numbers[key] ?? Int32(numbers.count)
      numbers[key] = number
      #expect(symbols.numbers[row] == number)
    }
    #expect(symbols.counts.count == numbers.count)
    #expect(symbols.counts.reduce(0, +) == 500)
    #expect(symbols.firstRows == symbols.firstRows.sorted())
  }

  /// The table of numbers against the table of rows, for numbers that fit the former and for those that do not.
  @Test(.tags(.oracle), arguments: [0..<7, 0..<90_000, -3..<3])
  func numbersAreRowsOfOne(range: Range<Int>) {
    let values = RandomKey(seed: 2).integers(count: 500, in: range)
    let rows = values.withUnsafeBufferPointer { RowSymbols($0, rowCount: 500, width: 1) }
    #expect(RowSymbols(numbering: values) == rows)
  }

  @Test func zerosAreEqual() throws {
    #expect(try duplicateCount(of: Matrix(rows: [[0.0, 1], [-0.0, 1], [1, 0]])) == 2)
    #expect(try duplicateCount(of: Matrix<Double>(rowCount: 0, columnCount: 2)) == 0)
  }
}
