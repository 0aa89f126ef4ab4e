import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// A program to take presets from.
enum TestProgram: Program {
  static let name = "test"
  static let abstract = "Nothing."
  static let presets: [Preset] = [.modularAddition, .modularAdditionPaper, .mnistOmnigrok]
}

/// Every mistake in settings gives one line that says what is wrong and what was expected.
@Suite struct ConfigurationErrorTests {
  private static let overrides: [(text: String, message: String)] = [
    // Names
    (
      "train.weightDeacy=1",
      "unknown setting 'train.weightDeacy'; did you mean 'train.weightDecay'?"
    ),
    ("TRAIN.STEPS=1", "unknown setting 'TRAIN.STEPS'; did you mean 'train.steps'?"),
    ("steps=1", "unknown setting 'steps'; did you mean 'train.steps', 'measure.steps'?"),
    (
      "record=1",
      "unknown setting 'record'; did you mean 'record.perDecade', 'record.every', 'record.at' or "
        + "another of that group?"
    ),
    (
      "train=1",
      "unknown setting 'train'; did you mean 'train.steps', 'train.batchSize', 'train.loss' or "
        + "another of that group?"
    ),
    ("train.steps=1e12", "train.steps=1e12: expected a whole number from 0 to 2147483647"),
    ("data.modulo=7", "unknown setting 'data.modulo'; did you mean 'data.modulus'?"),
    // Form
    ("train.steps", "'train.steps' is no setting; expected key=value, as in seed=1"),
    ("=1", "'=1' is no setting; expected key=value, as in seed=1"),
    // Types
    ("train.steps=many", "train.steps=many: expected a whole number from 0 to 2147483647"),
    ("train.steps=1.5", "train.steps=1.5: expected a whole number from 0 to 2147483647"),
    ("train.steps=", "train.steps=: expected a whole number from 0 to 2147483647"),
    ("train.steps= 5", "train.steps= 5: expected a whole number from 0 to 2147483647"),
    ("train.learningRate=fast", "train.learningRate=fast: expected a number from 0.0 to 1000.0"),
    ("train.learningRate=nan", "train.learningRate=nan: expected a number from 0.0 to 1000.0"),
    (
      "train.learningRate=1e-3=2", "train.learningRate=1e-3=2: expected a number from 0.0 to 1000.0"
    ),
    ("train.optimizer=adamw", "train.optimizer=adamw: expected one of sgd, adam, adamW"),
    (
      "model.kind=cmm",
      "model.kind=cmm: expected one of mlp, transformer, lstm, cnn, resnet8, resnet18, resnet20, vgg11"
    ),
    ("model.hidden=200;200", "model.hidden=200;200: expected widths such as 200x200, or none"),
    ("model.hidden=200x", "model.hidden=200x: expected widths such as 200x200, or none"),
    ("model.hidden=0", "model.hidden=0: expected widths such as 200x200, or none"),
    ("record.at=5+x", "record.at=5+x: expected steps such as 100+1000, or none"),
    ("checkpoint.at=-1", "checkpoint.at=-1: expected steps such as 100+1000, or none"),
    ("record.tensorBoard=yes", "record.tensorBoard=yes: expected true or false"),
    // Ranges
    ("data.modulus=1", "data.modulus=1: expected a whole number from 2 to 2000"),
    ("data.trainFraction=0", "data.trainFraction=0: expected a number from 0.001 to 0.999"),
    ("data.trainFraction=30", "data.trainFraction=30: expected a number from 0.001 to 0.999"),
    ("train.steps=-1", "train.steps=-1: expected a whole number from 0 to 2147483647"),
    ("train.beta2=1", "train.beta2=1: expected a number from 0.0 to 0.9999999"),
    ("seed=-1", "seed=-1: expected a whole number from 0 to 18446744073709551615"),
    (
      "seed=18446744073709551616",
      "seed=18446744073709551616: expected a whole number from 0 to 18446744073709551615"
    ),
    ("train.threads=0", "train.threads=0: expected a whole number from 1 to 256"),
    // Settings that do not go together
    ("model.headCount=5", "model.width=64 is no multiple of model.headCount=5"),
    (
      "record.perDecade=0 record.every=0",
      "record.perDecade and record.every are both 0 and record.at is none: nothing would be recorded"
    ),
    (
      "data.operation=division data.modulus=10",
      "data.modulus=10: expected a prime number for division"
    ),
    (
      "data.modulus=2 data.trainFraction=0.1",
      "data.trainFraction=0.1 leaves 0 examples to train on and 4 to test with"
    ),
    (
      "data.name=mnist",
      "data.name=mnist does not suit model.kind=transformer: pictures are no tokens"
    ),
    // Data and files
    (
      "data.name=mnist model.kind=mlp",
      "MNIST was not found: no train-images-idx3-ubyte[.gz] in FOLDER/mnist, "
        + "FOLDER/MNIST/raw, FOLDER; give the folder that has its "
        + "files, or name it in GROK_DATA_DIR"
    ),
    ("data.split=FOLDER/no.npy", "cannot read FOLDER/no.npy: No such file or directory"),
    (
      "model.initialParameters=FOLDER/no.npz",
      "cannot read FOLDER/no.npz: No such file or directory"
    ),
    (
      "model.initialParameters=FOLDER",
      "cannot read FOLDER: it is a folder"
    ),
  ]

