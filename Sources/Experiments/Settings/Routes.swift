/// The one factor by which a network is led from no grokking to grokking, all others being equal.
enum Route: String, CaseIterable {
  // The raw values are parts of names.
  case sampleSize = "sample-size"
  case initialScale = "initial-scale"
  case weightDecay = "weight-decay"
  case outputScale = "output-scale"
  case optimizer

  /// What is varied, for people.
  var factor: String {
    switch self {
    case .sampleSize: "fewer examples"
    case .initialScale: "larger initial weights"
    case .weightDecay: "weight decay alone"
    case .outputScale: "a factor on the outputs, without weight decay"
    case .optimizer: "the update rule"
    }
  }
}

/// A network and its examples on which the routes are walked: the settings that they all start from.
enum Family: CaseIterable {
  /// `route-…`, as the main one.
  case mnist
  /// `emnist-route-…`
  case emnist
  /// `small-route-…`: minutes instead of hours, and no files.
  case small
  /// `modular-route-…`
  case modular

  private var prefix: String {
    switch self {
    case .mnist: "route"
    case .emnist: "emnist-route"
    case .small: "small-route"
    case .modular: "modular-route"
    }
  }

  private var examples: String {
    switch self {
    case .mnist: "handwritten digits"
    case .emnist: "EMNIST"
    case .small: "made-up characters, in minutes"
    case .modular: "modular addition"
    }
  }

  private var base: Preset {
    switch self {
    case .mnist: .mnistOmnigrok
    case .emnist: .emnistGrokking
    case .small: .smallCharacters
    case .modular: .modularAddition
    }
  }

  /// A route as a preset: three settings or more and five seeds; `nil` where the family has none.
  ///
  /// One factor varies, and the base is the same for all routes but that of the output scale, which was published
  /// without weight decay.
  func preset(of route: Route) -> Preset? {
    guard let axis = axis(of: route) else { return nil }
    return Preset(
      "\(prefix)-\(route.rawValue)", "\(examples): \(route.factor)", from: base.settings,
      axes: axis.arguments + ["seed=0..4"], zips: axis.arguments.count > 1 ? [axis.paths] : []
    ) { settings in
      // What measures look at later: enough to tell what changes when.
      settings.checkpoint.perDecade = 8
      if route == .outputScale {
        settings.train.weightDecay = 0
        settings.model.outputScale = self == .small ? 0.1 : 0.5
      }
    }
  }

  private struct AxisOfRoute {
    let arguments: [String]

    init(_ arguments: String...) { self.arguments = arguments }

    var paths: [String] { arguments.map { String($0.prefix { $0 != "=" }) } }
  }

  /// Values from no grokking to grokking.
  private func axis(of route: Route) -> AxisOfRoute? {
    switch (self, route) {
    case (.mnist, .sampleSize): AxisOfRoute("data.trainCount=10000,3000,1000")
    case (.mnist, .initialScale): AxisOfRoute("model.initializationScale=2,4,8")
    case (.mnist, .weightDecay): AxisOfRoute("train.weightDecay=0,0.01,0.1,1")
    case (.mnist, .outputScale): AxisOfRoute("model.outputScale=0.001,0.1,0.5")
    case (.mnist, .optimizer):
      AxisOfRoute("train.optimizer=sgd,adam,adamW", "train.learningRate=3e-3,1e-3,1e-3")
    case (.emnist, .sampleSize): AxisOfRoute("data.trainCount=5000,2000,1000")
    case (.emnist, .initialScale): AxisOfRoute("model.initializationScale=1,5,10")
    case (.emnist, .weightDecay): AxisOfRoute("train.weightDecay=0,1e-3,1e-2")
    case (.emnist, .outputScale): AxisOfRoute("model.outputScale=0.001,0.1,0.5")
    case (.emnist, .optimizer):
      AxisOfRoute("train.optimizer=sgd,adam,adamW", "train.learningRate=1e-4,1e-3,1e-3")
    case (.small, .sampleSize): AxisOfRoute("data.trainCount=5000,2000,1000")
    case (.small, .initialScale): AxisOfRoute("model.initializationScale=1,4,12")
    case (.small, .weightDecay): AxisOfRoute("train.weightDecay=0,0.3,3")
    case (.small, .outputScale): AxisOfRoute("model.outputScale=0.001,0.03,0.1")
    case (.modular, .sampleSize): AxisOfRoute("data.trainFraction=0.8,0.5,0.35")
    case (.modular, .weightDecay): AxisOfRoute("train.weightDecay=0,0.3,1")
    case (.small, .optimizer), (.modular, .initialScale), (.modular, .outputScale),
      (.modular, .optimizer):
      nil
    }
  }
}
