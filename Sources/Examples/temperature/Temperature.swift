import GrokExperiments

/// How the parts of a network move while it trains, and what moves first.
@main
struct Temperature: Program {
  static let name = "temperature"
  static let abstract = "Train networks and record how each of their parts moves, step by step."
  static let presets = Preset.temperature
}
