import Foundation
import GrokKernels
import Testing

/// The transcendental kernels against the C library in a wider type.
@Suite struct KernelsTranscendentalTests {
  /// The promised accuracy, in units of the last place.
  private let promisedUnits = 4.0

  @Test func exponential() throws {
    try check(.exponential)
  }
  @Test func logarithm() throws {
    try check(.logarithm)
  }
  @Test func errorFunction() throws {
    try check(.errorFunction)
  }
  @Test func hyperbolicTangent() throws {
    try check(.activation(GK_TANH))
  }
  @Test func sigmoid() throws {
    try check(.activation(GK_SIGMOID))
  }
  @Test func gelu() throws {
    try check(.activation(GK_GELU))
  }
  @Test func geluThroughTanh() throws {
    try check(.activation(GK_GELU_TANH))
  }

  /// The derivatives cross 0 near −0.75, where only their absolute error can be small; to the left,
  /// where they decay, the relative one is.
  @Test(arguments: [GK_GELU, GK_GELU_TANH])
  func geluGradients(activation: gk_activation) throws {
    try checkGradient(activation, Float.self)
    #if arch(x86_64)
      try checkGradient(activation, Double.self)
    #endif
  }

  @Test(arguments: KernelCase.all)
  func limitsAndSigns(of kernels: KernelCase) {
    limitsAndSigns(kernels.scalar, kernels.table)
  }

  // MARK: Helpers

  private func check(_ function: Transcendental) throws {
    try check(function, Float.self)
    #if arch(x86_64)
      try check(function, Double.self)
    #endif
  }

  private func check<T: KernelScalar>(_ function: Transcendental, _: T.Type) throws {
    let x: [T] = inputs(positive: function == .logarithm)
    let exact = x.map { function.exact(T.Reference($0)) }
    for kernels in KernelCase.all where kernels.scalar == T.self {
      let y = output(x.count) { function.run(kernels.table, $0.place(x), $1, x.count) } as [T]
      let worst = zip(y, exact).map { unitsOff($0, $1) }.enumerated().max { $0.1 < $1.1 }!
      #expect(
        worst.element <= promisedUnits,
        "\(function) at \(x[worst.offset]), \(kernels.testDescription)")
    }
  }

  private func checkGradient<T: KernelScalar>(_ f: gk_activation, _: T.Type) throws {
    let x: [T] = inputs(positive: false).filter { $0.isFinite }
    let exact = x.map { f == GK_GELU ? geluSlope(T.Reference($0)) : geluTanhSlope(T.Reference($0)) }
    let ones = [T](repeating: 1, count: x.count)
    for kernels in KernelCase.all where kernels.scalar == T.self {
      let slope: [T] = output(x.count) {
        kernels.table.activation_gradient(f, 0, $0.place(x), nil, $0.place(ones), $1, x.count)
      }
      let absolute = x.indices.map {
        Double(abs(T.Reference(slope[$0]) - exact[$0])) / Double(T.ulpOfOne)
      }
      #expect(absolute.max()! <= promisedUnits, "\(kernels.testDescription)")
      let tail = x.indices.filter { x[$0] < -1.5 }.map { unitsOff(slope[$0], exact[$0]) }
      #expect(tail.max()! <= 2 * promisedUnits, "\(kernels.testDescription)")
    }
  }

  /// A dense grid where the functions vary, numbers of all sizes, and the special ones.
  private func inputs<T: KernelScalar>(positive: Bool) -> [T] {
    var random = TestRandom(11)
    let reach: Double = T.self == Float.self ? 110 : 760
    var x: [T] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, T.leastNonzeroMagnitude,
      -T.leastNonzeroMagnitude, T.leastNormalMagnitude, T.greatestFiniteMagnitude,
      -T.greatestFiniteMagnitude, 88.722_83, 88.73, -87.34, -103.972, -103.973, T(0.5).squareRoot(),
      T(709.782_712_893_384), 709.79, T(-745.133), T(-745.134), -708.5,
    ]
    for i in 0..<16000 { x.append(T(-16 + Double(i) * (32.0 / 16000))) }
    for _ in 0..<5000 {
      x.append(random.uniform(-reach, reach))
      x.append(random.uniform(-2, 2))
      x.append(random.uniform(-40, 0))
      // Any exponent at all.
      let exponent = Double(random.uniform(-1080, 1030) as Double)
      let size = T(Foundation.pow(2.0, T.self == Float.self ? exponent / 7 : exponent))
      x.append(random.bits() % 2 == 0 ? size : -size)
    }
    return positive ? x + x.map { abs($0) } : x
  }

  private func limitsAndSigns<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    func value(_ f: Transcendental, _ x: T) -> T {
      output(1) { f.run(table, $0.place([x]), $1, 1) }[0]
    }
    for odd in [Transcendental.errorFunction, .activation(GK_TANH), .activation(GK_GELU)] {
      #expect(value(odd, -0.0).sign == .minus && value(odd, 0).sign == .plus)
    }
    #expect(value(.activation(GK_GELU), -.infinity) == 0)
    #expect(value(.activation(GK_GELU_TANH), -.infinity) == 0)
    #expect(value(.activation(GK_GELU), .infinity) == .infinity)
    #expect(value(.exponential, 0) == 1 && value(.logarithm, 1) == 0)
    #expect(value(.logarithm, -1).isNaN && value(.logarithm, -.infinity).isNaN)
    for f in [GK_GELU, GK_GELU_TANH] {
      let slopes: [T] = output(3) {
        let x: [T] = [-.infinity, .infinity, .nan]
        table.activation_gradient(
          f, 0, $0.place(x), nil, $0.place([T](repeating: 1, count: 3)), $1, 3)
      }
      #expect(slopes[0] == 0 && slopes[1] == 1 && slopes[2].isNaN)
    }
  }
}

