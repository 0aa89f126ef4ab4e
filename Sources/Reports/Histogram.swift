#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Plot {
  /// Where the bins of a histogram lie.
  public struct Bins: Sendable, Hashable {
    private enum Kind: Sendable, Hashable {
      case automatic
      case count(Int)
      case edges([Double])
    }

    private let kind: Kind

    /// Bins of the width 2 · (quartile distance) / ∛N, but at least as many as log₂ N + 1 and at most
    /// 200, from the smallest number to the largest.
    ///
    /// - Source: Freedman & Diaconis, Z. Wahrscheinlichkeitstheorie verw. Gebiete 57, 453 (1981);
    ///   Sturges, J. Am. Stat. Assoc. 21, 65 (1926).
    public static let automatic = Bins(kind: .automatic)

    /// A number of bins of one width, from the smallest number to the largest.
    ///
    /// - Precondition: `count` is positive.
    public static func count(_ count: Int) -> Bins {
      precondition(count > 0, "Plot.Bins: \(count) bins")
      return Bins(kind: .count(count))
    }

    /// Bins between given edges; numbers beyond the outer ones are not counted.
    ///
    /// - Precondition: at least two edges, finite and ascending.
    public static func edges(_ edges: [Double]) -> Bins {
      precondition(
        edges.count > 1 && edges.allSatisfy(\.isFinite)
          && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 },
        "Plot.Bins: edges must be at least two, finite and ascending")
      return Bins(kind: .edges(edges))
    }

    /// The edges for some numbers, of which those that are not finite are left out.
    func edges(for samples: [Double]) -> [Double] {
      let sorted = samples.filter(\.isFinite).sorted()
      guard var low = sorted.first, var high = sorted.last else { return [0, 1] }
      if low == high {
        let margin = max(low.magnitude * 0.5, 0.5)
        (low, high) = (low - margin, high + margin)
      }
      let count: Int
      switch kind {
      case .edges(let edges): return edges
      case .count(let given): count = given
      case .automatic:
        let least = (log2(Double(sorted.count)) + 1).rounded(.up)
        let quartiles = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
        let width = 2 * quartiles / cbrt(Double(sorted.count))
        let wanted = width > 0 ? ((high - low) / width).rounded(.up) : least
        count = Int(min(max(wanted, least), 200))
      }
      return (0...count).map { low + (high - low) * (Double($0) / Double(count)) }
    }

    /// How many of the samples lie in each bin; the last bin has both its edges.
    static func counts(of samples: [Double], edges: [Double]) -> [Int] {
      var counts = [Int](repeating: 0, count: edges.count - 1)
      for sample in samples where sample >= edges[0] && sample <= edges[edges.count - 1] {
        var (low, high) = (0, edges.count - 1)
        while high - low > 1 {
          let middle = (low + high) / 2
          if sample >= edges[middle] { low = middle } else { high = middle }
        }
        counts[low] += 1
      }
      return counts
    }
  }
}

extension Plot.Series {
  /// A histogram of samples: how many lie in each bin. Samples that are not finite are left out.
  public static func histogram(
    _ name: String, of samples: [Double], bins: Plot.Bins = .automatic, color: PlotColor? = nil
  ) -> Plot.Series {
    let edges = bins.edges(for: samples)
    return histogram(
      name, counts: Plot.Bins.counts(of: samples, edges: edges).map(Double.init), edges: edges,
      color: color)
  }

  /// Histograms of several sets of samples over the same bins, to be compared.
  public static func histograms(
    of samples: KeyValuePairs<String, [Double]>, bins: Plot.Bins = .automatic
  ) -> [Plot.Series] {
    let edges = bins.edges(for: samples.flatMap(\.value))
    return samples.map { histogram($0.key, of: $0.value, bins: .edges(edges)) }
  }

  /// A histogram of what was counted elsewhere; counts may be shares or densities.
  ///
  /// - Precondition: one more edge than counts, finite and ascending.
  public static func histogram(
    _ name: String, counts: [Double], edges: [Double], color: PlotColor? = nil
  ) -> Plot.Series {
    precondition(
      edges.count == counts.count + 1,
      "Plot.Series '\(name)': \(edges.count) edges for \(counts.count) counts; expected "
        + "\(counts.count + 1)")
    _ = Plot.Bins.edges(edges)
    // Every bin stands at its left edge; a last point ends the last one.
    return Plot.Series(
      name, x: edges, y: counts + [0], style: .histogram, color: color)
  }
}
