import GrokReports

/// What a sweep will do, for people: how many jobs, what varies, the first and the last of them.
struct SweepPlan {
  let sweep: Sweep
  /// Bytes that all jobs will leave, about.
  private let byteCount: Int
  private let freeBytes: Int?

  /// Reckons what a sweep at `path` will leave: from a few of its jobs, evenly chosen.
  init(_ sweep: Sweep, at path: String, dataFolders: [String]) throws {
    self.sweep = sweep
    let chosen = evenly(Self.reckonedCount, of: Array(0..<sweep.jobCount))
    var total = 0.0
    for number in chosen {
      let experiment = try Experiment(sweep.settings(ofJob: number), folders: dataFolders)
      total += Double(RunEstimate(of: experiment).totalBytes)
    }
    byteCount = Int(total / Double(chosen.count) * Double(sweep.jobCount))
    freeBytes = RunEstimate.freeBytes(at: path)
  }

  // The estimates of so many jobs stand for all.
  private static let reckonedCount = 8

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
    lines.append(disk)
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

  private var disk: String {
    var line = "about \(Readable.bytes(byteCount)) on the disk"
    guard let freeBytes else { return line }
    line += ", \(Readable.bytes(freeBytes)) free"
    return freeBytes < byteCount
      ? line + "; make space, or choose fewer checkpoints with checkpoint.every and checkpoint.keep"
      : line
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
