import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct FreezingTextTests {
  @Test(arguments: [
    ("none", Freezing.never, "none"),
    (
      "stem@400+layer1.*@600",
      .scheduled([.init("stem", from: 400), .init("layer1.*", from: 600)]),
      "stem@400+layer1.*@600"
    ),
    ("early-when-cool", .whenCool(CoolingRule()), "early-when-cool:0.5:5"),
    (
      "late-when-cool:0.25", .whenCool(CoolingRule(.lateFirst, quantile: 0.25)),
      "late-when-cool:0.25:5"
    ),
    (
      "early-when-cool:0.25:3", .whenCool(CoolingRule(quantile: 0.25, patience: 3)),
      "early-when-cool:0.25:3"
    ),
    ("layerwise:200+400", .layerwise(beginnings: [200, 400]), "layerwise:200+400"),
  ])
  func textsAreRead(text: String, freezing: Freezing, canonical: String) throws {
    let read = try #require(FreezingText(text))
    #expect(read.freezing == freezing && read.description == canonical)
    #expect(FreezingText(canonical) == read)
  }

  @Test(arguments: [
    "stem", "stem@", "@3", "stem@-1", "stem@3+", "early-when-cool:2", "early-when-cool:0.5:0",
    "early-when-cool:0.5:1:1", "layerwise", "layerwise:", "layerwise:a",
  ])
  func othersAreRefused(text: String) {
    #expect(FreezingText(text) == nil)
    var settings = Settings()
    let error = #expect(throws: ConfigurationError.self) {
      try settings.apply(overrides: ["train.freezing=\(text)"])
    }
    #expect(
      error?.description.hasPrefix("train.freezing=\(text): expected parts and steps such as")
        == true)
  }

  @Test func whatTheNetworkHasNotIsRefusedBeforeAnythingIsMade() throws {
    var settings = Settings()
    try settings.apply(overrides: ["data.modulus=7", "train.freezing=hidden.0@3", "model.kind=mlp"])
    #expect(throws: Never.self) { try Experiment(settings, folders: []) }
    try settings.apply(overrides: ["train.freezing=hiden.0@3"])
    let error = #expect(throws: ConfigurationError.self) { try Experiment(settings, folders: []) }
    #expect(
      error?.description
        == "train.freezing=hiden.0@3: no stage or parameter is named 'hiden.0'; did you mean 'hidden.0' or 'hidden.1'?; "
        + "the stages are hidden.0, hidden.1, output")
  }
}
