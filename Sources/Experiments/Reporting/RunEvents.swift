import GrokMeasures
import GrokReports

/// What happened in a run, found in its records: fitting, generalizing, every relapse, lost numbers.
struct RunEvents: Sendable, Equatable {
  /// Something that happened at a step.
  struct Event: Sendable, Equatable {
    enum Kind: String, Sendable {
      case fit = "Fit"
      case generalization = "Generalized"
      case fitRelapse = "Relapse on training examples"
      case relapse = "Relapse"
      case lostNumber = "Not a number"
    }

    var kind: Kind
    var step: Int
    var detail: String
  }

  /// The events by rising step.
  private(set) var all: [Event] = []
  /// What the records say so far; `nil` where there are no accuracies.
  private var found: GrokkingDelay?

  /// First step of lasting accuracy on training examples.
  var fitStep: Int? { found?.fitStep }
  /// First step of lasting accuracy on test examples.
  var generalizationStep: Int? { found?.generalizationStep }
  /// Steps from the one to the other.
  var delay: Int? { found?.delay }
  /// How often test accuracy fell below the threshold after that.
  var relapseCount: Int { found?.generalizationRelapseCount ?? 0 }

  /// - Parameter threshold: The accuracy that counts as fitting and generalizing.
  init(_ curves: RunCurves, threshold: Double) {
    findTransitions(curves, threshold)
    for name in curves.names {
      guard let curve = curves[name], let index = curve.values.firstIndex(where: { !$0.isFinite })
      else { continue }
      let count = curve.values.count { !$0.isFinite }
      all.append(
        Event(
          kind: .lostNumber, step: curve.steps[index],
          detail: "\(name) was not finite\(count > 1 ? ", \(Readable.count(count)) times" : "")"))
    }
    all.sort { $0.step < $1.step }
  }

  private mutating func findTransitions(_ curves: RunCurves, _ threshold: Double) {
    guard let train = curves["train/accuracy"], let test = curves["test/accuracy"],
      var detector = try? GrokkingDetector(threshold: threshold)
    else { return }
    var tests: [Int: Double] = [:]
    for (step, value) in zip(test.steps, test.values) { tests[step] = value }
    for (step, trainAccuracy) in zip(train.steps, train.values) {
      let before = detector.delay
      guard let testAccuracy = tests[step],
        (try? detector.append(
          step: step, trainAccuracy: trainAccuracy, testAccuracy: testAccuracy)) != nil
      else { continue }
      let now = detector.delay
      if now.fitRelapseCount > before.fitRelapseCount {
        add(.fitRelapse, step, "train accuracy fell to \(Readable.number(trainAccuracy))")
      }
      if now.generalizationRelapseCount > before.generalizationRelapseCount {
        add(.relapse, step, "test accuracy fell to \(Readable.number(testAccuracy))")
      }
    }
    found = detector.delay
    let level = Readable.number(threshold)
    if let step = fitStep {
      add(.fit, step, "train accuracy reached \(level) and stayed there for two more records")
    }
    if let step = generalizationStep {
      var detail = "test accuracy reached \(level) and stayed there for two more records"
      if let steps = delay, let fit = fitStep {
        let factor =
          fit > 0 && step > fit
          ? ", \(Readable.number(Double(step) / Double(fit), significantDigits: 3)) times the step"
          : ""
        detail += "; \(Readable.count(steps)) steps after fitting\(factor)"
      }
      add(.generalization, step, detail)
    }
  }

  private mutating func add(_ kind: Event.Kind, _ step: Int, _ detail: String) {
    all.append(Event(kind: kind, step: step, detail: detail))
  }

  /// The steps of one kind of event.
  func steps(of kind: Event.Kind) -> [Int] { all.filter { $0.kind == kind }.map(\.step) }
}
