import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct SweepTests {
  private func sweep(
    _ arguments: String..., zipping: [[String]] = [], repeats: Int = 1
  ) throws -> Sweep {
    try Sweep(Settings(), arguments: arguments, zipping: zipping, repeats: repeats)
  }

  // MARK: In code

  @Test func jobsAreAllCombinationsAndTheLastAxisVariesFastest() throws {
    let sweep = try Sweep(
      Settings(),
      over: [Axis("train.weightDecay", over: [0, 0.1, 1, 3]), Axis("seed", over: 0..<5)])
    #expect(sweep.jobCount == 20)
    #expect(sweep.variedPaths == ["train.weightDecay", "seed"])
    #expect(sweep.variedValues(ofJob: 7) == ["0.1", "2"])
    let settings = sweep.settings(ofJob: 7)
    #expect(settings.train.weightDecay == 0.1 && settings.seed == 2)
    var others = settings
    (others.train.weightDecay, others.seed) = (1, 0)
    #expect(others == Settings())
  }

  @Test(.tags(.law)) func jobNumbersAndPositionsAreEachOthersInverse() throws {
    let sweep = try sweep("seed=1..3", "train.steps=1..7", "data.modulus=5,7")
    #expect(sweep.jobCount == 42)
    for number in 0..<42 { #expect(sweep.job(at: sweep.positions(ofJob: number)) == number) }
    #expect(Set((0..<42).map(sweep.variedValues)).count == 42)
  }

  @Test func nothingThatVariesIsOneJob() throws {
    let sweep = try sweep("train.steps=7")
    #expect(sweep.jobCount == 1 && sweep.axes.isEmpty)
    #expect(sweep.settings(ofJob: 0).train.steps == 7)
  }

  // MARK: From text

  @Test func oneValueIsForAllAndSeveralAreAnAxis() throws {
    let sweep = try sweep("train.steps=7", "seed=4,1", "train.steps=9")
    #expect(sweep.base.train.steps == 9)
    #expect(sweep.axes == [try Axis("seed", over: [4, 1])])
  }

  @Test func zippedSettingsAdvanceTogetherWhereTheFirstStands() throws {
    let sweep = try sweep(
      "train.steps=10,20", "data.modulus=5,7,11", "seed=1,2", zipping: [["seed", "train.steps"]])
    #expect(sweep.jobCount == 6)
    #expect(sweep.variedPaths == ["seed", "train.steps", "data.modulus"])
    #expect(sweep.variedValues(ofJob: 4) == ["2", "20", "7"])
  }

  @Test func repeatsAreSeedsFromTheBaseOnAndInnermost() throws {
    let sweep = try sweep("seed=5", "train.steps=10,20", repeats: 3)
    #expect(sweep.variedPaths == ["train.steps", "seed"])
    #expect((0..<6).map { sweep.settings(ofJob: $0).seed } == [5, 6, 7, 5, 6, 7])
    #expect(try self.sweep("seed=5", repeats: 1).axes.isEmpty)
  }

  private static let mistakes: [(arguments: String, message: String)] = [
    ("seed=1,2 seed=3", "'seed' is varied twice"),
    ("seed=1,2,1", "seed=1 occurs twice in a sweep"),
    ("train.learningRate=1e-3,0.001", "train.learningRate=0.001 occurs twice in a sweep"),
    ("train.stepz=1,2", "unknown setting 'train.stepz'; did you mean 'train.steps'?"),
    ("seed", "'seed' is no setting; expected key=value, as in seed=1"),
    ("seed=1,x", "seed=x: expected a whole number from 0 to 18446744073709551615"),
    ("seed=1,", "seed=: expected a whole number from 0 to 18446744073709551615"),
    (
      "seed=0..9999 train.steps=0..9999",
      "the lengths 10000 × 10000 make too many jobs; a sweep has at most 1000000"
    ),
    (
      "seed=1,2 train.steps=1..3 --zip seed,train.steps",
      "--zip seed,train.steps: settings that advance together need equally many values: seed has 2, "
        + "train.steps has 3"
    ),
    ("seed=1,2 --zip seed,train.steps", "--zip seed,train.steps: 'train.steps' does not vary"),
    ("seed=1,2 --zip seed", "--zip seed: expected two or more different keys"),
    ("seed=1,2 --zip seed,seed", "--zip seed,seed: expected two or more different keys"),
    (
      "seed=1,2 --zip seed,sed", "unknown setting 'sed'; did you mean 'seed'?"
    ),
    (
      "seed=1,2 train.steps=1,2 data.modulus=5,7 --zip seed,train.steps --zip seed,data.modulus",
      "--zip seed,data.modulus: 'seed' advances with others already"
    ),
    (
      "seed=1,2 --repeats 3",
      "--repeats varies the seed, which seed=… does already; give one of them"
    ),
    (
      "train.steps=1 --repeats 0",
      "--repeats 0: expected a whole number from 1 to 1000000, and seeds below 2^64"
    ),
    (
      "seed=18446744073709551615 --repeats 2",
      "--repeats 2: expected a whole number from 1 to 1000000, and seeds below 2^64"
    ),
  ]

  @Test(arguments: mistakes) func mistakesGiveOneLine(arguments: String, message: String) {
    var (settings, zips, repeats) = ([String](), [[String]](), 1)
    var words = arguments.split(separator: " ").map(String.init)[...]
    while let word = words.popFirst() {
      switch word {
      case "--zip": zips.append(words.removeFirst().split(separator: ",").map(String.init))
      case "--repeats": repeats = Int(words.removeFirst())!
      default: settings.append(word)
      }
    }
    let error = #expect(throws: ConfigurationError.self) {
      try Sweep(Settings(), arguments: settings, zipping: zips, repeats: repeats)
    }
    #expect(error?.description == message)
  }

  @Test func pathsOfFilesMeanTheSameInEveryFolder() throws {
    let sweep = try sweep("data.split=a.npy,/b.npy,", "model.initialParameters=c.npz")
      .anchored(in: "/here")
    #expect(sweep.axes[0].values == [["/here/a.npy"], ["/b.npy"], [""]])
    #expect(sweep.base.model.initialParameters == "/here/c.npz")
  }

  // MARK: Before anything is made

  @Test(arguments: [
    (
      "seed=0..9 model.width=64,66,68 model.headCount=2,4",
      "job 3 (seed=0 model.width=66 model.headCount=4): model.width=66 is no multiple of "
        + "model.headCount=4"
    ),
    (
      "data.modulus=7,8 data.operation=addition,division",
      "job 3 (data.modulus=8 data.operation=division): data.modulus=8: expected a prime number for "
        + "division"
    ),
    ("model.headCount=5", "model.width=64 is no multiple of model.headCount=5"),
  ])
  func conflictsNameTheFirstBadJob(arguments: String, message: String) throws {
    let sweep = try Sweep(
      Settings(), arguments: arguments.split(separator: " ").map(String.init))
    let error = #expect(throws: ConfigurationError.self) { try sweep.check(folders: []) }
    #expect(error?.description == message)
  }

  /// Seeds and rates are not tried in combination, or a sweep of this size would take minutes to begin.
  @Test func aHundredThousandJobsAreCheckedAtOnce() throws {
    let sweep = try sweep("seed=0..49999", "train.learningRate=1e-3,1e-2", "data.modulus=7")
    #expect(sweep.jobCount == 100_000)
    try sweep.check(folders: [])
  }

  /// What is not tried in combination must go with everything.
  @Test(.tags(.law)) func independentSettingsTakeEveryAllowedValue() throws {
    for path in Sweep.independentPaths {
      let setting = try Setting.named(path)
      let candidates = [
        "0", "0.999999", "1", "256", "1000", "1000000", "2147483647", "18446744073709551615",
      ]
      let allowed = candidates.filter { setting.canonical($0) != nil }
      #expect(allowed.count >= 2, "\(path)")
      for value in allowed {
        var settings = Settings()
        try settings.apply(overrides: ["data.modulus=5", "model.width=4", "\(path)=\(value)"])
        _ = try Experiment(settings, folders: [])
      }
    }
  }
}
