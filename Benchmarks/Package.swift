// swift-tools-version: 6.2
import PackageDescription

let measures: Target.Dependency = .product(name: "GrokMeasures", package: "grok")
let training: Target.Dependency = .product(name: "GrokTraining", package: "grok")
let experiments: Target.Dependency = .product(name: "GrokExperiments", package: "grok")

func program(_ name: String, _ library: Target.Dependency) -> Target {
  .executableTarget(name: name, dependencies: ["BenchmarkSupport", library])
}

let package = Package(
  name: "grok-benchmarks",
  dependencies: [.package(name: "grok", path: "..")],
  targets: [
    .target(
      name: "BenchmarkSupport", dependencies: [.product(name: "GrokDatasets", package: "grok")]),
    program("step-benchmark", training),
    program("resnet-benchmark", training),
    program("moments-benchmark", training),
    program("recording-benchmark", training),
    program("logging-benchmark", experiments),
    program("similarity-benchmark", measures),
    program("kernel-benchmark", training),
    program("readout-benchmark", measures),
    program("capacity-benchmark", measures),
    program("motion-benchmark", measures),
    program("information-benchmark", measures),
    program("curvature-benchmark", training),
    program("progress-benchmark", training),
  ]
)
