/// Logarithm, sine and cosine in single precision as PyTorch computes them where it draws normal numbers.
///
/// The polynomials are those of Cephes; every product that is added to something is rounded once, with it.
///
/// - Source: Moshier, Cephes Mathematical Library 2.2 (1992), `logf.c` and `sinf.c`; the order of operations of
///   PyTorch 2.15, `ATen/native/cpu/avx_mathfun.h`.
enum SinglePrecision {
  /// ln x for a positive normal x.
  static func logarithm(_ x: Float) -> Float {
    // x = 2^e m with √½ ≤ m < √2; then f = m − 1
    var f = Float(bitPattern: x.bitPattern & 0x807F_FFFF | 0x3F00_0000)
    var e = Float(Int32(x.bitPattern >> 23) - 126)
    if f < 0.707106781186547524 {
      e -= 1
      f += f - 1
    } else {
      f -= 1
    }
    let square = f * f
    var tail: Float = 7.0376836292E-2
    for coefficient: Float in [
      -1.1514610310E-1, 1.1676998740E-1, -1.2420140846E-1, 1.4249322787E-1, -1.6668057665E-1,
      2.0000714765E-1, -2.4999993993E-1, 3.3333331174E-1,
    ] {
      tail = coefficient.addingProduct(tail, f)
    }
    // ln 2 in two parts, the larger with few digits
    tail = (e * -2.12194440e-4).addingProduct(tail * f, square)
    tail -= 0.5 * square
    return (f + tail).addingProduct(e, 0.693359375)
  }

  /// The sine and cosine of an angle from 0 to 8192.
  static func sineAndCosine(_ angle: Float) -> (sine: Float, cosine: Float) {
    // The nearest even eighth of a turn j; x is what is left.
    let j = (Int32(angle * 1.27323954473516) + 1) & ~1
    let eighths = Float(j)
    let x = angle.addingProduct(eighths, -0.78515625)
      .addingProduct(eighths, -2.4187564849853515625e-4)
      .addingProduct(eighths, -3.77489497744594108e-8)
    let z = x * x
    var cosine: Float = 2.443315711809948E-005
    cosine = Float(-1.388731625493765E-003).addingProduct(cosine, z)
    cosine = Float(4.166664568298827E-002).addingProduct(cosine, z)
    cosine = (-0.5 * z).addingProduct(cosine * z, z) + 1
    var sine: Float = -1.9515295891E-4
    sine = Float(8.3321608736E-3).addingProduct(sine, z)
    sine = Float(-1.6666654611E-1).addingProduct(sine, z)
    sine = x.addingProduct(sine * z, x)
    let (a, b) = j & 2 == 0 ? (sine, cosine) : (cosine, sine)
    return (j & 4 == 0 ? a : -a, (j - 2) & 4 == 0 ? -b : b)
  }
}
