import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows in TensorBoard what measures on the checkpoints of a run have found.
///
/// TensorBoard shows a folder below a run as a run of its own, `RUN/measures`; its event file is made anew, and whole, whenever
/// something was measured, so that it never holds what `measures/*.jsonl` does not.
struct MeasuredEvents {
  /// The event file below the run folder.
  static let path = "measures/events.out.tfevents.1.grok"

  let folder: String
  private let curves: RunCurves

  /// What was recorded and measured in a run folder.
  init(folder: String) throws {
    self.folder = folder
    curves = try RunCurves(folder: folder)
  }

  /// Writes the event file, and that under published names where the run asks for it.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  func write(_ experiment: Experiment) throws {
    let settings = experiment.settings
    guard settings.record.tensorBoard else { return }
    let names = curves.names.filter { !Quantity.isOfTraining($0) }
    if !names.isEmpty {
      try write(events(names.compactMap { name in curves[name].map { (name, $0) } }), to: Self.path)
    }
    guard settings.record.compatibility == .original else { return }
    let published = PublishedNames(experiment, curves)
    try makeFolder(folder + "/published")
    try write(
      events(published.curves) + images(published), to: "published/events.out.tfevents.1.grok")
  }

  private func write(_ events: [TensorBoardEvent], to path: String) throws {
    // First under a name without 'tfevents', so that TensorBoard never takes what a kill leaves for events.
    let provisional = folder + "/" + path.replacing("out.tfevents.1.grok", with: "made")
    try AtomicFile.write(TensorBoardEvents.bytes(of: events), to: provisional)
    guard rename(provisional, folder + "/" + path) == 0 else {
      throw RunError.system(
        path: folder + "/" + path, operation: "put the event file in this place",
        reason: String(cString: strerror(errno)))
    }
  }

  /// An event a step, by rising steps.
  private func events(_ curves: [(name: String, curve: RunCurves.Curve)]) -> [TensorBoardEvent] {
    var records: [Int: [Record]] = [:]
    for (name, curve) in curves {
      for index in curve.steps.indices {
        let error = curve.errors.isEmpty ? .nan : curve.errors[index]
        records[curve.steps[index], default: []].append(
          Record(
            step: curve.steps[index], seconds: 0, name: name, value: curve.values[index],
            error: error.isNaN ? nil : error))
      }
    }
    return records.sorted { $0.key < $1.key }
      .map { TensorBoardSink.event(of: $0.value, wallTime: wallTime) }
  }

  /// The plane up to each step, and at last whole.
  private func images(_ published: PublishedNames) throws -> [TensorBoardEvent] {
    let quantities = MeasuredQuantities(curves.names)
    func event(upTo last: Int, named name: (String) -> String) throws -> TensorBoardEvent? {
      let planes = PlaneFigures(quantities: quantities) { name in
        (curves[name]?.points ?? []).filter { $0.x <= Double(last) }
      }
      let values = try planes.plots.map { set, plots in
        let grid = PlotGrid(plots: plots, columnCount: plots.count, isLettered: false)
        return TensorBoardValue(name(set), .image(try TensorBoardImage(png: grid.png(scale: 1))))
      }
      return values.isEmpty
        ? nil : TensorBoardEvent(wallTime: wallTime, step: last, values: values)
    }
    var images = try published.steps.compactMap { step in
      try event(upTo: step) { "InfoPlane/" + PublishedNames.set($0) }
    }
    if let last = published.steps.last,
      let whole = try event(upTo: last, named: { "InfoPlane_Final/" + PublishedNames.set($0) })
    {
      images.append(whole)
    }
    return images
  }

  /// Seconds since 1970.
  private let wallTime: Double = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }()
}
