import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct TangentKernelTests {
  static let forms: [TangentKernelForm] = [.full, .classTrace, .sumOfOutputs, .singleOutput(1)]

  @Test(.tags(.oracle), arguments: forms)
  func equalsProductsOfJacobians(form: TangentKernelForm) throws {
    let example = try FactorExample(exampleCount: 9, outputCount: 3, key: RandomKey(seed: 1))
    let kernel = try tangentKernel(of: example.factors, form: form)
    let plain = plainKernel(example.jacobian(), outputCount: 3, form: form)
    #expect(relativeDifference(kernel, plain) < 1e-14)
    // The Jacobian itself as factors: a network without structure.
    let whole = try KernelFactors(jacobian: example.jacobian(), outputCount: 3)
    #expect(relativeDifference(try tangentKernel(of: whole, form: form), plain) < 1e-14)
  }

  @Test(.tags(.oracle), arguments: forms)
  func betweenTwoSetsOfExamples(form: TangentKernelForm) throws {
    let key = RandomKey(seed: 2)
    let rows = try FactorExample(exampleCount: 4, outputCount: 3, key: key)
    // The same network: what does not depend on examples is equal.
    let columns = try FactorExample(exampleCount: 7, outputCount: 3, key: key)
    let kernel = try tangentKernel(between: rows.factors, and: columns.factors, form: form)
    let plain = plainKernel(rows.jacobian(), columns.jacobian(), outputCount: 3, form: form)
    #expect(relativeDifference(kernel, plain) < 1e-14)
  }

  @Test(.tags(.law), arguments: forms)
  func kernelsOfParametersAddUp(form: TangentKernelForm) throws {
    let example = try FactorExample(exampleCount: 6, outputCount: 3, key: RandomKey(seed: 3))
    var sum = Matrix<Double>(
      rowCount: form == .full ? 18 : 6, columnCount: form == .full ? 18 : 6)
    for name in FactorExample.names {
      let part = try tangentKernel(of: example.factors, form: form, parameters: [name])
      let plain = plainKernel(example.jacobian([name]), outputCount: 3, form: form)
      #expect(relativeDifference(part, plain) < 1e-14, "\(name)")
      sum = Matrix(
        values: zip(sum.values, part.values).map(+), rowCount: sum.rowCount,
        columnCount: sum.columnCount)
    }
    #expect(relativeDifference(sum, try tangentKernel(of: example.factors, form: form)) < 1e-14)
  }

  @Test(.tags(.law), arguments: forms)
  func symmetricAndPositiveSemidefinite(form: TangentKernelForm) throws {
    // More kernel rows than parameters: the kernel is singular.
    let example = try FactorExample(exampleCount: 60, outputCount: 4, key: RandomKey(seed: 4))
    let kernel = try tangentKernel(of: example.factors, form: form)
    #expect(kernel == kernel.transposed)
    let values = try symmetricEigenvalues(of: kernel)
    #expect(values[0] > -1e-13 * values.last!)
    let lazy = try TangentKernel(of: example.factors, form: form)
    let diagonal = try lazy.diagonal()
    #expect(largestDifference(diagonal, kernel.diagonal) < 1e-14 * diagonal.max()!)
  }

  @Test(.tags(.law)) func classTraceIsThePartialTraceOfTheFullForm() throws {
    let example = try FactorExample(exampleCount: 5, outputCount: 3, key: RandomKey(seed: 5))
    let full = try tangentKernel(of: example.factors, form: .full)
    let trace = try tangentKernel(of: example.factors, form: .classTrace)
    let single = try (0..<3).map {
      try tangentKernel(of: example.factors, form: .singleOutput($0))
    }
    for n in 0..<5 {
      for m in 0..<5 {
        let blocks = (0..<3).map { full[n * 3 + $0, m * 3 + $0] }
        #expect(abs(blocks.reduce(0, +) / 3 - trace[n, m]) < 1e-12)
        for c in 0..<3 { #expect(abs(blocks[c] - single[c][n, m]) < 1e-12) }
      }
    }
  }

  @Test(.tags(.oracle), arguments: forms)
  func productsWithVectorsWithoutTheKernel(form: TangentKernelForm) throws {
    let example = try FactorExample(exampleCount: 8, outputCount: 3, key: RandomKey(seed: 6))
    let kernel = try tangentKernel(of: example.factors, form: form)
    let lazy = try TangentKernel(of: example.factors, form: form)
    let vectors: Matrix<Double> = RandomKey(seed: 7)
      .normalMatrix(rowCount: kernel.rowCount, columnCount: 3)
    let products = try lazy.multiplied(by: vectors)
    #expect(relativeDifference(products, kernel.multiplied(by: vectors)) < 1e-13)
    let pooled = try lazy.multiplied(by: vectors, workers: Workers(threadCount: 2))
    #expect(pooled == products)
  }

  @Test(.tags(.resume), arguments: forms)
  func sameBitsWithAnyNumberOfWorkers(form: TangentKernelForm) throws {
    let example = try FactorExample(exampleCount: 300, outputCount: 3, key: RandomKey(seed: 8))
    let alone = try tangentKernel(of: example.factors, form: form)
    for count in [2, 5] {
      let workers = Workers(threadCount: count)
      #expect(try tangentKernel(of: example.factors, form: form, workers: workers) == alone)
    }
    // A block of it is cut elsewhere: equal but for the last bits.
    let lazy = try TangentKernel(of: example.factors, form: form)
    let width = lazy.rowsPerExample
    let block = lazy.block(examples: 17..<290, with: 3..<150)
    let part = alone.selectingRows(17 * width..<290 * width)
      .selectingColumns(3 * width..<150 * width)
    #expect(relativeDifference(block, part) < 1e-14)
  }

  @Test func floatIsCloseToDouble() throws {
    let example = try FactorExample(exampleCount: 20, outputCount: 3, key: RandomKey(seed: 9))
    let jacobian = example.jacobian()
    let float = try tangentKernel(
      of: KernelFactors(jacobian: Matrix<Float>(jacobian), outputCount: 3), form: .full)
    #expect(relativeDifference(Matrix<Double>(float), jacobian.rowGram) < 1e-6)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let key = RandomKey(seed: 10)
    let example = try FactorExample(exampleCount: 4, outputCount: 3, key: key)
    let one = Matrix<Double>(repeating: 1, rowCount: 12, columnCount: 2)
    let factors = example.factors
    let other = try KernelFactors(jacobian: one, outputCount: 3)
    var hole = one
    hole[3, 1] = .nan
    let cases: [(() throws -> Void, String)] = [
      (
        { _ = try tangentKernel(of: factors, form: .singleOutput(3)) },
        "tangentKernel: the output is 3.0; expected 0 to 2"
      ),
      (
        { _ = try tangentKernel(of: factors, form: .full, parameters: ["linear.wieght"]) },
        "tangentKernel: unknown parameter 'linear.wieght'; did you mean 'linear.weight'?"
      ),
      (
        { _ = try tangentKernel(of: factors, form: .full, memoryBudget: 100) },
        "tangentKernel: the memory needed, in bytes, is 12960.0; expected at most the budget of "
          + "100; raise it or take fewer columns"
      ),
      (
        { _ = try tangentKernel(between: factors, and: other, form: .full) },
        "tangentKernel: the factors belong to networks of different architecture; both sets of "
          + "examples need the same layers in the same order"
      ),
      (
        { _ = try KernelFactors(jacobian: one, outputCount: 5) },
        "tangentKernel: a Jacobian of 12 rows is no whole number of examples of 5 outputs"
      ),
      (
        { _ = try KernelFactors(jacobian: hole, outputCount: 3, name: "w") },
        "tangentKernel: element 7 of sensitivities of 'w' is not finite; remove such samples or find "
          + "their cause"
      ),
      (
        {
          _ = try KernelFactors(
            exampleCount: 4, outputCount: 3,
            layers: [
              LayerFactors(jacobian: one, name: "w"), LayerFactors(jacobian: one, name: "w"),
            ])
        }, "tangentKernel: parameter 'w' is in two parts; join their positions in one"
      ),
      (
        {
          _ = try KernelFactors(
            exampleCount: 4, outputCount: 3,
            layers: [
              LayerFactors(
                weight: "w", inputs: .vectors(one), sensitivities: .vectors(one))
            ])
        }, "tangentKernel: inputs of 'w' are [12, 2]; expected 4 rows"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}
