import GrokReports

// The figures of one training.

extension TrainingReport {
  /// What the training itself recorded, one figure a quantity, training and test examples together; their names
  /// are those of files.
  var figures: [(name: String, plot: Plot)] {
    Quantity.families(measured.quantities.others).map { family in
      let name = family.name == "weights/norm" ? "weight-norm" : family.name
      return (fileName(of: name), plot(family.members.sorted().reversed()))
    }
  }

  /// The figures in one size.
  func plots(_ size: Plot.Size) -> [Plot] {
    figures.map { figure in
      var plot = figure.plot
      plot.size = size
      return plot
    }
  }

  /// What the figures show.
  var caption: String {
    "Accuracy is the share of examples whose largest output is at the label; losses are means over all "
      + "training and all test examples, in Double; the weight norm is the Euclidean norm of all "
      + "parameters. Steps are updates; 0 is before the first. Drag over a stretch of steps to zoom in."
  }

  private func plot(_ members: [String]) -> Plot {
    let unit = Quantity.lossUnit(setting("train.loss"))
    let quantity = Quantity(named: members[0], lossUnit: unit)
    let isPair = members.count > 1
    let series = members.compactMap { name -> Plot.Series? in
      guard let curve = curves[name] else { return nil }
      let label = isPair ? String(name.prefix { $0 != "/" }) : quantity.title
      return Plot.Series(label, points: curve.points)
    }
    var plot = Plot(
      isPair
        ? quantity.title.split(separator: " ").dropFirst().joined(separator: " ").capitalizedFirst
        : quantity.title,
      x: .logarithmicWithZero("Step"), y: quantity.axis, series: series, markers: markers,
      legend: isPair ? .automatic : .none)
    if members.contains("test/accuracy"),
      let modulus = setting("data.modulus").flatMap(Double.init),
      setting("data.name") == Settings.Data.Name.modularArithmetic.rawValue
    {
      plot.references = [.init(at: 1 / modulus, "chance")]
    }
    return plot
  }

  private var markers: [Plot.Marker] { events.markers }
}

extension RunEvents {
  /// Fitting and generalizing with their steps, relapses without as long as they are few.
  var markers: [Plot.Marker] {
    let relapses = steps(of: .relapse)
    return all.compactMap { event in
      switch event.kind {
      case .fit: Plot.Marker(at: Double(event.step), "fit \(Readable.count(event.step))")
      case .generalization:
        Plot.Marker(at: Double(event.step), "generalized \(Readable.count(event.step))")
      case .relapse:
        relapses.count <= 20
          ? Plot.Marker(at: Double(event.step), relapses.count <= 3 ? "relapse" : "") : nil
      case .fitRelapse, .lostNumber: nil
      }
    }
  }
}
