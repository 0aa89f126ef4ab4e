/// The line of least squares through points, y ≈ intercept + slope · x.
struct LineFit {
  let slope: Double
  let intercept: Double
  /// The standard error of the slope where errors of y are independent and alike; 0 of two points.
  let slopeError: Double

  /// - Precondition: at least two points with different x.
  init(x: [Double], y: [Double]) {
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (squares, products) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      squares += (x - meanX) * (x - meanX)
      products += (x - meanX) * (y - meanY)
    }
    precondition(squares > 0, "LineFit: all points lie at one x")
    slope = products / squares
    intercept = meanY - slope * meanX
    var residual = 0.0
    for (x, y) in zip(x, y) {
      let error = y - intercept - slope * x
      residual += error * error
    }
    slopeError = x.count > 2 ? (residual / (count - 2) / squares).squareRoot() : 0
  }
}
