extension Sweep {
  /// Checks every job before any is made: values, what does not go together, data and files.
  ///
  /// Values that stand for themselves, such as seeds and rates, have been checked one by one; an
  /// experiment is built for each combination of the others.
  ///
  /// - Throws: ``ConfigurationError/conflict(_:)`` that names the first bad job; `DatasetError`,
  ///   `ArchiveError` and `ModelError` where data and files cannot be used.
  func check(folders: [String]) throws {
    let isTried = axes.map { axis in
      !axis.paths.allSatisfy(Sweep.independentPaths.contains)
    }
    var positions = [Int](repeating: 0, count: axes.count)
    while true {
      try check(jobAt: positions, folders: folders)
      // The next combination of the axes that are tried, the last fastest.
      guard
        let advancing = axes.indices.last(where: {
          isTried[$0] && positions[$0] + 1 < axes[$0].count
        })
      else { return }
      positions[advancing] += 1
      for index in axes.indices where index > advancing { positions[index] = 0 }
    }
  }

  private func check(jobAt positions: [Int], folders: [String]) throws {
    do {
      _ = try Experiment(settings(at: positions), folders: folders)
    } catch let error as ConfigurationError {
      guard !axes.isEmpty else { throw error }
      let number = job(at: positions)
      throw ConfigurationError.conflict("job \(number) (\(label(ofJob: number))): \(error)")
    }
  }

  /// A job in a few words: `train.weightDecay=1.0 seed=3`.
  func label(ofJob number: Int) -> String {
    varied(ofJob: number).map { "\($0.path)=\($0.value)" }.joined(separator: " ")
  }

  /// Settings of which every allowed value goes with every other setting.
  static let independentPaths: Set<String> = [
    "model.initializationScale", "model.outputScale", "train.steps", "train.learningRate",
    "train.weightDecay", "train.beta1", "train.beta2", "train.momentum", "train.warmUpSteps",
    "train.threads", "train.accuracyThreshold", "seed",
  ]
}
