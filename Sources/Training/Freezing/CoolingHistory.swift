import GrokMeasures
import GrokNumerics

/// What a ``CoolingRule`` knows of the stages that it may freeze, in its order: part of the state of a training.
struct CoolingHistory: Sendable, Equatable {
  struct Stage: Sendable, Equatable {
    /// The smoothed temperature; `nil` before the first step.
    var smoothed: Double?
    /// Smoothed temperatures at every interval.
    var values: [Double] = []
    /// How often in a row it was cool.
    var coolCount = 0
  }

  private(set) var stages: [Stage]
  /// How many of the first are frozen.
  private(set) var frozenCount = 0

  init(stageCount: Int) { stages = Array(repeating: Stage(), count: stageCount) }

  /// Takes the temperatures of a step, and freezes the next stage where it has cooled.
  ///
  /// - Parameter temperatures: Of all stages; those of frozen ones are not read.
  /// - Parameter step: Updates before this one.
  mutating func append(_ temperatures: [Double], step: Int, rule: CoolingRule) {
    let isChecked = (step + 1) % rule.interval == 0
    for index in frozenCount..<stages.count {
      let temperature = temperatures[index]
      let smoothed = stages[index].smoothed.map {
        rule.smoothing * temperature + (1 - rule.smoothing) * $0
      }
      stages[index].smoothed = smoothed ?? temperature
      if isChecked { check(index, rule) }
    }
    if isChecked, frozenCount < stages.count, stages[frozenCount].coolCount >= rule.patience {
      frozenCount += 1
    }
  }

  private mutating func check(_ index: Int, _ rule: CoolingRule) {
    guard let smoothed = stages[index].smoothed else { return }
    let history = stages[index].values
    let isCool =
      history.count >= max(1, rule.minimumCount)
      && smoothed <= quantile(rule.quantile, of: history.sorted(), roundingUp: false)
    stages[index].coolCount = isCool ? stages[index].coolCount + 1 : 0
    stages[index].values.append(smoothed)
  }
}

// MARK: - In checkpoints

extension CoolingHistory {
  /// As text, every number with all its digits.
  var text: String {
    let stages = stages.map { stage -> JSONValue in
      [
        "smoothed": stage.smoothed.map { .finite($0) } ?? .null,
        "values": .array(stage.values.map { .finite($0) }),
        "coolCount": JSONValue(stage.coolCount),
      ]
    }
    let members: JSONObject = [
      "frozenCount": JSONValue(frozenCount), "stages": .array(stages),
    ]
    return (try? JSONValue.object(members).text()) ?? ""
  }

  /// What ``text`` was made from; `nil` where it is none.
  init?(_ text: String) {
    guard let object = try? JSONValue(parsing: Array(text.utf8)),
      let frozenCount = object["frozenCount"]?.integer, let stages = object["stages"]?.array
    else { return nil }
    var read: [Stage] = []
    for stage in stages {
      guard let values = stage["values"]?.array, let coolCount = stage["coolCount"]?.integer else {
        return nil
      }
      let numbers = values.compactMap(\.double)
      guard numbers.count == values.count else { return nil }
      read.append(
        Stage(smoothed: stage["smoothed"]?.double, values: numbers, coolCount: coolCount))
    }
    self.stages = read
    self.frozenCount = frozenCount
  }
}
