// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "grok-benchmarks",
  dependencies: [.package(name: "grok", path: "..")],
  targets: [
    .executableTarget(
      name: "step-benchmark", dependencies: [.product(name: "GrokTraining", package: "grok")]),
    .executableTarget(
      name: "resnet-benchmark", dependencies: [.product(name: "GrokTraining", package: "grok")]),
    .executableTarget(
      name: "logging-benchmark",
      dependencies: [.product(name: "GrokExperiments", package: "grok")]),
    .executableTarget(
      name: "similarity-benchmark",
      dependencies: [.product(name: "GrokMeasures", package: "grok")]),
    .executableTarget(
      name: "kernel-benchmark", dependencies: [.product(name: "GrokTraining", package: "grok")]),
    .executableTarget(
      name: "readout-benchmark", dependencies: [.product(name: "GrokMeasures", package: "grok")]),
    .executableTarget(
      name: "capacity-benchmark", dependencies: [.product(name: "GrokMeasures", package: "grok")]),
    .executableTarget(
      name: "curvature-benchmark", dependencies: [.product(name: "GrokTraining", package: "grok")]),
  ]
)
