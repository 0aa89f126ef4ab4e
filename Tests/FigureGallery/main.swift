// Writes sample figures and a page into a folder, to be looked at after a change of the drawing:
//
//   swift run figure-gallery FOLDER
import Foundation
import GrokReports

guard CommandLine.arguments.count == 2 else {
  print("usage: figure-gallery FOLDER")
  exit(64)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
func write(_ text: String, _ name: String) throws {
  try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
}

func write(_ bytes: [UInt8], _ name: String) throws {
  try Data(bytes).write(to: folder.appendingPathComponent(name), options: .atomic)
}

let named: [(String, Plot)] = [
  ("accuracy", Samples.accuracy), ("loss", Samples.loss), ("norm", Samples.norm),
  ("linear-steps", Samples.linearSteps), ("bands", Samples.bands), ("styles", Samples.styles),
  ("many", Samples.many), ("ramp", Samples.ramp), ("dense", Samples.dense),
  ("plane", Samples.plane),
]
for (name, plot) in named + ColorSamples.all + Samples.ugly {
  try write(plot.svg(), "\(name).svg")
  try write(plot.pdf(), "\(name).pdf")
  try write(plot.png(), "\(name).png")
  try write(plot.png(theme: .dark), "\(name)-dark.png")
}

var stacked = [Samples.accuracy, Samples.loss, Samples.norm, Samples.bands]
for index in stacked.indices { stacked[index].size = .half }
try write(PlotGrid("One run", plots: stacked).svg(), "grid.svg")
try write(
  PlotGrid(plots: Array(stacked.prefix(2)), columnCount: 1, isLettered: false).svg(), "stack.svg")
for (name, grid) in ColorSamples.grids {
  try write(grid.svg(), "\(name).svg")
  try write(grid.pdf(), "\(name).pdf")
  try write(grid.png(), "\(name).png")
}
let ugly = PlotGrid("Ugly cases", plots: Samples.ugly.map(\.1))
try write(ugly.svg(), "ugly.svg")
try write(ugly.pdf(), "ugly.pdf")
try write(ugly.png(scale: 1), "ugly.png")

let provenance = HTMLReport.Table(rows: [
  ["Commit", "4f2a91c0d7e3 (clean)"], ["Compiler", "Swift 6.3.1, release"],
  ["Machine", "x86_64, 2 cores, AVX2, 24 GB"],
  ["Packages", "GrokTraining 0.1.0, GrokMeasures 0.1.0"],
  [
    "Data",
    "generated; split SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ],
  ["Seed", "7"],
])
let settings = HTMLReport.Table(
  columns: ["Setting", "Value", "Default"],
  rows: [
    ["data.modulus", "113", "113"], ["model.width", "512", "512"],
    ["train.weightDecay", "1", "0.01"],
    ["train.learningRate", "1×10⁻³", "1×10⁻³"], ["train.steps", "50,000", "20,000"],
  ])
let last = HTMLReport.Table(
  columns: ["Metric", "Step", "Value", "Error"],
  rows: [
    ["train/loss", "50,000", "2.1×10⁻⁸", ""], ["test/loss", "50,000", "1.3×10⁻⁷", ""],
    ["train/accuracy", "50,000", "1", ""], ["test/accuracy", "50,000", "0.9998", ""],
    ["capacity/layers.2", "50,000", "0.1664", "0.014"], ["weights/norm", "50,000", "29.02", ""],
  ])
let report = HTMLReport(
  title: "mod-add-113-seed-7",
  subtitle: "Addition modulo 113, one hidden layer of 512, AdamW with weight decay 1",
  facts: [
    HTMLReport.Fact("Fit", Readable.count(140), detail: "step"),
    HTMLReport.Fact("Generalized", Readable.count(13_200), detail: "step"),
    HTMLReport.Fact("Delay", Readable.count(13_060), detail: "steps"),
    HTMLReport.Fact("Train accuracy", "1", detail: "3,830 examples"),
    HTMLReport.Fact("Test accuracy", "0.9998", detail: "8,939 examples"),
    HTMLReport.Fact("Time", Readable.seconds(221), detail: "everything"),
    HTMLReport.Fact("Speed", "312", detail: "steps per second"),
    HTMLReport.Fact("Peak memory", Readable.bytes(412_300_000)),
  ],
  warnings: [
    "test/accuracy fell below 0.99 twice after step 13,200.",
    "capacity/layers.2: 3 of 120 records did not converge.",
  ],
  sections: [
    HTMLReport.Section(
      "Curves",
      [
        .text(
          "Training accuracy saturates within 140 steps; test accuracy stays at chance for two more decades."
        ),
        .figure(
          PlotGrid(plots: stacked),
          caption:
            "(a) Accuracy, (b) loss, (c) Euclidean norm of all weights, (d) manifold capacity with one standard error over five seeds."
        ),
        .figure(Samples.plane, caption: "Every tenth epoch of three layers."),
        .figure(ColorSamples.plane, caption: "Colored by step."),
        .figure(ColorSamples.correlation, caption: "Correlation of the updates of layers."),
        .figure(ColorSamples.histograms, caption: "Weights."),
        .figure(ColorSamples.grids[0].1, caption: "Small multiples."),
      ]),
    HTMLReport.Section("Settings", [.table(settings)]),
    HTMLReport.Section("Last values", [.table(last)]),
    HTMLReport.Section(
      "Provenance", [.details("Where these numbers come from", [.table(provenance)])]),
  ])
try write(report.html(), "report.html")
