import GrokDatasets
import TestSupport
import Testing

func features(_ examples: LabeledExamples) throws -> Matrix<Float> {
  guard case .features(let matrix) = examples.inputs else {
    throw DatasetError.invalidSetting(name: "inputs", value: "tokens", expected: "features")
  }
  return matrix
}

func tokens(_ examples: LabeledExamples) throws -> TokenMatrix {
  guard case .tokens(let matrix) = examples.inputs else {
    throw DatasetError.invalidSetting(name: "inputs", value: "features", expected: "tokens")
  }
  return matrix
}

@Suite struct PermutationGroupTests {
  @Test(.tags(.law), arguments: 2...5) func itIsAGroup(degree: Int) throws {
    let group = try PermutationGroup(degree: degree)
    #expect(group.order == (1...degree).reduce(1, *))
    #expect(group.permutations[0] == Array(0..<degree))
    #expect(group.permutations.last == (0..<degree).reversed())
    for a in 0..<group.order {
      #expect(group.product(a, 0) == a && group.product(0, a) == a)
      #expect(group.product(a, group.inverse(a)) == 0)
      // Each row of the table has every element once.
      #expect(Set((0..<group.order).map { group.product(a, $0) }).count == group.order)
    }
    for draw in 0..<200 {
      let c = RandomKey(seed: 3).fork(draw).integers(count: 3, in: 0..<group.order)
      #expect(
        group.product(group.product(c[0], c[1]), c[2])
          == group.product(c[0], group.product(c[1], c[2])))
    }
  }

  @Test func operationsAndEncodings() throws {
    let group = try PermutationGroup(degree: 3)
    // [0, 2, 1] is 1 and [1, 0, 2] is 2: first the places 0 and 1 change, then 1 and 2.
    #expect(group.permutations[group.product(1, 2)] == [2, 0, 1])
    let conjugation = try PermutationGroup(degree: 3, operation: .conjugation)
    #expect(conjugation.result(1, 2) == conjugation.product(conjugation.product(1, 2), 1))
    let sandwich = try PermutationGroup(degree: 3, operation: .sandwich)
    #expect(sandwich.result(3, 1) == sandwich.product(3, sandwich.product(1, 3)))
    let (oneHot, sequences) = (group.examples(), group.examples(encoding: .tokens))
    #expect(oneHot.labels == sequences.labels && oneHot.classCount == 6)
    #expect(try features(oneHot).columnCount == 12)
    #expect(try Array(tokens(sequences).sequence(8)) == [1, 2, 6])
    #expect(oneHot.labels[8] == Int32(group.product(1, 2)))
    #expect(throws: DatasetError.invalidSetting(name: "degree", value: "7", expected: "2 to 6")) {
      try PermutationGroup(degree: 7)
    }
  }
}

@Suite struct SparseParityTests {
  @Test(.tags(.law)) func aRelevantBitTurnsTheClass() throws {
    let task = try SparseParity(bitCount: 20, relevantCount: 3, key: RandomKey(seed: 1))
    #expect(task.relevantBits.count == 3 && Set(task.relevantBits).count == 3)
    let examples = task.examples(count: 500, key: RandomKey(seed: 2))
    let bits = try features(examples)
    for example in 0..<500 {
      let product = task.relevantBits.reduce(Float(1)) { $0 * bits[example, $1] }
      #expect(examples.labels[example] == (product < 0 ? 1 : 0))
    }
    #expect(bits.values.allSatisfy { abs($0) == 1 })
    #expect(task.examples(count: 20, key: RandomKey(seed: 2)) == examples.prefix(20))
    let ones = examples.labels.count { $0 == 1 }
    #expect(abs(ones - 250) < 60)  // five standard errors
  }

  @Test func messages() {
    #expect(
      throws: DatasetError.invalidSetting(
        name: "number of relevant bits", value: "9", expected: "1 to 8")
    ) { try SparseParity(bitCount: 8, relevantCount: 9, key: RandomKey(seed: 0)) }
  }
}

