import Foundation
import GrokMeasures
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// What was recorded of the motion of a training, measured.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct TemperatureMeasuresTests {
  private static let training = [
    "train", "--name", "a", "--quiet", "data.modulus=11", "model.kind=mlp", "model.hidden=16x12",
    "model.activation=tanh", "train.batchSize=0", "train.optimizer=sgd", "train.learningRate=0.1",
    "train.weightDecay=0", "train.warmUpSteps=0", "train.steps=400", "record.tensorBoard=false",
    "measure.names=none",
  ]

  @Test func numbersAreThoseOfTheLibrary() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + ["record.motion=comparisons"], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "cooling,heatBudget,heatFlow,heatSpectrum"],
        in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
      let run = folder + "/runs/a"
      func array(_ measure: String, _ name: String) throws -> [Double] {
        try Archive(contentsOf: "\(run)/measures/\(measure).npz").doubles(name)
      }
      let table = try MotionTable(ofRun: run)
      let budget = try table.heatBudget()
      #expect(try array("heatBudget", "heatBudget/explained") == [budget.explainedDrop])
      // Full batches, so that the heat is what the loss falls by.
      #expect(try #require(budget.relativeResidual) < 1e-3)
      let shares = try ["fullyConnectedWeight", "fullyConnectedBias"].map {
        try array("heatBudget", "heatBudget/share/\($0)")[0]
      }
      #expect(abs(shares[0] + shares[1] - 1) < 1e-12)
      let parts = table.columns.components
      let record = try CoolingRecord(
        temperatures: table.heatTable(.gradientNorm, of: parts), components: parts.map(\.component),
        weightCounts: parts.map(\.count))
      #expect(
        try array("cooling", "cooling/lastIsSlowest") == [record.lastIsSlowest().statistic])
      #expect(
        try array("cooling", "cooling/mostlyNoise") == [record.mostlyNoise().statistic])
      // A perceptron has no convolutions that the second claim could be about.
      let names = try Archive(contentsOf: "\(run)/measures/cooling.npz").names
      #expect(!names.contains("cooling/quickConvolutions"))
      #expect(try array("heatFlow", "heatFlowCorrelation").count == 4)
      let kinds = ["fullyConnectedWeight", "fullyConnectedBias"]
      for (place, kind) in kinds.enumerated() {
        #expect(try array("heatFlow", "heatFlowPlace/\(kind)") == [Double(place)])
      }
      let rates = try array("heatFlow", "heatFlowRate")
      #expect(rates[0].isNaN && rates[1] == rates[2] && (0...1).contains(rates[1]))

      let heat = try table.heatTable(.gradientNorm, of: parts).squared()
        .summed(by: parts.map(\.kind.rawValue))
      let series = try detrendedLogHeat(of: heat)
      for kind in kinds {
        let found = try Archive(contentsOf: "\(run)/measures/heatSpectrum.npz")
          .matrix("heatSpectrum/\(kind)")
        let place = try #require(series.names.firstIndex(of: kind))
        let column = Matrix(
          values: series.values.column(place), rowCount: series.recordCount, columnCount: 1)
        let spectrum = try updateSpectrum(of: column, windowLength: 64)
        #expect(Array(found.row(0)) == Array(spectrum.frequencies.dropFirst()))
        #expect(Array(found.row(1)) == Array(spectrum.power.dropFirst()))
        // The line is the null, raised by the ratio that surrogates rarely exceed.
        let ratio = found[3, 0] / found[2, 0]
        #expect(ratio > 1 && abs(found[3, 31] / found[2, 31] / ratio - 1) < 1e-12)
        #expect(
          try array("heatSpectrum", "heatSpectrumMemory/\(kind)") == [
            try #require(spectrum.lagOneCorrelation)
          ])
      }
    }
  }

  /// Granger's test of the heats of noisy batches.
  @Test func causesAreThoseOfTheLibrary() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + ["record.motion=norms", "train.batchSize=10", "train.steps=300"],
        in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "heatFlow"], in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
      let table = try MotionTable(ofRun: folder + "/runs/a")
      let parts = table.columns.components
      let heat = try table.heatTable(.gradientNorm, of: parts).squared()
        .summed(by: parts.map(\.kind.rawValue))
      let expected = try grangerFlows(between: detrendedLogHeat(of: heat), conditioning: .all)
      let found = try Archive(contentsOf: folder + "/runs/a/measures/heatFlow.npz")
        .matrix("heatFlowCauseRate")
      #expect(found[0, 0].isNaN && found[1, 1].isNaN)
      #expect(found[0, 1] == expected.falseDiscoveryRates[0][1])
      #expect(found[1, 0] == expected.falseDiscoveryRates[1][0])
    }
  }

  @Test func unevenRecordsHaveNoSpectrum() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + [
          "record.motion=norms", "record.motionEvery=3", "record.motionInEpochs=true",
          "train.batchSize=10", "data.trainFraction=0.9", "train.steps=100",
        ], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "heatSpectrum"], in: folder)
      #expect(measured.status == 1)
      #expect(
        measured.errors.contains(
          "heatSpectrum: records are 3 and 5 steps apart; a spectrum needs even spacing"),
        "\(measured.errors)")
    }
  }

  @Test func temperaturesAreThoseAroundCheckpoints() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + ["record.motion=norms", "checkpoint.every=100"], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "componentTemperature"], in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
      let run = folder + "/runs/a"
      let curves = try RunCurves(folder: run)
      let table = try MotionTable(ofRun: run)
      let name = table.columns.components[0].name
      let curve = try #require(curves["temperature/\(name)"])
      #expect(curve.steps.first == 0 && curve.steps.last == 400)
      let norms = try table.series(.gradientNorm, of: name)
      // Steps 194 to 206; at the end, steps 388 to 399.
      func mean(_ steps: ClosedRange<Int>) -> Double {
        let logarithms = norms[steps].map { log($0) }
        return exp(logarithms.reduce(0, +) / Double(logarithms.count))
      }
      func value(_ step: Int) -> Double {
        curve.steps.firstIndex(of: step).map { curve.values[$0] } ?? .nan
      }
      #expect(abs(value(200) / mean(194...206) - 1) < 1e-12)
      #expect(abs(value(400) / mean(388...399) - 1) < 1e-12)
      #expect(value(0) == norms[0] || abs(value(0) / norms[0] - 1) < 1e-14)
      // Parameters are no layers, and all of them together one line more.
      let quantities = MeasuredQuantities(curves.names)
      let temperature = try #require(quantities.quantities.first { $0.name == "temperature" })
      #expect(temperature.layers == table.columns.components.map(\.name) + ["all"])
      #expect(!quantities.layers.contains(name))
      #expect(QuantityChanges(curves, quantities: quantities, threshold: 0.9).changes.count > 3)
    }
  }

  /// Principal components of all weights at the checkpoints, and the way through them.
  @Test func thePathIsThatOfTheLibrary() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(Self.training, in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let run = folder + "/runs/a"
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "pathComponents"], in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
      var settings = Settings()
      try settings.apply(file: run + "/settings.yaml")
      let experiment = try Experiment(settings, folders: [], isContinued: true)
      let checkpoints = try Run.checkpoints(in: run)
      let weights = try checkpoints.map {
        try Snapshot<Float>(contentsOf: $0.path, model: experiment.model, loss: experiment.loss)
          .parameterVector
      }
      let path = Matrix(rows: weights.map { $0.map(Double.init) })
      let expected = try pathComponents(of: path, count: 5)
      let arrays = try Archive(contentsOf: run + "/measures/pathComponents.npz")
      for (a, b) in zip(try arrays.doubles("pathFractions"), expected.fractions) {
        #expect(abs(a - b) < 1e-9)
      }
      let scores = try arrays.matrix("pathComponents/value")
      for row in 0..<scores.rowCount {
        #expect(abs(scores[row, 0] - expected.scores[row, 0]) < 1e-6)
      }
      let walk = try randomWalkComponents(atSteps: checkpoints.map(\.step))
      #expect(try arrays.doubles("walkFractions") == walk.fractions)
      let curves = try RunCurves(folder: run)
      let last = try #require(curves["distanceToStart"]?.values.last)
      #expect(abs(last / (try distance(between: weights[0], and: weights.last!)) - 1) < 1e-6)
      #expect(curves["pathStraightness"]?.values.count == checkpoints.count - 1)
    }
  }

  /// A training is worth more than what could not be measured of it.
  @Test func aTrainingTooShortForItsMeasuresEndsWell() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + ["train.steps=3", "record.motion=norms", "measure.names=cooling"],
        in: folder)
      #expect(end.status == 0, "\(end.errors)")
      #expect(end.errors.contains("warning: cooling has no value once"), "\(end.errors)")
    }
  }

  @Test func aRunWithoutMotionSaysSo() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(Self.training + ["train.steps=2"], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "cooling"], in: folder)
      #expect(measured.status == 1)
      #expect(
        measured.errors.contains(
          "the run has recorded no motion; train with record.motion=norms"), "\(measured.errors)")
    }
  }
}
