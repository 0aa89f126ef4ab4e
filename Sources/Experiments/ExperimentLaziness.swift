import GrokTraining

// Lazy training: networks that are held to their tangent at the initial parameters.

extension Experiment {
  /// A network wrapped as the settings ask.
  ///
  /// θ₀ is what the checkpoint of step 0 holds, once there is one, so that a run goes on as it began whatever has
  /// become of the file that its parameters came from.
  ///
  /// - Parameter origin: The checkpoint of step 0.
  /// - Throws: ``ConfigurationError/conflict(_:)`` also where a run goes on whose checkpoint of step 0 is gone.
  func lazy(_ model: any Model, from origin: String?) throws -> any Model {
    let options = settings.model
    guard options.centered || options.laziness == 1 else {
      throw ConfigurationError.conflict(
        "model.laziness=\(options.laziness) needs model.centered=true; model.outputScale is the plain "
          + "factor on the outputs")
    }
    guard options.linearized || options.centered else { return model }
    guard model.layout.stateEntries.isEmpty else {
      throw ConfigurationError.conflict(
        "model.linearized and model.centered do not suit model.kind=\(options.kind.rawValue): batch "
          + "normalization keeps running statistics")
    }
    var initial: [Double]
    if let origin {
      initial = try Snapshot<Double>(contentsOf: origin, model: model, loss: loss).parameterVector
    } else if isContinued {
      throw ConfigurationError.conflict(
        "model.linearized and model.centered need the checkpoint of step 0, which is not there")
    } else if settings.train.precision == .float {
      initial = (try drawnParameters() as [Float]).map(Double.init)
    } else {
      initial = try drawnParameters()
    }
    var result = model
    if options.linearized { result = LinearizedModel(result, at: initial) }
    if options.centered {
      result = CenteredModel(result, at: initial, laziness: options.laziness)
    }
    return result
  }

  /// What the loss is multiplied by where its gradient is taken.
  var lossFactor: Double { 1 / (settings.model.laziness * settings.model.laziness) }
}
