import GrokMeasures

/// What a measure found: numbers with their standard errors, and arrays.
struct Findings: Sendable {
  /// A named number.
  struct Number: Sendable {
    let name: String
    let value: Double
    var error: Double?
  }

  /// A named array, row-major.
  struct Values: Sendable, Equatable {
    let name: String
    let shape: [Int]
    let values: [Double]
  }

  private(set) var numbers: [Number] = []
  private(set) var arrays: [Values] = []

  /// Adds a number without sampling error.
  mutating func add(_ name: String, _ value: Double) {
    numbers.append(Number(name: name, value: value))
  }

  /// Adds a number with its standard error.
  mutating func add(_ name: String, _ estimate: Estimate) {
    numbers.append(Number(name: name, value: estimate.value, error: estimate.standardError))
  }

  /// Adds an estimate of information, in nats, with the standard error that it has, if any.
  mutating func add(_ name: String, _ estimate: InformationEstimate) {
    numbers.append(
      Number(
        name: name, value: estimate.value,
        error: estimate.subsampledError ?? estimate.naiveStandardError))
  }

  /// Adds a vector.
  mutating func add(_ name: String, values: [Double]) {
    arrays.append(Values(name: name, shape: [values.count], values: values))
  }

  /// Adds a matrix.
  mutating func add(_ name: String, _ matrix: Matrix<Double>) {
    arrays.append(
      Values(name: name, shape: [matrix.rowCount, matrix.columnCount], values: matrix.values))
  }

  /// Adds what another measure found under names that say where: `prefix` before each, `suffix` behind.
  mutating func add(_ other: Findings, before prefix: String = "", behind suffix: String = "") {
    for number in other.numbers {
      numbers.append(
        Number(name: prefix + number.name + suffix, value: number.value, error: number.error))
    }
    for array in other.arrays {
      arrays.append(
        Values(name: prefix + array.name + suffix, shape: array.shape, values: array.values))
    }
  }
}
