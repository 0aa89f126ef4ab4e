import Foundation
import GrokReports
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Two finished run folders are the same but for times, paths and memory: the same files; checkpoints and figures
/// byte by byte; records, events and outcome but for what a clock says.
func expectSameRuns(_ first: String, _ second: String, _ comment: Comment? = nil) throws {
  let names = [first, second].map { files(below: $0) }
  #expect(names[0] == names[1], comment)
  for name in names[0] where name.hasSuffix(".safetensors") || name.hasSuffix(".svg") {
    #expect(
      FileManager.default.contentsEqual(atPath: first + name, andPath: second + name),
      "\(name) \(comment?.description ?? "")")
  }
  let records = try [first, second].map { run in
    try Run.records(in: run).map { "\($0.step) \($0.name) \($0.value.bitPattern)" }
  }
  #expect(records[0] == records[1], comment)
  let events = try [first, second].map { run in
    try TensorBoardEvents(contentsOf: run + "/" + TensorBoardSink.fileName).events.map {
      TensorBoardEvent(wallTime: 0, step: $0.step, values: $0.values)
    }
  }
  #expect(events[0] == events[1], comment)
  let descriptions = try [first, second].map { run -> JSONObject in
    var description = try Run.description(of: run)
    var outcome = try #require(description["outcome"]?.object)
    for name in ["run", "seconds", "stepsPerSecond", "peakMemoryBytes"] { outcome[name] = nil }
    description["outcome"] = .object(outcome)
    description["preset"] = nil  // of a run from a settings file, there is none
    return description
  }
  #expect(descriptions[0] == descriptions[1], comment)
}

/// Paths below a folder, without the records that were cut off on the way.
private func files(below folder: String) -> [String] {
  let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  return names.filter { !["metrics.tail.jsonl", "events.tail"].contains($0) }.sorted()
    .map { "/" + $0 }
}
