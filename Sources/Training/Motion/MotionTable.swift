import GrokNumerics

/// The recorded motion of a training, read from its run folder row by row.
///
/// ```swift
/// let table = try MotionTable(ofRun: "runs/induction")
/// let steps = try table.steps()
/// let temperature = try table.series(.gradientNorm, of: "blocks.1.attn.W_Q.head.2")
/// ```
///
/// Nothing but the asked-for series is held in memory. A last row that is not whole is left out.
public struct MotionTable: Sendable {
  /// What the numbers are of.
  public let columns: MotionColumns
  /// The number of rows.
  public let rowCount: Int
  private let source: ByteSource
  private let start: Int

  /// Opens the table in a run folder.
  ///
  /// - Throws: `ArchiveError.cannotRead` where there is none, ``RunError/unreadable(path:problem:)``.
  public init(ofRun directory: String) throws {
    try self.init(path: directory + "/" + MotionFile.name)
  }

  /// Whether a run folder has a table.
  public static func exists(inRun directory: String) -> Bool {
    ByteSource.exists(directory + "/" + MotionFile.name)
  }

  init(path: String) throws {
    source = try ByteSource(path: path)
    var header: [UInt8] = []
    var end: Int?
    while end == nil && header.count < source.count {
      let count = min(1 << 16, source.count - header.count)
      let piece = try source.bytes(at: header.count, count: count, for: "the header")
      end = piece.firstIndex(of: UInt8(ascii: "\n")).map { header.count + $0 + 1 }
      header += piece
    }
    guard let end, let object = try? JSONValue(parsing: header[..<end]),
      let columns = MotionFile.columns(in: object)
    else {
      throw RunError.unreadable(path: path, problem: "is no table of motion of this version")
    }
    self.columns = columns
    start = end
    rowCount = (source.count - end) / MotionFile.rowByteCount(columns)
  }

  /// The offset in the file behind the rows of the first `steps` updates.
  func end(ofSteps steps: Int) throws -> Int {
    let rowBytes = MotionFile.rowByteCount(columns)
    var (low, high) = (0, rowCount)
    while low < high {
      let middle = (low + high) / 2
      let bytes = try source.bytes(at: start + middle * rowBytes, count: 8, for: "a row")
      if Self.number(bytes, 0) < Double(steps) { low = middle + 1 } else { high = middle }
    }
    return start + low * rowBytes
  }

  /// Calls `body` with every row, by rising step.
  ///
  /// - Throws: What reading throws, and what `body` throws.
  public func forEachRow(_ body: (MotionRow) throws -> Void) throws {
    let rowBytes = MotionFile.rowByteCount(columns)
    let rowsAtOnce = max(1, (1 << 20) / rowBytes)
    var row = MotionRow(columns: columns)
    for first in stride(from: 0, to: rowCount, by: rowsAtOnce) {
      let count = min(rowsAtOnce, rowCount - first)
      let bytes = try source.bytes(
        at: start + first * rowBytes, count: count * rowBytes, for: "rows of motion")
      for index in 0..<count {
        let place = index * rowBytes
        row.step = Int(Self.number(bytes, place))
        row.loss = Self.number(bytes, place + 8)
        row.learningRate = Self.number(bytes, place + 16)
        for column in row.values.indices {
          row.values[column] = Self.number(bytes, place + 24 + 8 * column)
        }
        try body(row)
      }
    }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Double {
    bytes.withUnsafeBytes {
      Double(
        bitPattern: UInt64(
          littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
  }
}

// MARK: - Series

extension MotionTable {
  /// The number of updates before each recorded one.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` where the file cannot be read.
  public func steps() throws -> [Int] { try collect { $0.step } }

  /// The losses of the batches.
  ///
  /// - Units: those of the loss.
  /// - Throws: ``RunError/unreadable(path:problem:)`` where the file cannot be read.
  public func losses() throws -> [Double] { try collect { $0.loss } }

  /// The optimizer's rates, without the factors of groups.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` where the file cannot be read.
  public func learningRates() throws -> [Double] { try collect { $0.learningRate } }

  /// A quantity of one component over the rows.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` where there is no such component, or the quantity is not recorded.
  public func series(_ quantity: MotionQuantity, of component: String) throws -> [Double] {
    guard let component = columns.component(named: component) else {
      let close = suggestion(for: component, among: columns.components.map(\.name))
      throw RunError.unreadable(
        path: source.path, problem: "has no component '\(component)'\(close)")
    }
    return try series(quantity, of: [component])[0]
  }

  /// A quantity of several components over the rows, read in one go.
  ///
  /// - Parameter components: Places in ``MotionColumns/components``.
  /// - Throws: ``RunError/unreadable(path:problem:)`` where the quantity is not recorded, or the file cannot be read.
  public func series(_ quantity: MotionQuantity, of components: [Int]) throws -> [[Double]] {
    guard columns.availableQuantities.contains(quantity) else {
      throw RunError.unreadable(
        path: source.path, problem: "has no '\(quantity.rawValue)', which was not recorded")
    }
    var result = [[Double]](repeating: [], count: components.count)
    for index in result.indices { result[index].reserveCapacity(rowCount) }
    try forEachRow { row in
      for (index, component) in components.enumerated() {
        result[index].append(row[quantity, of: component] ?? .nan)
      }
    }
    return result
  }

  private func collect<Value>(_ value: (MotionRow) -> Value) throws -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(rowCount)
    try forEachRow { result.append(value($0)) }
    return result
  }
}
