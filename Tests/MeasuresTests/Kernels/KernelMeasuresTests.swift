import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct KernelMeasuresTests {
  private static func checkpoints(_ count: Int, n: Int = 7) throws -> [FactorExample] {
    try (0..<count).map {
      try FactorExample(exampleCount: n, outputCount: 3, key: RandomKey(seed: 40 + UInt64($0)))
    }
  }

  private static func kernel(_ n: Int, rank: Int, seed: UInt64) -> Matrix<Double> {
    (RandomKey(seed: seed).normalMatrix(rowCount: n, columnCount: rank) as Matrix<Double>).rowGram
  }

  // MARK: Distance

  @Test(.tags(.oracle), arguments: TangentKernelTests.forms)
  func distancesWithoutKernelsEqualThoseOfKernels(form: TangentKernelForm) throws {
    let checkpoints = try Self.checkpoints(4)
    let kernels = try checkpoints.map { try tangentKernel(of: $0.factors, form: form) }
    let plain = try kernelDistances(among: kernels)
    let fused = try kernelDistances(among: checkpoints.map(\.factors), form: form)
    #expect(largestDifference(plain.values, fused.values) < 1e-13)
    #expect(plain[0, 1] == (try kernelDistance(between: kernels[0], and: kernels[1])))
    var (product, norms) = (0.0, [0.0, 0.0])
    for (a, b) in zip(kernels[0].values, kernels[1].values) {
      product += a * b
      norms = [norms[0] + a * a, norms[1] + b * b]
    }
    let cosine = product / (norms[0] * norms[1]).squareRoot()
    #expect(abs(plain[0, 1] - (1 - cosine)) < 1e-13)
  }

  @Test(.tags(.resume)) func distancesHaveTheSameBitsWithAnyNumberOfWorkers() throws {
    let factors = try Self.checkpoints(3, n: 250).map(\.factors)
    let alone = try kernelDistances(among: factors, form: .full)
    for count in [2, 3] {
      let workers = Workers(threadCount: count)
      #expect(try kernelDistances(among: factors, form: .full, workers: workers) == alone)
    }
    // Smaller tiles add up in another order.
    let small = try kernelDistances(among: factors, form: .full, memoryBudget: 8_000_000)
    #expect(largestDifference(small.values, alone.values) < 1e-13)
  }

  @Test(.tags(.law)) func groupsOfExamplesAddUpToAll() throws {
    let whole: [Matrix<Double>] = (0..<3).map {
      RandomKey(seed: 60 + UInt64($0)).normalMatrix(rowCount: 8 * 3, columnCount: 20)
    }
    func factors(_ examples: Range<Int>) throws -> [KernelFactors<Double>] {
      try whole.map {
        let rows = $0.selectingRows(examples.lowerBound * 3..<examples.upperBound * 3)
        return try KernelFactors(jacobian: rows, outputCount: 3)
      }
    }
    let groups = try [0..<3, 3..<6, 6..<8].map(factors)
    var products = KernelProducts<Double>(form: .full)
    #expect(throws: MeasureError.tooFewSamples(measure: "kernelDistance", found: 0, needed: 1)) {
      try products.distances()
    }
    for row in 0..<3 {
      try products.add(groups[row])
      for column in (row + 1)..<max(3, row + 1) {
        try products.add(between: groups[row], and: groups[column])
      }
    }
    let all = try kernelDistances(among: factors(0..<8), form: .full)
    let sum = try products.distances()
    #expect(largestDifference(sum.values, all.values) < 1e-13)
    #expect(
      throws: MeasureError.rowCountMismatch(measure: "kernelDistance", first: 3, second: 2)
    ) { try products.add(Array(groups[0].prefix(2))) }
  }

  @Test(.tags(.law)) func aKernelHasNoDistanceToItselfAndToItsMultiples() throws {
    let kernel = Self.kernel(8, rank: 5, seed: 1)
    #expect(try kernelDistance(between: kernel, and: kernel) < 1e-15)
    #expect(try kernelDistance(between: kernel, and: kernel.map { 1e-6 * $0 }) < 1e-15)
    let apart = try kernelDistance(
      between: Matrix(diagonal: [1, 0]), and: Matrix(diagonal: [0, 1.0]))
    #expect(apart == 1)
    let distances = try kernelDistances(among: [kernel, kernel.map { 3 * $0 }, .identity(size: 8)])
    #expect(distances.diagonal == [0, 0, 0])
    #expect(distances == distances.transposed)
    #expect(abs(distances[0, 2] - distances[1, 2]) < 1e-14)
  }

  @Test(.tags(.law)) func velocitiesAreDistancesOverSteps() throws {
    let distances = Matrix<Double>(rows: [[0, 0.2, 0.5], [0.2, 0, 0.4], [0.5, 0.4, 0]])
    let velocities = try kernelVelocities(of: distances, steps: [0, 1, 9])
    #expect(largestDifference(velocities, [0.2, 0.05]) < 1e-16)
  }

  // MARK: Rotation

  @Test(.tags(.law)) func rotationByAKnownAngle() throws {
    for angle in [1e-9, 0.3, 1.5] {
      var turn = Matrix<Double>.identity(size: 6)
      (turn[1, 1], turn[1, 2], turn[2, 1], turn[2, 2]) = (
        cos(angle), -sin(angle), sin(angle), cos(angle)
      )
      let kernel = Matrix<Double>(diagonal: [5, 4, 1, 0.5, 0.25, 0.1])
      var turned = turn.multiplied(by: kernel).multiplied(by: turn, transposingOther: true)
      turned = Matrix(
        values: zip(turned.values, turned.transposed.values).map { ($0 + $1) / 2 }, rowCount: 6,
        columnCount: 6)
      let rotation = try kernelRotation(between: kernel, and: turned, dimensionCount: 2)
      #expect(rotation.principalAngles[0] < 1e-14)
      #expect(abs(rotation.principalAngles[1] - angle) < 1e-14)
      #expect(abs(rotation.overlap - (1 + cos(angle) * cos(angle)) / 2) < 1e-14)
      #expect(largestDifference(rotation.eigenvalueGaps, [4, 4]) < 1e-12)
    }
  }

  // MARK: Alignment

  @Test(.tags(.oracle)) func alignmentWithLabels() throws {
    let labels = [0, 1, 1, 2, 0, 2, 2]
    let kernel = Self.kernel(7, rank: 4, seed: 3)
    let ideal = Matrix<Double>(rows: labels.map { a in labels.map { a == $0 ? 1 : 0 } })
    #expect(abs(try kernelAlignment(ofKernel: ideal, withLabels: labels) - 1) < 1e-15)
    #expect(abs(try centeredKernelAlignment(ofKernel: ideal, withLabels: labels) - 1) < 1e-14)
    let plain = dot(kernel.values, ideal.values)
    let norms = (dot(kernel.values, kernel.values) * dot(ideal.values, ideal.values)).squareRoot()
    #expect(
      abs(try kernelAlignment(ofKernel: kernel, withLabels: labels) - plain / norms) < 1e-14)
    // Centring by hand.
    let center = Matrix<Double>(
      rows: (0..<7).map { i in (0..<7).map { (i == $0 ? 1 : 0) - 1 / 7.0 } })
    let centered = [kernel, ideal].map { center.multiplied(by: $0).multiplied(by: center) }
    let cosine =
      dot(centered[0].values, centered[1].values)
      / (dot(centered[0].values, centered[0].values)
      * dot(centered[1].values, centered[1].values)).squareRoot()
    #expect(
      abs(try centeredKernelAlignment(ofKernel: kernel, withLabels: labels) - cosine) < 1e-13)
  }

  @Test(.tags(.oracle)) func alignmentWithEachClass() throws {
    let labels = [0, 1, 1, 2, 0, 2, 2]
    let kernel = Self.kernel(7, rank: 4, seed: 4)
    let alignments = try classAlignments(ofKernel: kernel, labels: labels)
    let norm = dot(kernel.values, kernel.values).squareRoot()
    for label in 0..<3 {
      let members = labels.indices.filter { labels[$0] == label }
      let sum = members.flatMap { i in members.map { kernel[i, $0] } }.reduce(0, +)
      #expect(abs(alignments[label] - sum / Double(members.count) / norm) < 1e-14)
    }
    // yyᵀ is the kernel that a class is aligned with best.
    let y = labels.map { $0 == 1 ? 1.0 : 0 }
    let best = Matrix<Double>(rows: y.map { a in y.map { a * $0 } })
    #expect(abs(try classAlignments(ofKernel: best, labels: labels)[1] - 1) < 1e-15)
  }

  // MARK: Spectrum

  @Test(.tags(.law)) func spectrumOfKnownEigenvalues() throws {
    let turn = try rotation(size: 4, key: RandomKey(seed: 5))
    var kernel = turn.multiplied(by: Matrix(diagonal: [4, 2, 1, 1]))
      .multiplied(by: turn, transposingOther: true)
    kernel = Matrix(
      values: zip(kernel.values, kernel.transposed.values).map { ($0 + $1) / 2 }, rowCount: 4,
      columnCount: 4)
    let spectrum = try kernelSpectrum(of: kernel)
    #expect(largestDifference(spectrum.values, [4, 2, 1, 1]) < 1e-14)
    #expect(abs(spectrum.trace - 8) < 1e-14)
    #expect(abs(spectrum.heldFraction - 1) < 1e-14)
    #expect(abs(spectrum.effectiveRank - 3.363585661014858) < 1e-13)  // 2^1.75
    #expect(abs(spectrum.participationRatio - 64.0 / 22) < 1e-13)
    #expect(abs(spectrum.conditionNumber - 4) < 1e-13)
    let equal = try kernelSpectrum(of: Matrix<Double>.identity(size: 6))
    #expect(abs(equal.effectiveRank - 6) < 1e-14)
  }

  @Test(.tags(.oracle), arguments: TangentKernelTests.forms)
  func leadingEigenvaluesWithoutTheKernel(form: TangentKernelForm) throws {
    let factors = try Self.checkpoints(1, n: 30)[0].factors
    let all = try kernelSpectrum(of: try tangentKernel(of: factors, form: form))
    let leading = try leadingKernelSpectrum(
      of: try TangentKernel(of: factors, form: form), count: 5, oversampling: 20, passCount: 6,
      key: RandomKey(seed: 6))
    #expect(
      largestDifference(leading.values, Array(all.values.prefix(5))) < 1e-3 * all.values[0])
    for (found, exact) in zip(leading.values, all.values) { #expect(found < exact * (1 + 1e-13)) }
    #expect(abs(leading.trace - all.trace) < 1e-12 * all.trace)
    #expect(leading.heldFraction < 1)
  }

  // MARK: Regression and the conjugate kernel

  @Test(.tags(.oracle)) func regressionEqualsRidgeRegressionOnFeatures() throws {
    let features: Matrix<Double> = RandomKey(seed: 7).normalMatrix(rowCount: 12, columnCount: 3)
    let tests: Matrix<Double> = RandomKey(seed: 8).normalMatrix(rowCount: 5, columnCount: 3)
    let targets: Matrix<Double> = RandomKey(seed: 9).normalMatrix(rowCount: 12, columnCount: 2)
    let fit = try KernelRegression(kernel: features.rowGram, targets: targets, ridge: 0.7)
    let found = try fit.predictions(
      kernel: tests.multiplied(by: features, transposingOther: true))
    // The same in feature space: w = (XᵀX + λ)⁻¹ XᵀY.
    var gram = features.columnGram
    for index in 0..<3 { gram[index, index] += 0.7 }
    let weights = try CholeskyFactor(of: gram)
      .solve(features.multiplied(by: targets, transposingSelf: true))
    #expect(relativeDifference(found, tests.multiplied(by: weights)) < 1e-13)
  }

  @Test(.tags(.law)) func regressionWithoutRidgeInterpolates() throws {
    let kernel = Self.kernel(6, rank: 9, seed: 10)
    let targets: Matrix<Double> = RandomKey(seed: 11).normalMatrix(rowCount: 6, columnCount: 2)
    let fit = try KernelRegression(kernel: kernel, targets: targets, ridge: 0)
    #expect(relativeDifference(try fit.predictions(kernel: kernel), targets) < 1e-12)
  }

  @Test(.tags(.law)) func conjugateKernelIsTheReadoutsTangentKernel() throws {
    let hidden: Matrix<Double> = RandomKey(seed: 12).normalMatrix(rowCount: 6, columnCount: 4)
    let readout = LayerFactors<Double>(
      weight: "w", bias: "b", inputs: .vectors(hidden),
      sensitivities: .separable(outputs: .identity(size: 3), examples: nil))
    let factors = try KernelFactors(exampleCount: 6, outputCount: 3, layers: [readout])
    let kernel = try conjugateKernel(of: hidden)
    #expect(relativeDifference(try tangentKernel(of: factors, form: .classTrace), kernel) < 1e-15)
    #expect(try conjugateKernel(of: hidden, hasBias: false) == hidden.rowGram)
  }

  @Test func kernelsThatDoNotFitAreRefused() throws {
    let (two, three) = (Matrix<Double>.identity(size: 2), Matrix<Double>.identity(size: 3))
    let zero = Matrix<Double>(rowCount: 2, columnCount: 2)
    let skew = Matrix<Double>(rows: [[1, 2], [3, 4]])
    let cases: [(() throws -> Void, String)] = [
      (
        { _ = try kernelDistance(between: two, and: three) },
        "kernelDistance: 2 rows cannot be paired with 3; row i of both must belong to one sample"
      ),
      (
        { _ = try kernelDistance(between: two, and: zero) }, "kernelDistance: kernel 2 of 2 is 0"
      ),
      (
        { _ = try kernelDistance(between: two, and: skew) },
        "kernelDistance: kernelDistance: elements (1, 0) and (0, 1) differ by 1.0; average the matrix "
          + "with its transpose if only rounding made it asymmetric"
      ),
      (
        { _ = try kernelVelocities(of: two, steps: [3, 3]) },
        "kernelVelocities: steps do not increase from element 0 to 1; sort the records and drop "
          + "repeated ones"
      ),
      (
        { _ = try kernelRotation(between: three, and: three, dimensionCount: 3) },
        "kernelRotation: the number of dimensions is 3.0; expected 1 to 2"
      ),
      (
        { _ = try kernelAlignment(ofKernel: two, withLabels: [1]) },
        "kernelAlignment: 2 rows cannot be paired with 1; row i of both must belong to one sample"
      ),
      (
        { _ = try kernelSpectrum(of: zero) },
        "kernelSpectrum: the kernel has no positive eigenvalue"
      ),
      (
        { _ = try KernelRegression(kernel: two, targets: two, ridge: -1) },
        "kernelRegression: the ridge is -1.0; expected 0 or more"
      ),
      (
        { _ = try KernelRegression(kernel: zero, targets: two, ridge: 0) },
        "kernelRegression: Cholesky factorization: the matrix is not positive definite at row 0; add "
          + "a small multiple of the identity if it should be"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
