import GrokTraining

// The network that the settings describe.

extension Experiment {
  /// The network of the settings for examples as they are.
  ///
  /// - Parameter pictures: The size of the examples, where they are pictures.
  static func network(
    _ settings: Settings, for examples: LabeledExamples, pictures: PictureSize? = nil
  ) throws -> any Model {
    let options = settings.model
    let (kind, name) = (options.kind, settings.data.name.rawValue)
    switch examples.inputs {
    case .features(let features):
      guard !kind.readsTokens else {
        throw ConfigurationError.conflict(
          "data.name=\(name) does not suit model.kind=\(kind.rawValue): its examples are no tokens")
      }
      if kind.readsPictures {
        guard let pictures else {
          throw ConfigurationError.conflict(
            "data.name=\(name) does not suit model.kind=\(kind.rawValue): its examples are no pictures"
          )
        }
        return try convolutional(settings, pictures, examples.classCount)
      }
      return MLP(
        inputs: features.columnCount, hidden: options.hidden.counts, outputs: examples.classCount,
        activation: options.activation.activation, outputScale: options.outputScale)
    case .tokens(let tokens):
      switch kind {
      case .transformer:
        return try transformer(
          settings, vocabularySize: tokens.vocabularySize, context: tokens.contextLength,
          reading: examples.positionCount == 1 ? .lastPosition : .everyPosition)
      case .lstm:
        guard examples.positionCount == 1 else {
          throw ConfigurationError.conflict(
            "data.name=\(name) asks at every position, and model.kind=lstm answers at the last alone"
          )
        }
        return try memory(
          settings, vocabularySize: tokens.vocabularySize, context: tokens.contextLength,
          classes: examples.classCount)
      default:
        throw ConfigurationError.conflict(
          "data.name=\(name) does not suit model.kind=\(kind.rawValue): its examples are sequences of tokens"
        )
      }
    }
  }

  private static func convolutional(
    _ settings: Settings, _ pictures: PictureSize, _ classes: Int
  ) throws -> any Model {
    let options = settings.model
    if options.outputScale != 1 {
      throw ConfigurationError.conflict(
        "model.outputScale=\(options.outputScale) is for model.kind=mlp and transformer")
    }
    switch options.kind {
    case .resnet8: return residual(.resNet8(pictures: pictures, outputs: classes), settings)
    case .resnet20: return residual(.resNet20(pictures: pictures, outputs: classes), settings)
    case .resnet18:
      return residual(
        .resNet18(
          pictures: pictures, stem: options.smallStem ? .small : .imageNet, outputs: classes),
        settings)
    case .vgg11:
      let extents = [pictures.height, pictures.width]
      guard extents.allSatisfy({ (32...63).contains($0) || (224...255).contains($0) }) else {
        throw ConfigurationError.conflict(
          "model.kind=vgg11 reads pictures of 32 to 63 or 224 to 255 pixels, not of "
            + "\(pictures.height) × \(pictures.width)")
      }
      return VGG(
        pictures: pictures, outputs: classes, hidden: options.hidden.counts,
        dropout: options.dropout)
    default:
      let smallest = min(pictures.height, pictures.width)
      guard options.channels.counts.count < Int.bitWidth - smallest.leadingZeroBitCount else {
        throw ConfigurationError.conflict(
          "model.channels=\(options.channels.description) halves pictures of \(smallest) pixels too often"
        )
      }
      return ConvolutionalNetwork(
        pictures: pictures,
        stages: options.channels.counts.map { .init(channels: $0, isPooled: true) },
        hidden: options.hidden.counts, outputs: classes,
        activation: options.activation.activation, dropout: options.dropout)
    }
  }
}
