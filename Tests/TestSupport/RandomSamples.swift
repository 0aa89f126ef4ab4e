import GrokNumerics

/// Random samples that try the branches of measures.
public enum RandomSamples: String, CaseIterable, Sendable {
  /// Normal numbers.
  case smooth
  /// Few values, so that many distances are equal.
  case rounded
  /// A few samples far from all others.
  case far
  /// Most samples equal to others.
  case equal
  /// Close to each other and far from 0.
  case shifted

  /// `[rowCount, columnCount]`, the same every time; the rows of fewer are not the first of more.
  public func matrix(_ rowCount: Int, _ columnCount: Int) -> Matrix<Double> {
    let key = RandomKey(seed: 3).fork(rawValue).fork(rowCount).fork(columnCount)
    let values: [Double] = key.normal(count: rowCount * columnCount)
    let normal = Matrix(values: values, rowCount: rowCount, columnCount: columnCount)
    return switch self {
    case .smooth: normal
    case .rounded: normal.map { ($0 * 3).rounded() }
    case .far: normal.map { $0 * $0 * $0 * $0 * $0 }
    case .equal: normal.map { $0 < 0.8 ? 0 : 1 }
    case .shifted: normal.map { 1e8 + $0 }
    }
  }
}
