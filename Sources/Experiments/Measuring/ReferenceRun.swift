import GrokTraining

// Another run, that the layers of a run are compared with.

extension StoredTraining {
  /// The run whose checkpoints others are compared with: the one of the options, or this one.
  ///
  /// - Throws: What reading that run throws.
  func compared(_ options: Settings.Measuring) throws -> StoredTraining {
    guard !options.referenceRun.isEmpty else { return self }
    _ = try Run.description(of: options.referenceRun)
    var settings = Settings()
    try settings.apply(file: options.referenceRun + "/settings.yaml")
    return try StoredTraining(
      run: options.referenceRun, settings: settings, dataFolders: experiment.folders)
  }
}

extension Settings.Measuring {
  /// - Throws: ``ConfigurationError/conflict(_:)`` where a measure would leave the other run aside.
  func checkReferenceRun(_ measures: [NamedMeasure]) throws(ConfigurationError) {
    guard !referenceRun.isEmpty else { return }
    for measure in measures {
      guard case .training = measure.body, measure.options.contains("reference") else { continue }
      throw .conflict(
        "measure.referenceRun is for measures of one layer beside another, such as centeredKernelAlignment; "
          + "\(measure.name) compares a run with itself")
    }
  }
}
