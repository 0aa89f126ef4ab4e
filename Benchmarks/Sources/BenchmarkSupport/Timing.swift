import Foundation

/// Seconds on a clock that never jumps.
public func clockSeconds() -> Double { ProcessInfo.processInfo.systemUptime }

/// Processor time of all threads, in programs and in the system: what other work on the machine disturbs
/// least.
public func processorSeconds() -> Double {
  let usage = ownUsage()
  return [usage.ru_utime, usage.ru_stime]
    .reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
}

/// Bytes that were resident at most, pages of mapped files among them.
public func peakMemory() -> Int { ownUsage().ru_maxrss * 1024 }

private func ownUsage() -> rusage {
  var usage = rusage()
  getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
  return usage
}

/// The middle of some numbers.
public func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Three digits after the point.
public func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

/// Runs `measure` and prints its result, how long it took, and the most memory that was ever resident.
public func printTimed(_ name: String, _ measure: () throws -> String) rethrows {
  let start = clockSeconds()
  let result = try measure()
  let seconds = (clockSeconds() - start).rounded()
  print("\(name): \(result), \(seconds) s, at most \(peakMemory() / 1_000_000) MB so far")
  fflush(nil)
}