  @Test(arguments: overrides) func overridesAndConflicts(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      let parts = text.replacingOccurrences(of: "FOLDER", with: folder)
        .split(separator: " ", omittingEmptySubsequences: false)
      // A value may begin with a blank.
      let list = text.contains("= ") ? [parts.joined(separator: " ")] : parts.map(String.init)
      let error = #expect(throws: (any Error).self) {
        var settings = Settings()
        try settings.apply(overrides: list)
        _ = try Experiment(settings, folders: [folder])
      }
      let found = "\(try #require(error))".replacingOccurrences(of: folder, with: "FOLDER")
      #expect(found == message)
    }
  }

  private static let files: [(text: String, message: String)] = [
    (
      "train:\n  stepz: 5\n",
      ", line 2: unknown setting 'train.stepz'; did you mean 'train.steps'?"
    ),
    (
      "train:\n  steps: five\n",
      ", line 2: train.steps=five: expected a whole number from 0 to 2147483647"
    ),
    (
      "train:\n  steps:\n",
      ", line 2: train.steps=: expected a whole number from 0 to 2147483647"
    ),
    (
      "train.steps: [1, 2]\n",
      ", line 1: train.steps=1,2: expected a whole number from 0 to 2147483647"
    ),
    (
      "seed: 1\nmodel: 5\n",
      ", line 2: unknown setting 'model'; did you mean 'model.kind', 'model.hidden', 'model.width' or "
        + "another of that group?"
    ),
    (
      "train:\n  steps: 5\ntrain.steps: 6\n", ", line 3: 'train.steps' stands already in line 2"
    ),
    ("base: [a, [b]]\n", ", line 1: base: expected a preset, a file, or a list of them"),
    ("base:\n", ", line 1: base: expected a preset, a file, or a list of them"),
    (
      "base: common.yaml\n",
      ": base: 'common.yaml' is neither a file beside it nor a preset; there are modular-addition, "
        + "modular-addition-paper, mnist-omnigrok"
    ),
    (
      "base: modular-adition\n",
      ": base: 'modular-adition' is neither a file beside it nor a preset; did you mean "
        + "'modular-addition'?"
    ),
    ("base: settings.yaml\n", ": base: 'settings.yaml' builds upon this file itself"),
    (
      "base: [other.yaml, mnist-omnigrok]\n",
      ": base: the preset 'mnist-omnigrok' would replace what came before it; name it first, and give "
        + "no --preset"
    ),
    ("- 1\n- 2\n", ": has no names with values"),
    ("seed\n", ": has no names with values"),
    (
      "train:\n  steps: 5\n foo: [",
      ": is no YAML: did not find expected key in line 3, column 2"
    ),
    ("seed: [1\n", ": is no YAML: did not find expected ',' or ']' in line 2, column 1"),
    ("seed: 1\nseed: 2\n", ": is no YAML: 'seed' occurs twice"),
    (
      "\tseed: 1\n", ": is no YAML: found character that cannot start any token in line 1, column 1"
    ),
  ]

  @Test(arguments: files) func settingsFiles(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/settings.yaml"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      try Data("seed: 3\n".utf8).write(to: URL(fileURLWithPath: folder + "/other.yaml"))
      var composition = Composition(presets: TestProgram.presets)
      let error = #expect(throws: ConfigurationError.self) { try composition.apply(file: path) }
      #expect(error?.description == path + message)
    }
  }

  @Test func missingSettingsFile() {
    var settings = Settings()
    #expect(
      throws: ConfigurationError.badFile(path: "/nowhere/a.yaml", problem: "cannot be read")
    ) { try settings.apply(file: "/nowhere/a.yaml") }
  }

  @Test(arguments: [
    (
      "modular-adition",
      "unknown preset 'modular-adition'; did you mean 'modular-addition'?"
    ),
    (
      "x",
      "unknown preset 'x'; there are modular-addition, modular-addition-paper, mnist-omnigrok"
    ),
  ])
  func unknownPresets(name: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try TestProgram.preset(named: name) }
    #expect(error?.description == message)
  }
}
