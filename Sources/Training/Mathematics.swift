#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The logarithm to base 10.
package func logarithm10(_ x: Double) -> Double { log10(x) }
/// 10 to a power.
package func power10(_ x: Double) -> Double { pow(10, x) }
func cosine(_ angle: Double) -> Double { cos(angle) }
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Seconds of a clock that never goes back, from an arbitrary start.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The largest amount of memory that this process has held, in bytes.
package func peakMemoryBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
