import TestSupport
import Testing

@testable import GrokMeasures
@testable import GrokTraining

@Suite struct SnapshotCurvatureTests {
  private let key = RandomKey(seed: 41)

  /// The perceptron of `Fixtures/curvature` in `Double`, with its examples.
  private func fixedNetwork(_ loss: Loss) throws -> (Snapshot<Double>, LabeledExamples) {
    let network = try CurvatureFixture.read().network
    let trainer = try Trainer(
      MLP(inputs: 3, hidden: [4], outputs: 3, activation: .tanh), parameters: network.theta,
      loss: loss, optimizer: .sgd(learningRate: 0.1))
    let examples = try LabeledExamples(
      inputs: .features(Matrix<Float>(Matrix<Double>(rows: network.inputs))),
      labels: network.labels.map { Int32($0) }, classCount: 3)
    return (trainer.snapshot, examples)
  }

  private func dense(_ op: SymmetricOperator) throws -> Matrix<Double> {
    Matrix(
      rows: try (0..<op.dimension).map { row in
        try op.product(with: (0..<op.dimension).map { $0 == row ? 1 : 0 })
      })
  }

  private func expected(_ loss: Loss) throws -> CurvatureFixture.Curvature {
    let network = try CurvatureFixture.read().network
    return switch loss {
    case .crossEntropy: network.crossEntropy
    case .meanSquaredError: network.meanSquaredError
    case .stableMax: network.stableMax
    }
  }