/// A kernel of one argument and its exact counterpart.
private enum Transcendental: Equatable {
  case exponential, logarithm, errorFunction
  case activation(gk_activation)

  func run(
    _ table: gk_kernels, _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer, _ count: Int
  ) {
    switch self {
    case .exponential: table.exponential(x, y, count)
    case .logarithm: table.logarithm(x, y, count)
    case .errorFunction: table.error_function(x, y, count)
    case .activation(let f): table.activate(f, 0, x, y, count)
    }
  }

  func exact<R: BinaryFloatingPoint>(_ x: R) -> R {
    switch self {
    case .exponential: Wide.exp(x)
    case .logarithm: Wide.log(x)
    case .errorFunction: Wide.erf(x)
    case .activation(GK_TANH): Wide.tanh(x)
    case .activation(GK_SIGMOID): 1 / (1 + Wide.exp(-x))
    case .activation(GK_GELU): x == -.infinity ? 0 : x * normalTail(-x)
    default: x == -.infinity ? 0 : x / (1 + Wide.exp(-tanhArgument(x)))
    }
  }
}

// MARK: References

/// Φ(−x); the square in the exponent is corrected for its rounding, which would show in the tail.
private func normalTail<R: BinaryFloatingPoint>(_ x: R) -> R {
  guard abs(x) < 200 else { return x > 0 ? 0 : (x < 0 ? 1 : x) }
  let t = x * (R(1) / 2).squareRoot()
  let square = x * x
  let lost = (-square).addingProduct(x, x)
  // Left of 0 the result is nearly 1 and needs none.
  let correction = x > 0 ? (-square / 2).addingProduct(t, t) - lost / 2 : 0
  return Wide.erfc(t) / 2 * (1 + correction)
}

private func geluSlope<R: BinaryFloatingPoint>(_ x: R) -> R {
  guard abs(x) < 200 else { return x > 0 ? 1 : 0 }
  let square = x * x
  let lost = (-square).addingProduct(x, x)
  let density = Wide.exp(-square / 2) * (1 - lost / 2) / (2 * R.pi).squareRoot()
  return normalTail(-x) + x * density
}

private func tanhArgument<R: BinaryFloatingPoint>(_ x: R) -> R {
  2 * (2 / R.pi).squareRoot() * (x + R(44715) / 1_000_000 * x * x * x)
}

private func geluTanhSlope<R: BinaryFloatingPoint>(_ x: R) -> R {
  guard abs(x) < 200 else { return x > 0 ? 1 : 0 }
  let w = tanhArgument(x)
  let slope = 2 * (2 / R.pi).squareRoot() * (1 + 3 * R(44715) / 1_000_000 * x * x)
  return (1 + x * slope / (1 + Wide.exp(w))) / (1 + Wide.exp(-w))
}

/// The C library in the widest type there is.
private enum Wide {
  #if arch(x86_64)
    static func exp<R: BinaryFloatingPoint>(_ x: R) -> R { R(expl(Float80(x))) }
    static func log<R: BinaryFloatingPoint>(_ x: R) -> R { R(logl(Float80(x))) }
    static func tanh<R: BinaryFloatingPoint>(_ x: R) -> R { R(tanhl(Float80(x))) }
    static func erf<R: BinaryFloatingPoint>(_ x: R) -> R { R(erfl(Float80(x))) }
    static func erfc<R: BinaryFloatingPoint>(_ x: R) -> R { R(erfcl(Float80(x))) }
  #else
    static func exp<R: BinaryFloatingPoint>(_ x: R) -> R { R(Foundation.exp(Double(x))) }
    static func log<R: BinaryFloatingPoint>(_ x: R) -> R { R(Foundation.log(Double(x))) }
    static func tanh<R: BinaryFloatingPoint>(_ x: R) -> R { R(Foundation.tanh(Double(x))) }
    static func erf<R: BinaryFloatingPoint>(_ x: R) -> R { R(Foundation.erf(Double(x))) }
    static func erfc<R: BinaryFloatingPoint>(_ x: R) -> R { R(Foundation.erfc(Double(x))) }
  #endif
}
