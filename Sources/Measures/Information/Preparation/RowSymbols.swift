/// Rows as symbols 0, 1, … in the order of their first appearance: equal rows have equal numbers.
struct RowSymbols: Sendable, Equatable {
  /// The symbol of each row.
  let numbers: [Int32]
  /// How many rows each symbol has.
  let counts: [Int]
  /// The first row of each symbol.
  let firstRows: [Int]

  /// Rows of whole numbers, one after the other.
  ///
  /// A table of row numbers with open addresses; rows are compared wherever their hashes agree, so that no two
  /// different ones ever share a symbol.
  ///
  /// - Complexity: O(elements) time, O(rows) memory.
  init<Element: FixedWidthInteger>(
    _ rows: UnsafeBufferPointer<Element>, rowCount: Int, width: Int
  ) {
    precondition(rows.count == rowCount * width, "RowSymbols: \(rows.count) elements")
    var counts = [Int]()
    // Of each symbol: its hash and the first row that has it.
    var known: [(hash: UInt64, row: Int)] = []
    var capacity = 16
    while capacity < 2 * rowCount { capacity *= 2 }
    var table = [Int32](repeating: -1, count: capacity)
    numbers = (0..<rowCount).map { row in
      let start = row &* width
      let hash = rowHash(rows, start, width)
      var place = Int(truncatingIfNeeded: hash) & (capacity - 1)
      while true {
        let symbol = table[place]
        if symbol < 0 {
          table[place] = Int32(counts.count)
          known.append((hash, row))
          counts.append(1)
          return table[place]
        }
        let other = known[Int(symbol)]
        if other.hash == hash, areEqual(rows, start, other.row &* width, width) {
          counts[Int(symbol)] += 1
          return symbol
        }
        place = (place + 1) & (capacity - 1)
      }
    }
    self.counts = counts
    firstRows = known.map(\.row)
  }

  /// Whole numbers as symbols: by a table where none is much larger than there are numbers, else as rows of one.
  init(numbering values: [Int]) {
    let largest = values.max() ?? 0
    guard largest < 4 * values.count + 1024, values.allSatisfy({ $0 >= 0 }) else {
      self = values.withUnsafeBufferPointer { RowSymbols($0, rowCount: $0.count, width: 1) }
      return
    }
    var symbols = [Int32](repeating: -1, count: largest + 1)
    var (counts, firstRows) = ([Int](), [Int]())
    numbers = values.indices.map { row in
      let symbol = symbols[values[row]]
      if symbol >= 0 {
        counts[Int(symbol)] += 1
        return symbol
      }
      symbols[values[row]] = Int32(counts.count)
      counts.append(1)
      firstRows.append(row)
      return symbols[values[row]]
    }
    self.counts = counts
    self.firstRows = firstRows
  }

  /// Pairs of symbols as symbols.
  ///
  /// - Precondition: both have the same number of rows.
  init(pairing a: RowSymbols, with b: RowSymbols) {
    let count = b.counts.count
    self.init(numbering: zip(a.numbers, b.numbers).map { Int($0) * count + Int($1) })
  }

  /// Rows of several arrays side by side, equal where all elements are; 0 and −0 are equal.
  ///
  /// - Precondition: all operands have the same number of rows; no element is not-a-number.
  init(of operands: [any SampleMatrix]) {
    let blocks = SampleBlocks<Double>(operands, isShifted: false)
    let (rowCount, width) = (blocks.rowCount, blocks.columnCount)
    let values = Matrix<Double>(rowCount: rowCount, columnCount: width) { buffer in
      if let first = buffer.baseAddress { blocks.read(0..<rowCount, into: first) }
    }
    let bits = values.values.map { ($0 + 0.0).bitPattern }
    self = bits.withUnsafeBufferPointer { RowSymbols($0, rowCount: rowCount, width: width) }
  }

  /// How many rows equal at least one other.
  var duplicateCount: Int { counts.reduce(0) { $0 + ($1 > 1 ? $1 : 0) } }
}

@inline(__always)
private func rowHash<Element: FixedWidthInteger>(
  _ rows: UnsafeBufferPointer<Element>, _ start: Int, _ width: Int
) -> UInt64 {
  var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
  for index in start..<start &+ width {
    hash = (hash ^ UInt64(truncatingIfNeeded: rows[index])) &* 0xD6E8_FEB8_6659_FD93
    hash ^= hash &>> 32
  }
  return hash
}

@inline(__always)
private func areEqual<Element: FixedWidthInteger>(
  _ rows: UnsafeBufferPointer<Element>, _ first: Int, _ second: Int, _ width: Int
) -> Bool {
  for index in 0..<width where rows[first &+ index] != rows[second &+ index] { return false }
  return true
}

/// How many samples equal at least one other in all of their elements.
///
/// Estimators for densities take ties for infinite densities: see the cautions of ``InformationEstimate``.
///
/// - Shapes: `x` is `[n, d]`. 0 and −0 are equal.
/// - Throws: `MeasureError.nonFiniteInput`.
/// - Complexity: O(n d) time and memory.
/// - Source: definition.
public func duplicateCount(of x: some SampleMatrix) throws(MeasureError) -> Int {
  guard x.rowCount > 0 else { return 0 }
  try requireFinite([x], measure: "duplicateCount")
  return RowSymbols(of: [x]).duplicateCount
}
