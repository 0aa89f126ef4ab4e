// swift-tools-version: 6.2
import PackageDescription

// Debug builds compile the C kernels with optimisation: tests would otherwise run for hours.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3"], .when(configuration: .debug))]

let package = Package(
  name: "grok",
  products: [
    .library(name: "GrokNumerics", targets: ["GrokNumerics"]),
    .library(name: "GrokDatasets", targets: ["GrokDatasets"]),
    .library(name: "GrokMeasures", targets: ["GrokMeasures"]),
    .library(name: "GrokTensor", targets: ["GrokTensor"]),
    .library(name: "GrokModels", targets: ["GrokModels"]),
    .library(name: "GrokReports", targets: ["GrokReports"]),
    .library(name: "GrokTraining", targets: ["GrokTraining"]),
    .library(name: "GrokExperiments", targets: ["GrokExperiments"]),
    .executable(name: "grokking", targets: ["grokking"]),
    .executable(name: "information-plane", targets: ["information-plane"]),
    .executable(name: "temperature", targets: ["temperature"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: Libraries of the system
    .systemLibrary(
      name: "COpenBLAS", path: "Sources/Shims/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", path: "Sources/Shims/CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Sources/Shims/CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"])]),

    // MARK: Libraries; arrows never point up
    .target(name: "GrokKernels", path: "Sources/Kernels", cSettings: kernelSettings),
    .target(
      name: "GrokNumerics", dependencies: ["GrokKernels", "COpenBLAS", "CLAPACKE", "CZlib"],
      path: "Sources/Numerics"),
    .target(name: "GrokDatasets", dependencies: ["GrokNumerics"], path: "Sources/Datasets"),
    .target(name: "GrokMeasures", dependencies: ["GrokNumerics"], path: "Sources/Measures"),
    .target(
      name: "GrokTensor", dependencies: ["GrokNumerics", "GrokKernels"], path: "Sources/Tensor"),
    .target(name: "GrokModels", dependencies: ["GrokTensor"], path: "Sources/Models"),
    .target(name: "GrokReports", dependencies: ["GrokNumerics"], path: "Sources/Reports"),

    .target(
      name: "GrokTraining",
      dependencies: ["GrokModels", "GrokDatasets", "GrokMeasures", "GrokKernels"],
      path: "Sources/Training"),
    .target(
      name: "GrokExperiments",
      dependencies: [
        "GrokTraining", "GrokReports", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Experiments"),

    // MARK: Programs
    .executableTarget(
      name: "grokking", dependencies: ["GrokExperiments"], path: "Sources/Examples/grokking"),
    .executableTarget(
      name: "information-plane", dependencies: ["GrokExperiments"],
      path: "Sources/Examples/information-plane"),
    .executableTarget(
      name: "temperature", dependencies: ["GrokExperiments"], path: "Sources/Examples/temperature"),

    // MARK: Tests
    .target(name: "TestSupport", dependencies: ["GrokNumerics"], path: "Tests/TestSupport"),
    .testTarget(
      name: "GrokNumericsTests", dependencies: ["GrokNumerics", "GrokKernels", "TestSupport"],
      path: "Tests/NumericsTests"),
    .testTarget(
      name: "GrokDatasetsTests", dependencies: ["GrokDatasets", "TestSupport"],
      path: "Tests/DatasetsTests"),
    .testTarget(
      name: "GrokMeasuresTests", dependencies: ["GrokMeasures", "GrokDatasets", "TestSupport"],
      path: "Tests/MeasuresTests"),
    .testTarget(
      name: "GrokTensorTests", dependencies: ["GrokTensor", "TestSupport"],
      path: "Tests/TensorTests"),
    .testTarget(
      name: "GrokModelsTests", dependencies: ["GrokModels", "TestSupport"],
      path: "Tests/ModelsTests"),
    .testTarget(
      name: "GrokReportsTests", dependencies: ["GrokReports", "TestSupport"],
      path: "Tests/ReportsTests"),
    .testTarget(
      name: "GrokTrainingTests", dependencies: ["GrokTraining", "TestSupport"],
      path: "Tests/TrainingTests"),
    .testTarget(name: "PackageTests", path: "Tests/PackageTests"),
    .testTarget(
      name: "GrokExperimentsTests", dependencies: ["GrokExperiments", "TestSupport"],
      path: "Tests/ExperimentsTests"),
    .executableTarget(
      name: "figure-gallery", dependencies: ["GrokReports"], path: "Tests/FigureGallery"),
  ]
)