@Suite struct IcosahedralPatternsTests {
  /// What is known of the published labels: 2,118 ones, and the share of ones by the number of corners that are on.
  @Test(.tags(.golden)) func theLabelsAreThePublishedOnes() throws {
    let examples = IcosahedralPatterns.examples()
    #expect(examples.count == 4096)
    #expect(examples.labels.count { $0 == 1 } == 2118)
    let bits = try features(examples)
    var (ones, all) = ([Double](repeating: 0, count: 13), [Double](repeating: 0, count: 13))
    for pattern in 0..<4096 {
      let on = (0..<12).count { bits[pattern, $0] == 1 }
      all[on] += 1
      ones[on] += Double(examples.labels[pattern])
    }
    let shares = zip(ones, all).map { ($0 / $1 * 10_000).rounded() / 10_000 }
    #expect(shares == [0, 0, 0, 0, 0, 0.0758, 0.5758, 0.9242, 1, 1, 1, 1, 1])
    #expect(bits[1, 11] == 1 && bits[1, 0] == 0 && bits[2048, 0] == 1)
  }

  /// All 120 symmetries, found as the permutations that keep the edges.
  @Test(.tags(.law)) func rotationsAndReflectionsChangeNothing() {
    let neighbors = IcosahedralPatterns.neighbors.map(Set.init)
    #expect(neighbors.allSatisfy { $0.count == 5 })
    #expect(
      IcosahedralPatterns.opposites.enumerated().allSatisfy { corner, opposite in
        IcosahedralPatterns.opposites[opposite] == corner
          && neighbors[corner].isDisjoint(with: neighbors[opposite])
      })
    var symmetries: [[Int]] = []
    func extend(_ images: [Int]) {
      if images.count == 12 { symmetries.append(images) }
      guard images.count < 12 else { return }
      for next in 0..<12 where !images.contains(next) {
        let keeps = images.enumerated().allSatisfy { corner, image in
          neighbors[corner].contains(images.count) == neighbors[image].contains(next)
        }
        if keeps { extend(images + [next]) }
      }
    }
    extend([])
    #expect(symmetries.count == 120)
    for symmetry in symmetries {
      for pattern in stride(from: 0, to: 4096, by: 7) {
        var moved = 0
        for corner in 0..<12 where pattern >> (11 - corner) & 1 == 1 {
          moved |= 1 << (11 - symmetry[corner])
        }
        #expect(IcosahedralPatterns.label(of: moved) == IcosahedralPatterns.label(of: pattern))
      }
    }
  }
}

@Suite struct SequenceTasksTests {
  let key = RandomKey(seed: 8)

