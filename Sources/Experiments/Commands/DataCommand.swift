import ArgumentParser
import GrokReports
import GrokTraining

/// What all runs and programs share.
enum DataCache {
  /// Downloads: `data` in ``base``.
  static var folder: String { base + "/data" }

  /// Trained encoders: `encoders` in ``base``.
  static var encoders: String { base + "/encoders" }

  /// `GROK_CACHE_DIR`, or `grok` in `XDG_CACHE_HOME` or `~/.cache`.
  private static var base: String {
    func given(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    return given("GROK_CACHE_DIR") ?? given("XDG_CACHE_HOME").map { $0 + "/grok" }
      ?? (given("HOME") ?? ".") + "/.cache/grok"
  }
}

struct DataCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "data", abstract: "List the data sets, or download one.",
      discussion: """
        Files are looked for in the folder of --data, then in that of GROK_DATA_DIR, then among the \
        downloads in GROK_CACHE_DIR/data, or else in grok/data of XDG_CACHE_HOME or ~/.cache. Nothing \
        is ever downloaded unasked.
        """)
  }

  @Option(
    help: "Download this data set, or go on where a download has stopped.",
    completion: .list(PublishedDataset.all.map(\.name)))
  var download: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingErrors {
      let cache = Download(into: DataCache.folder)
      guard let download else {
        list(cache)
        return
      }
      let dataset = try PublishedDataset.named(download)
      var line = StatusLine(isQuiet: common.quiet)
      let folder = try cache.fetch(dataset) { progress in
        let (done, all) = (progress.byteCount, progress.file.byteCount)
        guard line.isDue || done == all else { return }
        line.show(
          "\(progress.file.name): \(Readable.bytes(done)) of \(Readable.bytes(all)), "
            + "\(100 * done / max(1, all)) %")
        if done == all { line.finish() }
      }
      print(folder)
    }
  }

  private func list(_ cache: Download) {
    let rows = PublishedDataset.all.map { dataset in
      (
        dataset.name, "\(dataset.summary) (\(Readable.bytes(dataset.byteCount)))",
        place(of: dataset, cache)
      )
    }
    let width = rows.map(\.0.count).max() ?? 0
    for (name, summary, place) in rows {
      print(name + String(repeating: " ", count: width - name.count) + "  " + summary)
      print(String(repeating: " ", count: width + 2) + place)
    }
    let published = Set(PublishedDataset.all.map(\.name))
    let generated = Settings.Data.Name.allCases.map(\.rawValue).filter {
      !published.contains($0) && $0 != "cifar100-coarse"
    }
    print("generated: \(generated.joined(separator: ", "))")
  }

  private func place(of dataset: PublishedDataset, _ cache: Download) -> String {
    for folder in common.dataFolders where folder != DataCache.folder {
      for place in ["\(folder)/\(dataset.name)", folder] {
        // Files may be unpacked, so sizes say nothing.
        let names = dataset.files.map(\.name)
        if names.allSatisfy({ exists("\(place)/\($0)") || exists("\(place)/\(unpacked($0))") }) {
          return "in \(place)"
        }
      }
    }
    if dataset.files.allSatisfy({ cache.has($0, of: dataset) }) {
      return "in \(DataCache.folder)/\(dataset.name)"
    }
    return "not here; \(P.name) data --download \(dataset.name)"
  }

  private func unpacked(_ name: String) -> String {
    name.hasSuffix(".gz") && !name.hasSuffix(".tar.gz") ? String(name.dropLast(3)) : name
  }
}
