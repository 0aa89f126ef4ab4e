// Logarithm, sine and cosine from additions, multiplications, divisions and square roots only, which
// IEEE 754 fixes to the last bit: normal numbers do not depend on the C library of the machine.
// `gk_random` has the same formulas for many blocks at once, and must give the same bits.

/// Two independent standard normal numbers from a block.
@inline(__always)
func normalPair(_ block: Philox) -> (Double, Double) {
  let radius = (-2 * naturalLogarithm((Double(block.first &>> 12) + 0.5) * 0x1p-52)).squareRoot()
  let (cosine, sine) = cosineAndSine(turn: block.second)
  return (radius * cosine, radius * sine)
}

/// ln x for a positive normal x, to within one unit in the last place.
///
/// - Source: `e_log.c` of FDLIBM 5.3 (Sun Microsystems, 1993), whose coefficients these are.
@inline(__always)
func naturalLogarithm(_ x: Double) -> Double {
  // x = 2^k (1 + f) with √½ ≤ 1 + f < √2
  let adjusted = x.bitPattern &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_0000_0000)
  let k = Double(Int(adjusted &>> 52) &- 1023)
  let fraction = (adjusted & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_0000_0000
  let f = Double(bitPattern: fraction) - 1
  let s = f / (2 + f)
  let z = s * s
  let w = z * z
  let even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
  let odd =
    z
    * (0.6666666666666735130
      + w
      * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)))
  let half = 0.5 * f * f
  // ln 2 in two parts, so that k times the first is exact
  return k * 0x1.62e42feep-1
    - ((half - (s * (half + (even + odd)) + k * 1.90821492927058770002e-10)) - f)
}

/// The cosine and sine of `2π turn / 2⁶⁴`.
///
/// - Source: `k_cos.c` and `k_sin.c` of FDLIBM 5.3, whose coefficients these are. The reduction to
///   an eighth of a turn on either side of a quarter is exact, being done on the integer.
@inline(__always)
func cosineAndSine(turn: UInt64) -> (cosine: Double, sine: Double) {
  let quarter = (turn &+ (1 &<< 61)) &>> 62
  let x = Double(Int64(bitPattern: turn &<< 2)) * (0x1p-64 * (Double.pi / 2))
  let z = x * x
  let sinePolynomial =
    8.33333333332248946124e-03
    + z
    * (-1.98412698298579493134e-04
      + z
      * (2.75573137070700676789e-06
        + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))
  let sine = x + z * x * (-1.66666666666666324348e-01 + z * sinePolynomial)
  let cosinePolynomial =
    4.16666666666666019037e-02
    + z
    * (-1.38888888888741095749e-03
      + z
      * (2.48015872894767294178e-05
        + z
        * (-2.75573143513906633035e-07
          + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))))
  let cosine = 1 - (0.5 * z - z * z * cosinePolynomial)
  let (a, b) = quarter & 1 == 0 ? (cosine, sine) : (sine, cosine)
  return ((quarter &+ 1) & 2 == 0 ? a : -a, quarter & 2 == 0 ? b : -b)
}
