import Foundation
import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Measures on the checkpoints of runs, and on arrays of anyone's.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct MeasureCommandTests {
  private static let measures =
    "manifoldCapacity,centeredKernelAlignment,twoNN,singularSpectrum,labelAlignment"
  private static let training = [
    "train", "--name", "a", "--quiet", "data.modulus=11", "model.kind=mlp", "model.hidden=16x12",
    "train.steps=60", "record.tensorBoard=false", "checkpoint.perDecade=3",
  ]
  private static let options = ["drawCount=20", "exampleCount=60", "examples=train+test"]

  private func bytes(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
    }
    return files
  }

  private func object(_ output: String) throws -> JSONObject {
    let line = try #require(output.split(separator: "\n").last)
    return try #require(JSONValue(parsing: Array(line.utf8)).object)
  }

  @Test func numbersAreThoseOfTheLibraryOnTheStoredNetwork() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      let end = try ProgramProcess.run(
        ["measure", "runs/a", "--measures", Self.measures, "--quiet"] + Self.options, in: folder)
      #expect(end.status == 0 && end.errors == "")
      let result = try object(end.output)
      #expect(result["measuredCheckpoints"]?.integer == 8)

      let run = folder + "/runs/a"
      var settings = Settings()
      try settings.apply(file: run + "/settings.yaml")
      settings.measure.exampleCount = 60
      let experiment = try Experiment(settings, folders: [], isContinued: true)
      let test = try #require(try experiment.examples(for: settings.measure).first).examples
      let last = try #require(try Run.checkpoints(in: run).last)
      func snapshot(_ path: String) throws -> Snapshot<Float> {
        try Snapshot(contentsOf: path, model: experiment.model, loss: experiment.loss)
      }
      let hidden = try snapshot(last.path).activations(of: "hidden.1", on: test)
      let start = try snapshot(Run.checkpoints(in: run)[0].path)
        .activations(of: "hidden.1", on: test)
      let labels = test.labels.map(Int.init)
      let curves = try RunCurves(folder: run)
      func value(_ name: String) -> Double? { curves["test/\(name)/hidden.1"]?.values.last }
      #expect(value("twoNN") == (try twoNN(of: hidden).dimension.value))
      #expect(value("cka") == (try centeredKernelAlignment(of: hidden, with: start)))
      #expect(
        value("labelAlignment") == (try centeredKernelAlignment(of: hidden, withLabels: labels)))
      let capacity = try manifoldCapacity(
        of: Manifolds(hidden, labels: labels), drawCount: 20,
        key: RandomKey(seed: 0).fork("manifoldCapacity"))
      #expect(value("capacity") == capacity.capacity.value)
      #expect(
        curves["test/capacity/hidden.1"]?.errors.last == capacity.capacity.standardError)
      #expect(curves["train/radius/input"]?.steps.count == 8)

      let arrays = try Archive(contentsOf: run + "/measures/singularSpectrum.npz")
      let spectrum = try singularSpectrum(of: hidden).values
      let stored = try arrays.doubles("test/spectrum/hidden.1/value")
      #expect(Array(stored.suffix(spectrum.count)) == spectrum)
      #expect(
        try arrays.integers("test/spectrum/hidden.1/step") == Run.checkpoints(in: run).map(\.step))

      // They are exported with the others, in the rows of their steps.
      let table = try ProgramProcess.run(["export", "runs/a"], in: folder).output
        .components(separatedBy: "\n")
      let names = table[0].components(separatedBy: ",")
      let column = try #require(names.firstIndex(of: "test/twoNN/hidden.1"))
      let row = try #require(table.last { $0.hasPrefix("60,") })
      #expect(Double(row.components(separatedBy: ",")[column]) == value("twoNN"))
    }
  }

  @Test func measuringInTheTrainingAfterItAndInPartsIsTheSame() throws {
    try withTemporaryFolder { folder in
      let names = Self.measures.split(separator: ",").joined(separator: "+")
      let asked = ["measure.names=\(names)"] + Self.options.map { "measure." + $0 }
      #expect(try ProgramProcess.run(Self.training + asked, in: folder).status == 0)
      let run = folder + "/runs/a"
      let whole = try bytes(run + "/measures")
      #expect(whole.count == 12)
      #expect(try RunCurves(folder: run)["test/capacity/input"] != nil)
      #expect(
        try String(contentsOfFile: run + "/report.html", encoding: .utf8).contains("capacity"))

      // Nothing is measured twice …
      let again = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--threads", "1"], in: folder)
      #expect(try object(again.output)["measuredCheckpoints"]?.integer == 0)
      #expect(try bytes(run + "/measures") == whole)
      // … but what is missing, what belongs to another checkpoint, and what is damaged.
      try FileManager.default.removeItem(atPath: run + "/measures/twoNN.json")
      let path = run + "/measures/manifoldCapacity.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let digest = try #require(text.components(separatedBy: "\"10\": \"").last?.prefix(64))
      try text.replacingOccurrences(of: digest, with: String(repeating: "0", count: 64))
        .write(toFile: path, atomically: true, encoding: .utf8)
      try "no record\n".write(
        toFile: run + "/measures/labelAlignment.jsonl", atomically: true, encoding: .utf8)
      let repaired = try ProgramProcess.run(["measure", "runs/a", "--quiet"], in: folder)
      #expect(try object(repaired.output)["measuredCheckpoints"]?.integer == 8)
      #expect(try bytes(run + "/measures") == whole)
      // Other options are another measurement.
      let other = try ProgramProcess.run(
        ["measure", "runs/a", "drawCount=21", "--measures", "manifoldCapacity", "--quiet"],
        in: folder)
      #expect(try object(other.output)["measuredCheckpoints"]?.integer == 8)
      #expect(
        try bytes(run + "/measures")["manifoldCapacity.jsonl"] != whole["manifoldCapacity.jsonl"])
    }
  }

  @Test func shuffledLabelsAreTheNullOfWhatReadsLabels() throws {
    var settings = Settings()
    settings.data.modulus = 11
    settings.model.kind = .mlp
    settings.measure.examples = Names(["test", "test:shuffled"])
    settings.measure.exampleCount = 50
    let sets = try Experiment(settings, folders: []).examples(for: settings.measure)
    let (plain, null) = (sets[0].examples, sets[1].examples)
    #expect(sets.map(\.name) == ["test", "test:shuffled"])
    #expect(plain.inputs == null.inputs)
    let agreeing = zip(plain.labels, null.labels).count { $0 == $1 }
    #expect(agreeing < 15)  // of 50, 4.5 expected
    // The same at every checkpoint and every time.
    let again = try Experiment(settings, folders: []).examples(for: settings.measure)
    #expect(again[1].examples == null)
  }

  private func curve(_ name: String, in folder: String) throws -> [Int: Double] {
    let curve = try #require(try RunCurves(folder: folder + "/runs/a")["test/\(name)"])
    return Dictionary(uniqueKeysWithValues: zip(curve.steps, curve.values))
  }

  @Test func someStepsAreComparedWithTheStartOfTheRun() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      func measured(_ options: [String]) throws -> (kernel: [Int: Double], cka: [Int: Double]) {
        let end = try ProgramProcess.run(
          ["measure", "runs/a", "--measures", "kernelDistance,centeredKernelAlignment", "--quiet"]
            + ["exampleCount=20", "layers=hidden.1"] + options, in: folder)
        #expect(end.status == 0 && end.errors == "", "\(end.errors)")
        return (
          try curve("kernelDistance", in: folder), try curve("cka/hidden.1", in: folder)
        )
      }
      let all = try measured([])
      #expect(all.kernel[0] == 0 && all.kernel.count == 8)
      try FileManager.default.removeItem(atPath: folder + "/runs/a/measures")
      let some = try measured(["steps=10,60"])
      #expect(some.kernel.keys.sorted() == [10, 60])
      for step in [10, 60] {
        let (found, expected) = try (#require(some.kernel[step]), #require(all.kernel[step]))
        #expect(abs(found - expected) < 1e-12)
        #expect(some.cka[step] == all.cka[step])
      }
      // Without the start there is nothing to compare with.
      for (step, path) in try Run.checkpoints(in: folder + "/runs/a") where step == 0 {
        try FileManager.default.removeItem(atPath: path)
      }
      let end = try ProgramProcess.run(
        ["measure", "runs/a", "--measures", "kernelDistance", "--quiet"], in: folder)
      #expect(end.status == 1)
      #expect(
        end.errors
          == "error: runs/a: has no checkpoint of step 0 to compare with; its first is of step 1\n")
      let alone = try ProgramProcess.run(
        ["measure", "runs/a", "--measures", "twoNN", "--quiet"], in: folder)
      #expect(alone.status == 0)
    }
  }

  @Test func aLongerTrainingIsMeasuredAsIfItHadNeverStopped() throws {
    try withTemporaryFolder { folder in
      let asked = [
        "measure.names=kernelDistance+centeredKernelAlignment", "measure.exampleCount=20",
        "measure.reference=final",
      ]
      let short = Self.training.map { $0 == "train.steps=60" ? "train.steps=40" : $0 }
      #expect(try ProgramProcess.run(short + asked, in: folder).status == 0)
      let steps = try curve("cka/hidden.1", in: folder).keys.sorted()
      #expect(steps.last == 40)
      #expect(
        try ProgramProcess.run(["resume", "runs/a", "train.steps=60", "--quiet"], in: folder).status
          == 0)
      let longer = try bytes(folder + "/runs/a/measures")
      try FileManager.default.removeItem(atPath: folder + "/runs/a")
      #expect(try ProgramProcess.run(Self.training + asked, in: folder).status == 0)
      #expect(try bytes(folder + "/runs/a/measures") == longer)
    }
  }

  @Test func checkpointsOfAnotherNetworkAreMeasuredAnew() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      func measured(_ options: [String]) throws -> Int? {
        let end = try ProgramProcess.run(
          [
            "measure", "--checkpoints", "runs/a/checkpoints", "--model", "runs/a/settings.yaml",
            "--measures", "twoNN", "--out", "measured", "--quiet",
          ] + options, in: folder)
        #expect(end.status == 0, "\(end.errors)")
        return try object(end.output)["measuredCheckpoints"]?.integer
      }
      let counts = try [measured([]), measured([]), measured(["model.activation=tanh"])]
      #expect(counts == [8, 0, 8])
    }
  }

  @Test func checkpointsOfOthersAreMeasuredAlike() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      #expect(
        try ProgramProcess.run(["measure", "runs/a", "--measures", "twoNN", "--quiet"], in: folder)
          .status == 0)
      // Nothing but parameters by name, in double precision, without metadata.
      try FileManager.default.createDirectory(
        atPath: folder + "/states", withIntermediateDirectories: true)
      for (step, path) in try Run.checkpoints(in: folder + "/runs/a") {
        let archive = try Archive(contentsOf: path)
        var plain = Archive()
        for name in archive.names where !name.hasPrefix("optimizer.") {
          plain.set(name, try archive.doubles(name), shape: try archive.array(name).shape)
        }
        try plain.write(to: "\(folder)/states/epoch_\(step).safetensors")
      }
      let end = try ProgramProcess.run(
        [
          "measure", "--checkpoints", "states", "--model", "runs/a/settings.yaml", "--measures",
          "twoNN", "--out", "measured", "--quiet",
        ], in: folder)
      #expect(end.status == 0 && end.errors == "")
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder + "/measured/measures/twoNN.jsonl"))
          == Data(contentsOf: URL(fileURLWithPath: folder + "/runs/a/measures/twoNN.jsonl")))
    }
  }

  @Test func arraysOfAnyoneAreMeasured() throws {
    try withTemporaryFolder { folder in
      let key = RandomKey(seed: 3)
      let x = Matrix<Double>(
        values: key.fork("x").normal(count: 600), rowCount: 60, columnCount: 10)
      let y = Matrix<Double>(
        values: key.fork("y").normal(count: 300), rowCount: 60, columnCount: 5)
      let labels = (0..<60).map { $0 % 6 }
      var archive = Archive()
      archive.set("layer", x.values, shape: [60, 10])
      archive.set("other", y.values, shape: [60, 5])
      archive.set("digits", labels)
      try archive.write(to: folder + "/arrays.npz")
      let end = try ProgramProcess.run(
        [
          "measure", "--arrays", "arrays.npz", "--measures", "manifoldCapacity,singularSpectrum",
          "activations=layer", "labels=digits", "drawCount=40", "seed=5",
        ], in: folder)
      #expect(end.status == 0 && end.errors == "")
      let lines = try end.output.split(separator: "\n").map {
        try #require(JSONValue(parsing: Array($0.utf8)).object)
      }
      let capacity = try manifoldCapacity(
        of: Manifolds(x, labels: labels), drawCount: 40,
        key: RandomKey(seed: 5).fork("manifoldCapacity"))
      #expect(lines[0]["value"]?.double == capacity.capacity.value)
      #expect(lines[0]["error"]?.double == capacity.capacity.standardError)
      #expect(
        lines[0]["results"]?["radius"]?["value"]?.double == capacity.radius.value)
      #expect(lines[0]["options"]?["drawCount"]?.string == "40")
      #expect(
        lines[1]["arrays"]?["spectrum"]?["values"]?.array?.compactMap(\.double)
          == (try singularSpectrum(of: x).values))
      let pair = try ProgramProcess.run(
        [
          "measure", "--arrays", "arrays.npz", "--measures", "centeredKernelAlignment", "x=layer",
          "y=other",
        ], in: folder)
      #expect(
        try object(pair.output)["value"]?.double == centeredKernelAlignment(of: x, with: y))
      // The rows of an npy file are read where they are needed.
      var single = Archive()
      single.set("layer", x.values, shape: [60, 10])
      try single.write(to: folder + "/layer.npy")
      let mapped = try ProgramProcess.run(
        ["measure", "--arrays", "layer.npy", "--measures", "twoNN"], in: folder)
      #expect(try object(mapped.output)["value"]?.double == twoNN(of: x).dimension.value)
    }
  }

  @Test func mistakesGetOneLineAndLoseNothing() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      var archive = Archive()
      archive.set("a", [1.0, 2, 3, 4], shape: [2, 2])
      archive.set("b", [1.0, 2, 3, 4], shape: [2, 2])
      try archive.write(to: folder + "/arrays.npz")
      for (arguments, status, message) in [
        (
          ["runs/a", "--measures", "manifoldCapcity"], 64,
          "unknown measure 'manifoldCapcity'; did you mean 'manifoldCapacity'?"
        ),
        (["runs/a"], 64, "no measures; name them with --measures, or see 'measures'"),
        (
          [], 64,
          "nothing to measure; give a run folder, --arrays, or --checkpoints"
        ),
        (
          ["runs/a", "--measures", "twoNN", "layers=hidden.7"], 64,
          "measure.layers=hidden.7: unknown layer 'hidden.7'; did you mean 'hidden.0' or 'hidden.1'?"
        ),
        (
          ["runs/a", "--measures", "twoNN", "examples=both"], 64,
          "measure.examples=both: expected train, test, all for both together, test:shuffled with labels in random order, "
            + "changed test pictures such as rotation:30, or a set of pictures such as emnist, joined by +"
        ),
        (
          ["runs/a", "--measures", "twoNN", "steps=7"], 64,
          "measure.steps=7: no checkpoint of step 7; there are 0, 1, 2, 5, 10, 22, 46, 60"
        ),
        (["runs/b", "--measures", "twoNN"], 1, "runs/b: is no run folder: "),
        (
          ["runs/a", "runs/a", "--measures", "twoNNN"], 64,
          "unknown measure 'twoNNN'; did you mean 'twoNN'?"
        ),
        (
          ["--arrays", "arrays.npz", "--measures", "twoNN"], 64,
          "arrays.npz: no array 'activations'; name it with activations=ARRAY, one of a, b"
        ),
        (
          ["--arrays", "arrays.npz", "--measures", "twoNN", "activations=c"], 64,
          "activations=c: arrays.npz has no array 'c'; did you mean 'a' or 'b'?"
        ),
        (
          ["--arrays", "arrays.npz", "--measures", "kernelDistance", "kernelA=a"], 64,
          "arrays.npz: no array 'kernelB'; name it with kernelB=ARRAY, one of a, b"
        ),
        (
          ["--arrays", "arrays.npz", "--measures", "tangentKernel"], 64,
          "tangentKernel needs a network, not arrays; give a run folder, or --checkpoints"
        ),
        (
          ["--arrays", "arrays.npz", "--measures", "twoNN", "activations=a"], 1,
          "twoNN: 2 samples; at least"
        ),
      ] {
        let end = try ProgramProcess.run(["measure"] + arguments, in: folder)
        #expect(end.status == status, "\(arguments)")
        #expect(end.errors.hasPrefix("error: " + message), "\(end.errors)")
        #expect(end.errors.filter { $0 == "\n" }.count == 1)
        #expect(end.output == "")
      }
      // A training that could not be measured does not begin.
      let end = try ProgramProcess.run(
        ["train", "--name", "b", "measure.names=nothing"], in: folder)
      #expect(end.status == 64)
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs/b"))
    }
  }
}
