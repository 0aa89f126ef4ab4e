import ArgumentParser
import GrokReports

/// A file format of figures.
enum FigureFormat: String, Sendable, CaseIterable {
  case svg, pdf, png

  /// The bytes of a figure's file.
  func bytes(of figure: PlotGrid) -> [UInt8] {
    switch self {
    case .svg: Array(figure.svg().utf8)
    case .pdf: figure.pdf()
    case .png: figure.png()
    }
  }
}

/// Formats as they are given on the command line: `svg,pdf,png`.
struct FigureFormats: ExpressibleByArgument, Sendable, Equatable {
  var formats: [FigureFormat]

  init(_ formats: [FigureFormat]) { self.formats = formats }

  init?(argument: String) {
    let formats = argument.split(separator: ",").map { FigureFormat(rawValue: String($0)) }
    guard !formats.isEmpty, !formats.contains(nil) else { return nil }
    self.formats = formats.compactMap { $0 }
  }

  var defaultValueDescription: String { formats.map(\.rawValue).joined(separator: ",") }
}
