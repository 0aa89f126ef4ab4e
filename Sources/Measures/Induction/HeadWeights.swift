/// The weights of one attention head.
///
/// Scores of a query x and a key y are xᵀ W_Qᵀ W_K y (over √headWidth), and the head writes W_O W_V y for what it attends to.
/// Biases are no part of either circuit. Of a network with layer norm these act on the normalised stream.
///
/// - Source: Elhage et al., A Mathematical Framework for Transformer Circuits (2021).
public struct HeadWeights: Sendable, Equatable {
  /// The layer, from 0.
  public let layer: Int
  /// The head among those of the layer, from 0.
  public let head: Int
  /// W_Q, `[headWidth, width]`.
  public let queries: Matrix<Double>
  /// W_K, `[headWidth, width]`.
  public let keys: Matrix<Double>
  /// W_V, `[headWidth, width]`.
  public let values: Matrix<Double>
  /// W_O, `[width, headWidth]`.
  public let output: Matrix<Double>

  /// A head from its matrices.
  ///
  /// - Shapes: `queries`, `keys` and `values` are `[headWidth, width]`, `output` is `[width, headWidth]`.
  /// - Throws: `MeasureError.outOfRange` for matrices that do not fit together, `.nonFiniteInput`.
  public init(
    layer: Int, head: Int, queries: Matrix<Double>, keys: Matrix<Double>, values: Matrix<Double>,
    output: Matrix<Double>
  ) throws(MeasureError) {
    let (rows, columns) = (queries.rowCount, queries.columnCount)
    for matrix in [keys, values, output.transposed] {
      guard matrix.rowCount == rows, matrix.columnCount == columns else {
        throw .outOfRange(
          measure: "HeadWeights", what: "the number of weights", value: Double(matrix.count),
          expected: "[\(rows), \(columns)] for each of W_Q, W_K, W_V and, transposed, W_O")
      }
    }
    try requireFinite([queries, keys, values, output], measure: "HeadWeights")
    self.layer = layer
    self.head = head
    self.queries = queries
    self.keys = keys
    self.values = values
    self.output = output
  }

  /// W_Qᵀ W_K as a product of thin matrices.
  var scoreCircuit: ThinProduct { ThinProduct(queries.transposed, keys.transposed) }

  /// W_O W_V as a product of thin matrices.
  var writeCircuit: ThinProduct { ThinProduct(output, values.transposed) }

  /// Where the head stands: `0.3` for head 3 of layer 0.
  public var name: String { "\(layer).\(head)" }
}

/// A matrix L Rᵀ of low rank, kept as its factors: nothing of the size of the product is ever made.
struct ThinProduct {
  /// `[rows, rank]`.
  let left: Matrix<Double>
  /// `[columns, rank]`.
  let right: Matrix<Double>

  init(_ left: Matrix<Double>, _ right: Matrix<Double>) {
    self.left = left
    self.right = right
  }

  /// The Frobenius norm: that of the product of the triangular factors of both sides, exact to rounding of their norms.
  func norm() throws(MeasureError) -> Double {
    func triangle(_ matrix: Matrix<Double>) throws(MeasureError) -> Matrix<Double> {
      try decomposing("circuit norm") { () throws(NumericsError) in
        try QRFactors(of: matrix).upper
      }
    }
    let product = try triangle(left).multiplied(by: triangle(right), transposingOther: true)
    return try norms(of: product.values).euclidean
  }

  /// This matrix times another one.
  func multiplied(by other: ThinProduct) -> ThinProduct {
    ThinProduct(
      left.multiplied(by: right.multiplied(by: other.left, transposingSelf: true)), other.right)
  }

  /// The transposed matrix.
  var transposed: ThinProduct { ThinProduct(right, left) }

  /// This matrix less another one, of the sum of both ranks.
  func subtracting(_ other: ThinProduct) -> ThinProduct {
    func beside(_ x: Matrix<Double>, _ y: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        values: (0..<x.rowCount).flatMap { Array(x.row($0)) + Array(y.row($0)) },
        rowCount: x.rowCount, columnCount: x.columnCount + y.columnCount)
    }
    return ThinProduct(beside(left, other.left), beside(right, other.right.map { -$0 }))
  }
}
