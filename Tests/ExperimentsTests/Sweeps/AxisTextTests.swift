import Testing

@testable import GrokExperiments

@Suite struct AxisTextTests {
  @Test(arguments: [
    // Lists
    ("train.steps=100", "100"),
    ("train.steps=100,200,7", "100 200 7"),
    ("model.hidden=200x200,none,7", "200x200 none 7"),
    ("train.optimizer=sgd,adamW", "sgd adamW"),
    ("data.split=,../a.npy,b..c.npy", " ../a.npy b..c.npy"),
    ("data.split='a,b.npy',\"c'd.npy\",'1..3'", "a,b.npy c'd.npy 1..3"),
    // Whole numbers
    ("seed=0..4", "0 1 2 3 4"),
    ("data.pythonSeed=-1..1", "-1 0 1"),
    ("seed=3..3", "3"),
    ("train.weightDecay=0..2", "0.0 1.0 2.0"),
    ("seed=0..2,7,10..11", "0 1 2 7 10 11"),
    // Steps
    ("train.weightDecay=0..1:0.25", "0.0 0.25 0.5 0.75 1.0"),
    ("train.weightDecay=0..1:0.3", "0.0 0.3 0.6 0.9"),
    ("train.weightDecay=0..0.7:0.1", "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7"),
    ("train.steps=1000..3000:1000", "1000 2000 3000"),
    // Numbers of values
    ("train.learningRate=1e-4..1:log5", "0.0001 0.001 0.01 0.1 1.0"),
    ("train.learningRate=1e-3..1e-2:log3", "0.001 0.00316227766017 0.01"),
    ("train.steps=100..1000:log4", "100 215 464 1000"),
    ("train.weightDecay=0..1:linear5", "0.0 0.25 0.5 0.75 1.0"),
    ("train.weightDecay=0..1:linear4", "0.0 0.333333333333 0.666666666667 1.0"),
  ])
  func values(text: String, values: String) throws {
    let sweep = try Sweep(Settings(), arguments: [text])
    let path = String(text.prefix { $0 != "=" })
    let found =
      sweep.axes.first?.values.map { $0[0] }
      ?? [sweep.base.table.first { $0.path == path }!.value]
    #expect(found.joined(separator: " ") == values)
  }

  @Test(arguments: [
    ("seed=4..0", "seed=4..0: expected a range that rises"),
    (
      "train.weightDecay=0..1.5",
      "train.weightDecay=0..1.5: expected whole numbers as 0..9, or a spacing as in 0..1:0.25, "
        + "0..1:linear5 or 1e-4..1:log5"
    ),
    (
      "train.weightDecay=0..1:cubic5",
      "train.weightDecay=0..1:cubic5: expected whole numbers as 0..9, or a spacing as in "
        + "0..1:0.25, 0..1:linear5 or 1e-4..1:log5"
    ),
    ("train.weightDecay=0..1:0", "train.weightDecay=0..1:0: expected a step above 0"),
    ("train.weightDecay=0..1:-0.5", "train.weightDecay=0..1:-0.5: expected a step above 0"),
    (
      "train.weightDecay=0..1:log5",
      "train.weightDecay=0..1:log5: expected a range above 0 for logarithmic spacing"
    ),
    (
      "train.weightDecay=0..1:linear1",
      "train.weightDecay=0..1:linear1: expected at least 2 values, the ends of the range"
    ),
    ("seed=0..1e-9:1e-18", "seed=0..1e-9:1e-18: expected at most 1000000 values"),
    ("seed=0..99999999999", "seed=0..99999999999: expected at most 1000000 values"),
    ("seed=-2..2", "seed=-2..2: expected a whole number from 0 to 18446744073709551615"),
    (
      "train.steps=0..1:0.25",
      "train.steps=0..1:0.25: expected a whole number from 0 to 2147483647"
    ),
    ("train.steps=1..3:linear5", "train.steps=2 occurs twice in a sweep"),
    ("data.split='a.npy", "data.split='a.npy: expected a closing '"),
    ("data.split='a.npy'b,c", "data.split='a.npy'b,c: expected a comma after '"),
    ("train.optimizer=sgd,1..2", "train.optimizer=1..2: expected one of sgd, adam, adamW"),
  ])
  func mistakesGiveOneLine(text: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try Sweep(Settings(), arguments: [text])
    }
    #expect(error?.description == message)
  }
}
