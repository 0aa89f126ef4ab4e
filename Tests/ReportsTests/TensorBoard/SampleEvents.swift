import GrokNumerics

@testable import GrokReports

/// One of everything.
enum SampleEvents {
  /// A picture of one grey pixel.
  static let png: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B,
    0x55, 0x00, 0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0x68, 0x00, 0x00, 0x00,
    0x82, 0x00, 0x81, 0xCF, 0x9D, 0x63, 0x68, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
  ]

  static let values: [Double] = RandomKey(seed: 4).normal(count: 500)

  static func all() throws -> [TensorBoardEvent] {
    let settings: [TensorBoardHyperparameters.Setting] = [
      .init("train.learningRate", .number(1e-3)), .init("seed", .number(7)),
      .init("train.optimizer", .text("adamW")), .init("record.tensorBoard", .flag(true)),
      .init("off", .flag(false)), .init("data.split", .text("")),
    ]
    let long = String(repeating: "| ä | 🐟 |\n", count: 400)
    return [
      TensorBoardEvent(
        wallTime: 1_700_000_000.25, step: 0,
        values: [
          .init("settings", .text("**bold**\n\n" + long)), .hyperparameters(.start(settings)),
        ]),
      TensorBoardEvent(
        wallTime: 1_700_000_001, step: 0,
        values: [
          .init("train/loss", .scalar(0.1)), .init("train/accuracy", .scalar(1)),
          .init("tiny", .scalar(.leastNonzeroMagnitude)), .init("zero", .scalar(-0.0)),
          .init("none", .scalar(.nan)), .init("all", .scalar(.infinity)),
        ]),
      TensorBoardEvent(
        wallTime: 1_700_000_002, step: 1,
        values: [
          .init("weights/hidden.0", .histogram(try TensorBoardHistogram(values))),
          .init("figures/one", .image(try TensorBoardImage(png: png))),
        ]),
      TensorBoardEvent(
        wallTime: 1_700_000_003, step: 1 << 40,
        values: [
          .init("train/loss", .scalar(-3.4e38)), .hyperparameters(.end(.success)),
          .hyperparameters(
            .experiment(
              settings: [.init("seed", description: "the seed", kind: .number), .init("x")],
              metrics: [.init("train/loss", description: "nats")])),
        ]),
      TensorBoardEvent(wallTime: 0, step: 5, values: []),
    ]
  }
}
