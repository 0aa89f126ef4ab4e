import GrokReports

/// What a sweep will do, for people: how many jobs, what varies, the first and the last of them.
struct SweepPlan {
  let sweep: Sweep

  // So many jobs are listed at either end.
  private static let listedCount = 4

  /// The axes and the jobs.
  ///
  /// - Parameter status: How the jobs stand; `nil` before they are made.
  func text(_ status: SweepStatus?) -> String {
    var lines = [heading]
    if !sweep.axes.isEmpty {
      lines += SweepDisplay.aligned(
        sweep.axes.map { axis in
          ["  " + axis.paths.joined(separator: ","), "\(axis.count) values", values(of: axis)]
        })
    }
    if let status {
      let counts = JobRecord.State.allCases.map { "\(Readable.count(status[$0])) \($0.rawValue)" }
      lines.append(counts.joined(separator: ", "))
    }
    lines.append("")
    lines += table(status)
    return lines.joined(separator: "\n")
  }

  private var heading: String {
    sweep.jobCount == 1 ? "1 job" : "\(Readable.count(sweep.jobCount)) jobs"
  }

  private func values(of axis: Axis) -> String {
    let texts = axis.values.map { $0.joined(separator: ",") }
    guard texts.count > 8 else { return texts.joined(separator: " ") }
    return texts.prefix(4).joined(separator: " ") + " … " + (texts.last ?? "")
  }

  private func table(_ status: SweepStatus?) -> [String] {
    let isShort = sweep.jobCount <= 2 * Self.listedCount + 1
    let first = 0..<(isShort ? sweep.jobCount : Self.listedCount)
    let last = (isShort ? sweep.jobCount : sweep.jobCount - Self.listedCount)..<sweep.jobCount
    func row(_ number: Int) -> [String] {
      ["  \(number)"] + sweep.variedValues(ofJob: number)
        + (status.map { [$0[job: number].state.rawValue] } ?? [])
    }
    let header = ["  job"] + sweep.variedPaths + (status == nil ? [] : ["state"])
    let lines = SweepDisplay.aligned([header] + first.map(row) + last.map(row))
    return isShort
      ? lines : lines.prefix(1 + first.count) + ["  …"] + lines.suffix(last.count)
  }
}
