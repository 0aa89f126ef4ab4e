// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "consumer",
  dependencies: [.package(url: "https://example.org/grok.git", exact: "99.0.0")],
  targets: [
    .executableTarget(
      name: "consumer", dependencies: [.product(name: "GrokMeasures", package: "grok")])
  ]
)