  private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }

  @Test(.tags(.golden), arguments: Loss.allCases)
  func theHessianIsThatOfTorch(_ loss: Loss) throws {
    let (snapshot, examples) = try fixedNetwork(loss)
    let hessian = try dense(snapshot.hessian(on: examples))
    #expect(largestDifference(hessian.values, try expected(loss).hessian.flatMap { $0 }) < 1e-14)
  }

  @Test(.tags(.golden), arguments: Loss.allCases)
  func theGaussNewtonMatrixIsThatOfTorch(_ loss: Loss) throws {
    let (snapshot, examples) = try fixedNetwork(loss)
    let matrix = try dense(snapshot.gaussNewton(on: examples))
    let values = try symmetricEigenvalues(of: matrix).reversed() as [Double]
    #expect(largestDifference(values, try expected(loss).gaussNewton) < 1e-13)
  }

  @Test(.tags(.oracle), arguments: Loss.allCases)
  func measuresAgreeWithTheDenseHessian(_ loss: Loss) throws {
    let (snapshot, examples) = try fixedNetwork(loss)
    let op = try snapshot.hessian(on: examples)
    let hessian = Matrix(rows: try expected(loss).hessian)
    let values = try symmetricEigenvalues(of: hessian)
    let top = try leadingEigenvalues(of: op, count: 2, tolerance: 1e-9, key: key)
    #expect(largestDifference(top.values, [values[30], values[29]]) < 1e-10)
    let exact = values.reduce(0, +)
    let sum = try trace(of: op, productCount: 24, key: key)
    #expect(abs(sum.value - exact) < 4 * sum.standardError)
    let density = try spectralDensity(of: op, stepCount: 31, probeCount: 20, key: key)
    let moment = try density.trace()
    #expect(abs(moment.value - exact) < 4 * moment.standardError)
    #expect(abs(density.range.upperBound - values[30]) < 1e-10)
  }

  private static let trainings = [
    SmallTraining.perceptron(modulus: 5, hidden: [6, 5]),
    SmallTraining.transformer(modulus: 5, width: 4),
  ]

  /// Against central differences of the gradient and of the outputs: error h² times a third derivative
  /// plus 1e-16/h, near 1e-9.
  @Test(.tags(.gradient), arguments: trainings)
  func productsAreDerivatives(_ training: SmallTraining) throws {
    let snapshot = try training.trainer(as: Double.self).snapshot
    let examples = training.data.train
    let theta = snapshot.parameterVector
    let v: [Double] = key.normal(count: theta.count)
    let surface = try snapshot.lossSurface(on: examples)
    let step = 1e-5
    func moved(_ change: Double) -> [Double] { zip(theta, v).map { $0 + change * $1 } }
    let ahead = try surface.lossAndGradient(at: moved(step), key: key).gradient
    let behind = try surface.lossAndGradient(at: moved(-step), key: key).gradient
    let product = try snapshot.hessian(on: examples).product(with: v)
    let differences = zip(ahead, behind).map { ($0 - $1) / (2 * step) }
    #expect(largestDifference(product, differences) < 1e-7)

    // vᵀGv = (1/n) Σ (Jv)ᵀ (diag p − ppᵀ) (Jv).
    func outputs(_ change: Double) throws -> Matrix<Double> {
      let trainer = try Trainer(
        training.model, parameters: moved(change), loss: training.loss, optimizer: .adamW())
      return try trainer.snapshot.outputs(on: examples)
    }
    let (after, before, here) = (try outputs(step), try outputs(-step), try outputs(0))
    let probabilities = Tensor<Double>(here).softmax().matrix
    var expected = 0.0
    for row in 0..<here.rowCount {
      var (square, mean) = (0.0, 0.0)
      for column in 0..<here.columnCount {
        let slope = (after[row, column] - before[row, column]) / (2 * step)
        square += probabilities[row, column] * slope * slope
        mean += probabilities[row, column] * slope
      }
      expected += (square - mean * mean) / Double(here.rowCount)
    }
    let curved = try snapshot.gaussNewton(on: examples).product(with: v)
    #expect(abs(dot(v, curved) - expected) < 1e-7 * (1 + expected))
  }

  @Test(.tags(.law), arguments: trainings)
  func operatorsAreSymmetric(_ training: SmallTraining) throws {
    let snapshot = try training.trainer(as: Double.self).snapshot
    for op in [
      try snapshot.hessian(on: training.data.train),
      try snapshot.gaussNewton(on: training.data.train),
    ] {
      let v: [Double] = key.fork("v").normal(count: op.dimension)
      let w: [Double] = key.fork("w").normal(count: op.dimension)
      let (one, other) = (dot(w, try op.product(with: v)), dot(v, try op.product(with: w)))
      #expect(abs(one - other) < 1e-11 * (1 + abs(one)))
    }
  }

  /// 2,500 examples are three pieces; their mean is that of all at once.
  @Test(.tags(.oracle)) func piecesAddUp() throws {
    let examples = try LabeledExamples(
      inputs: .features(key.fork("x").normalMatrix(rowCount: 2_500, columnCount: 3)),
      labels: (0..<2_500).map { Int32($0 % 4) }, classCount: 4)
    let model = MLP(inputs: 3, hidden: [5], outputs: 4)
    let snapshot = try Trainer(
      model, parameters: model.initialParameters(as: Double.self, key: key), loss: .crossEntropy,
      optimizer: .adamW()
    ).snapshot
    let v: [Double] = key.fork("v").normal(count: model.layout.count)
    let all = try PreparedExamples<Double>(
      examples, for: model, loss: .crossEntropy, notesZeros: false, in: ComputeContext()
    ).all
    let whole = hessianVectorProduct(
      at: snapshot.parameters.vector, along: Tensor(v, shape: Shape(v.count))
    ) {
      Loss.crossEntropy(
        model.outputs(for: all.input, parameters: Parameters($0, layout: model.layout)), all)
    }
    let product = try snapshot.hessian(on: examples).product(with: v)
    #expect(largestDifference(product, whole.product.values) < 1e-14)
    let surface = try snapshot.lossSurface(on: examples)
    let (loss, gradient) = try surface.lossAndGradient(at: snapshot.parameterVector, key: key)
    let direct = try snapshot.lossAndGradient(on: examples)
    #expect(abs(loss - direct.loss) < 1e-14)
    #expect(abs(try surface.loss(at: snapshot.parameterVector) - direct.loss) < 1e-14)
    #expect(largestDifference(gradient, direct.gradient) < 1e-14)
  }

  /// Whether recordings are kept, made anew or in use by another thread makes no difference.
  @Test(.tags(.resume)) func keepingRecordingsChangesNoBit() throws {
    let examples = try LabeledExamples(
      inputs: .features(key.fork("x").normalMatrix(rowCount: 2_100, columnCount: 3)),
      labels: (0..<2_100).map { Int32($0 % 4) }, classCount: 4)
    let model = MLP(inputs: 3, hidden: [5], outputs: 4, activation: .tanh)
    let snapshot = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key), loss: .crossEntropy,
      optimizer: .adamW()
    ).snapshot
    func products(_ budget: Int, _ workers: Workers?) throws -> [[Double]] {
      try [
        snapshot.hessian(on: examples, memoryBudget: budget),
        snapshot.gaussNewton(on: examples, memoryBudget: budget),
      ].flatMap { op in
        try op.products(count: 6, workers: workers) { key.fork($0).normal(count: op.dimension) }
      }
    }
    let plain = try products(0, nil)
    #expect(try products(1 << 30, nil) == plain)
    #expect(try products(400_000, nil) == plain)  // some pieces fit
    #expect(try products(1 << 30, Workers(threadCount: 3)) == plain)
  }

  @Test(.tags(.resume)) func threadsChangeNoBit() throws {
    var training = SmallTraining.perceptron(modulus: 11, hidden: [40])
    func product(threads: Int) throws -> [[Double]] {
      training.threads = threads
      let snapshot = try training.trainer(as: Float.self).snapshot
      let v: [Double] = key.normal(count: training.model.layout.count)
      return [
        try snapshot.hessian(on: training.data.train).product(with: v),
        try snapshot.gaussNewton(on: training.data.train).product(with: v),
      ]
    }
    #expect(try product(threads: 1) == product(threads: 3))
  }

  @Test(.tags(.statistical)) func batchesHaveTheGradientOfAllOnAverage() throws {
    let training = SmallTraining.perceptron()
    let snapshot = try training.trainer(as: Double.self).snapshot
    let surface = try snapshot.lossSurface(on: training.data.train, batchSize: 7)
    let theta = snapshot.parameterVector
    let truth = try snapshot.lossAndGradient(on: training.data.train).gradient
    let direction: [Double] = key.normal(count: theta.count)
    let slopes = try (0..<400).map {
      dot(direction, try surface.lossAndGradient(at: theta, key: key.fork($0)).gradient)
    }
    let mean = try Estimate(meanOf: slopes, measure: "slope")
    #expect(abs(mean.value - dot(direction, truth)) < 4 * mean.standardError)
    #expect(mean.standardError > 0)
  }

  /// A trained network has fewer directions that matter than weights.
  @Test(.tags(.statistical)) func theLearningCoefficientOfATrainedNetwork() throws {
    let training = SmallTraining.perceptron(modulus: 5, hidden: [8], steps: 300)
    var trainer = try training.trainer(as: Double.self)
    _ = try training.fit(&trainer)
    let snapshot = trainer.snapshot
    let result = try localLearningCoefficient(
      of: snapshot.lossSurface(on: training.data.train), at: snapshot.parameterVector,
      sampling: LangevinSampling(
        stepSize: 1e-3, burnInCount: 200, drawCount: 400, isAdjusted: true),
      key: key)
    #expect(result.value.value > 0)
    #expect(result.value.value < Double(training.model.layout.count) / 2)
    #expect(result.acceptance > 0.5)
  }

  @Test func partsOfALayout() throws {
    let layout = MLP(inputs: 2, hidden: [3], outputs: 1).layout
    #expect(layout.parts.map(\.name) == layout.names)
    #expect(layout.parts[1] == VectorPart("hidden.0.bias", 6..<9))
  }

  @Test func refusals() throws {
    let training = SmallTraining.perceptron()
    let snapshot = try training.trainer(as: Double.self).snapshot
    let error = #expect(throws: MeasureError.self) {
      try snapshot.lossSurface(on: training.data.train, batchSize: 1_000)
    }
    #expect(
      error?.description
        == "lossSurface: the batch size is 1000.0; expected 1 to the "
        + "\(training.data.train.count) examples")
    #expect(throws: ModelError.self) {
      try snapshot.hessian(
        on: LabeledExamples(
          inputs: .features(Matrix(rowCount: 1, columnCount: 1)), labels: [0], classCount: 1))
    }
  }
}
