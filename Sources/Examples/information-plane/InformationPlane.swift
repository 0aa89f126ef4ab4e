import GrokExperiments

/// What layers know of their examples and of the labels, over a training.
@main
struct InformationPlane: Program {
  static let name = "information-plane"
  static let abstract = "Train networks and draw what their layers know on the information plane."
  static let presets = Preset.informationPlane
}
