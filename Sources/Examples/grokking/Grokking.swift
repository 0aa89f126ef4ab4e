import GrokExperiments

/// Delayed generalization: networks that fit their examples at once and understand them much later.
@main
struct Grokking: Program {
  static let name = "grokking"
  static let abstract = "Train networks that fit at once and generalize much later."
  static let presets = Preset.grokking
}