  @Test func additionsAreRight() throws {
    let task = try DigitAddition(digitCount: 5)
    #expect(
      task.sequence(99_999, 7)
        == [9, 9, 9, 9, 9, 10, 0, 0, 0, 0, 7, 11, 1, 0, 0, 0, 0, 6])
    #expect(task.contextLength == 18)
    let examples = task.examples(count: 50, key: key)
    let sequences = try tokens(examples)
    #expect((examples.positionCount, examples.classCount) == (18, 10))
    for example in 0..<50 {
      let row = Array(sequences.sequence(example))
      func number(_ digits: ArraySlice<Int32>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) } }
      #expect(number(row[0..<5]) + number(row[6..<11]) == number(row[12..<18]))
      let targets = Array(examples.labels[example * 18..<(example + 1) * 18])
      #expect(Array(targets[11..<17]) == Array(row[12..<18]))
      #expect((targets[0..<11] + [targets[17]]).allSatisfy { $0 == LabeledExamples.noTarget })
    }
    #expect(
      throws: DatasetError.invalidSetting(
        name: "number of digits", value: "18", expected: "1 to 17")
    ) { try DigitAddition(digitCount: 18) }
  }

  @Test(.tags(.law), arguments: [nil, 18...18, 2...5] as [ClosedRange<Int>?])
  func segmentsRepeat(periods: ClosedRange<Int>?) throws {
    let task = try RepeatedTokens(vocabularySize: 32, contextLength: 36, periods: periods)
    #expect(task.periods == periods ?? 6...18)
    let examples = task.examples(count: 200, key: key)
    let sequences = try tokens(examples)
    let (drawn, known) = (
      task.drawnPeriods(count: 200, key: key), task.isPredictable(count: 200, key: key)
    )
    #expect(Set(drawn).count == task.periods.count)
    for (example, period) in drawn.enumerated() {
      let row = Array(sequences.sequence(example))
      #expect(Set(row[..<period]).count == period)
      for position in 0..<36 {
        if position >= period { #expect(row[position] == row[position - period]) }
        let label = examples.labels[example * 36 + position]
        #expect(label == (position == 35 ? LabeledExamples.noTarget : row[position + 1]))
        #expect(known[example * 36 + position] == (position >= period && position < 35))
      }
    }
    #expect(task.examples(count: 10, key: key) == examples.prefix(10))
    #expect(
      throws: DatasetError.invalidSetting(
        name: "period", value: "6...18", expected: "1 to 12, as context and vocabulary allow")
    ) { try RepeatedTokens(vocabularySize: 12, contextLength: 36) }
  }

  @Test(.tags(.law)) func copiesStandAmongOtherTokens() throws {
    let task = try RepeatedTokens(
      vocabularySize: 40, contextLength: 50, periods: 10...16, copyCount: 3)
    let examples = task.examples(count: 300, key: key)
    let sequences = try tokens(examples)
    let (drawn, known) = (
      task.drawnPeriods(count: 300, key: key), task.isPredictable(count: 300, key: key)
    )
    var firsts: Set<Int> = []
    for (example, period) in drawn.enumerated() {
      let row = Array(sequences.sequence(example))
      let marked = row.indices.filter { known[example * 50 + $0] }
      // All but the last token of the second and the third copy.
      #expect(marked.count == 2 * (period - 1))
      let (second, third) = (marked[0], marked[period - 1])
      #expect(marked == Array(second..<second + period - 1) + Array(third..<third + period - 1))
      #expect(third - second >= period)
      let segment = row[second..<second + period]
      #expect(Array(segment) == Array(row[third..<third + period]) && Set(segment).count == period)
      let first = try #require(
        (0...second - period).first { Array(row[$0..<$0 + period]) == Array(segment) })
      firsts.insert(first)
    }
    #expect(firsts.contains(0) && firsts.count > 5)
    #expect(task.examples(count: 10, key: key) == examples.prefix(10))
    #expect(
      throws: DatasetError.invalidSetting(
        name: "copies", value: "4",
        expected: "2 to 3, as a context of 50 and periods up to 16 allow")
    ) {
      try RepeatedTokens(vocabularySize: 40, contextLength: 50, periods: 10...16, copyCount: 4)
    }
    #expect(
      throws: DatasetError.invalidSetting(
        name: "copies", value: "2", expected: "periods of at most half the context of 50")
    ) {
      try RepeatedTokens(vocabularySize: 40, contextLength: 50, periods: 10...26, copyCount: 2)
    }
  }

  @Test(.tags(.law)) func oneMarkerDecidesTheAnswer() throws {
    let task = try SkipTrigrams(key: key)
    let examples = task.examples(count: 300, key: key)
    let sequences = try tokens(examples)
    #expect(
      (sequences.contextLength, sequences.vocabularySize, examples.classCount) == (24, 52, 16))
    var places: Set<Int> = []
    for example in 0..<300 {
      let row = Array(sequences.sequence(example))
      let markers = row.indices.filter { row[$0] >= 32 && row[$0] < 48 }
      #expect(markers.count == 1 && row[23] >= 48)
      places.insert(markers[0])
      let answer = task.answers[Int(row[markers[0]] - 32) * 4 + Int(row[23] - 48)]
      #expect(examples.labels[example] == answer)
    }
    #expect(places == Set(0..<23))
    #expect(
      throws: DatasetError.invalidSetting(
        name: "number of markers", value: "0", expected: "1 to 1000000")
    ) { try SkipTrigrams(markerCount: 0, key: key) }
  }
}

@Suite struct RegressionTasksTests {
  let key = RandomKey(seed: 8)

  @Test(.tags(.law)) func teachersAnswer() throws {
    let task = try TeacherStudent(widths: [3, 4, 2], key: key)
    let examples = task.examples(count: 6, key: key)
    let (inputs, numbers) = (try features(examples), try #require(examples.numbers))
    #expect((examples.count, examples.classCount, numbers.columnCount) == (6, 2, 2))
    for example in 0..<6 {
      let answer = task.answer(to: (0..<3).map { Double(inputs[example, $0]) })
      #expect((0..<2).map { numbers[example, $0] } == answer.map { Float($0) })
    }
    #expect(examples.selecting([4, 1]).numbers == numbers.selectingRows([4, 1]))
    #expect(task.examples(count: 2, key: key) == examples.prefix(2))
    #expect(try TeacherStudent(widths: [3, 4, 2], key: key.fork(1)) != task)
    #expect(
      throws: DatasetError.invalidSetting(
        name: "widths of the teacher", value: "[3]", expected: "two or more, each at least 1")
    ) { try TeacherStudent(widths: [3], key: key) }
  }

