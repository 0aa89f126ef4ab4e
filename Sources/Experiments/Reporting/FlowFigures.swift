import GrokMeasures
import GrokReports

/// Maps of which kinds of parameters get warm together, which is ahead, and which helps to predict which.
struct FlowFigures {
  let arrays: MeasuredArrays

  /// The false discovery rate up to which a cell is drawn.
  private static let rate = 0.05

  /// All figures in the order of a page.
  var figures: [ReportFigure] {
    guard let correlations = arrays.matrix("heatFlowCorrelation"),
      let leads = arrays.matrix("heatFlowLead"), let rates = arrays.matrix("heatFlowRate"),
      let kinds = kinds(count: correlations.rowCount)
    else { return [] }
    func clear(_ matrix: Matrix<Double>, _ rates: Matrix<Double>) -> Matrix<Double> {
      var cells = matrix
      for row in 0..<cells.rowCount {
        for column in 0..<cells.columnCount where !(rates[row, column] < Self.rate) {
          cells[row, column] = .nan
        }
      }
      return cells
    }
    var plots = [
      plot(
        "Warm together", kinds, clear(correlations, rates),
        .diverging("Largest lagged correlation", range: -1...1)),
      plot(
        "The row is ahead of the column", kinds, clear(leads, rates),
        .diverging("Lead of the row (records)")),
    ]
    if let causes = arrays.matrix("heatFlowCauseRate"), causes.rowCount == kinds.count {
      plots.append(
        plot(
          "The row helps to predict the column", kinds,
          clear(causes.map { max($0, 1e-12) }, causes),
          .logarithmic("False discovery rate", range: 1e-12...Self.rate)))
    }
    return [
      ReportFigure(
        name: "heat-flow", grid: PlotGrid(plots: plots, isLettered: false),
        caption:
          "Left: the largest correlation over lags of the logarithms of the heats ‖g‖² of two kinds of parameters, less their moving "
          + "averages and what all heats have in common; beside it by how many records the row is ahead of the column. A lead at the end of "
          + "the scale may be longer, or be none. Hatched: not clear of series with random phases at a false discovery rate of "
          + "0.05. Last, where it could be tested, whether the row's past helps to predict the column where that of all others "
          + "is known (Granger). Neither tells a cause: a third thing that moves both, or that is not recorded, does the same."
      )
    ]
  }

  /// Headings of rows and columns; `nil` where they are not known.
  private func kinds(count: Int) -> [String]? {
    var titles = [String](repeating: "", count: count)
    for name in arrays.parts(of: "heatFlowPlace") {
      guard
        let place = arrays.vector(named: "heatFlowPlace/\(name)")?.first.flatMap({
          Int(exactly: $0)
        }),
        titles.indices.contains(place)
      else { return nil }
      titles[place] = ComponentKind(rawValue: name)?.title ?? name
    }
    return titles.contains("") ? nil : titles
  }

  private func plot(
    _ title: String, _ kinds: [String], _ cells: Matrix<Double>, _ colors: Plot.ColorScale
  ) -> Plot {
    Plot(
      title, x: .linear(""), y: .linear(""),
      heatMap: Plot.HeatMap(cells, x: .names(kinds), y: .names(kinds)), colorScale: colors,
      size: Plot.Size(width: 500, height: 480))
  }
}
