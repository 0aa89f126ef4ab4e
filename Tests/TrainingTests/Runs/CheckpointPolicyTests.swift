import TestSupport
import Testing

@testable import GrokTraining

@Suite struct CheckpointPolicyTests {
  private static let policies = [
    CheckpointPolicy(.never), CheckpointPolicy(.at([3, 20])), CheckpointPolicy(.never, every: 7),
    CheckpointPolicy(.never, every: 7, newestCount: 2),
    CheckpointPolicy(.logarithmic(perDecade: 2), every: 5, newestCount: 3),
    CheckpointPolicy(.at([10, 35]), every: 5, newestCount: 100),
  ]

  /// The checkpoints that are there after writing all that are due, and removing what may go each time.
  private func left(_ policy: CheckpointPolicy, through last: Int) -> [Int] {
    var steps: [Int] = []
    for step in 0...last where policy.contains(step) || step == last {
      steps.append(step)
      steps.removeAll { !policy.keeps($0, through: step) }
    }
    return steps
  }

  @Test(.tags(.law), arguments: 0..<6, [0, 1, 6, 7, 20, 34, 35, 36, 100])
  func theCountIsThatOfTheCheckpointsThatAreLeft(index: Int, last: Int) {
    let policy = Self.policies[index]
    #expect(policy.count(through: last) == left(policy, through: last).count)
  }

  @Test func theNewestOfEveryStay() {
    #expect(left(Self.policies[3], through: 30) == [0, 21, 28, 30])
    #expect(left(Self.policies[3], through: 28) == [0, 21, 28])
    #expect(left(Self.policies[4], through: 33) == [0, 1, 3, 10, 20, 25, 30, 32, 33])
    #expect(left(Self.policies[0], through: 9) == [0, 9])
  }

  /// A training that was to end at one step and went on leaves what it would have left at once.
  @Test(.tags(.law), arguments: 0..<6, [1, 7, 20, 33])
  func goingOnLeavesWhatIsLeftAtOnce(index: Int, first: Int) {
    let policy = Self.policies[index]
    var steps = left(policy, through: first)
    for step in first + 1...40 where policy.contains(step) || step == 40 {
      steps.append(step)
      steps.removeAll { !policy.keeps($0, through: step) }
    }
    #expect(steps == left(policy, through: 40))
  }

  @Test(.tags(.resume), arguments: 0..<6) func foldersHoldWhatThePolicySays(index: Int) throws {
    var training = SmallTraining.perceptron()
    training.plan.checkpoints = Self.policies[index]
    try withTemporaryFolder { folder in
      let expected = left(Self.policies[index], through: 40)
      var whole = try training.trainer(as: Float.self, run: Run(directory: folder + "/whole"))
      _ = try training.fit(&whole)
      #expect(try Run.checkpoints(in: folder + "/whole").map(\.step) == expected)
      // Stopped, ended elsewhere, and with a checkpoint for safety after every step.
      training.plan.checkpoints.safetySeconds = 1e-9
      let directory = folder + "/parts"
      var trainer = try training.trainer(as: Float.self, run: Run(directory: directory))
      _ = try training.fit(&trainer, stoppingAt: 13)
      #expect(try Run.checkpoints(in: directory).last?.step == 13)
      for steps in [23, 40] {
        var next = try training.trainer(as: Float.self, run: Run(continuing: directory))
        try next.resume(training.trainerPlan(), steps: steps)
        _ = try training.fit(&next, steps: steps)
      }
      #expect(
        Folder.names(in: directory + "/checkpoints")
          == Folder.names(in: folder + "/whole/checkpoints"))
      for (one, other) in zip(
        try Run.checkpoints(in: directory), try Run.checkpoints(in: folder + "/whole"))
      {
        #expect(try bytes(of: one.path) == bytes(of: other.path))
      }
    }
  }
}