  /// Targets have variance 1 and are uncorrelated over degrees, whatever the direction.
  @Test(.tags(.statistical)) func polynomialsAreOrthonormal() throws {
    let tasks = try (1...3).map { try PolynomialRegression(inputCount: 7, degree: $0, key: key) }
    #expect(abs(tasks[0].direction.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
    let count = 20_000
    let values = tasks.map { $0.examples(count: count, key: key).numbers!.values.map(Double.init) }
    for (i, a) in values.enumerated() {
      for (j, b) in values.enumerated() {
        let products = zip(a, b).map { $0 * $1 }
        let mean = products.reduce(0, +) / Double(count)
        let variance = products.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(abs(mean - (i == j ? 1 : 0)) < 5 * (variance / Double(count)).squareRoot())
      }
    }
    // He₂(z)/√2 and He₃(z)/√6 at a point along the direction.
    let point = tasks[0].direction.map { 2 * $0 }
    #expect(abs(tasks[1].answer(to: point) - 3 / 2.0.squareRoot()) < 1e-12)
    #expect(abs(tasks[2].answer(to: point) - 2 / 6.0.squareRoot()) < 1e-12)
  }

  @Test func numbersAreChecked() throws {
    let inputs = ExampleInputs.features(Matrix(rows: [[1], [2]]))
    func message(_ rows: [[Float]]) -> String? {
      #expect(throws: DatasetError.self) {
        try LabeledExamples(inputs: inputs, numbers: Matrix(rows: rows))
      }?.description
    }
    #expect(
      message([[1]]) == "rows of numbers to be told of 2 examples: expected 2, found 1")
    #expect(message([[1], [.infinity]]) == "a number to be told is inf; expected a finite one")
    #expect(message([[], []]) == "numbers to be told is none; expected at least one")
  }
}

@Suite struct SyntheticManifoldsTests {
  /// The geometry is the one asked for, within what chance leaves in 2,000 features.
  @Test(.tags(.statistical)) func geometryIsTheOneAskedFor() throws {
    let task = try SyntheticManifolds(
      manifoldCount: 12, featureCount: 2000, dimension: 4, radius: 0.5, centerCorrelation: 0.6)
    let examples = task.examples(pointCount: 40, key: RandomKey(seed: 1))
    #expect(examples.labels == (0..<12).flatMap { [Int32](repeating: $0, count: 40) })
    let points = try features(examples)
    func mean(_ manifold: Int) -> [Double] {
      (0..<2000).map { feature in
        (0..<40).reduce(0) { $0 + Double(points[manifold * 40 + $1, feature]) } / 40
      }
    }
    let centers = (0..<12).map(mean)
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var (neighbors, second) = (0.0, 0.0)
    for (a, b) in zip(centers, centers.dropFirst()) { neighbors += product(a, b) / 11 }
    for (a, b) in zip(centers, centers.dropFirst(2)) { second += product(a, b) / 10 }
    #expect(abs(neighbors - 0.6) < 0.05)
    #expect(abs(second - 0.36) < 0.05)
    // Points are at a distance R from their center: the mean of 40 directions takes 1/40 of the square away.
    for manifold in 0..<12 {
      let squares = (0..<40).reduce(0.0) { sum, point in
        sum + (0..<2000).reduce(0) {
          let difference = Double(points[manifold * 40 + point, $1]) - centers[manifold][$1]
          return $0 + difference * difference
        } / 40
      }
      #expect(abs(squares - 0.25 * 39 / 40) < 0.05)
    }
  }

  @Test func messages() {
    #expect(
      throws: DatasetError.invalidSetting(
        name: "axes correlation", value: "1.0", expected: "0 or more, below 1")
    ) {
      try SyntheticManifolds(
        manifoldCount: 2, featureCount: 3, dimension: 1, radius: 1, axesCorrelation: 1)
    }
  }
}
