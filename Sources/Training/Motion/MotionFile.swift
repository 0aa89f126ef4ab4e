import GrokModels
import GrokNumerics

/// The table of motion in a run folder, to which rows are added: a line of JSON that says what they are, then rows of
/// 64-bit numbers.
final class MotionFile: @unchecked Sendable {
  static let name = "motion.bin"
  static let format = "grok-motion-1"
  /// Bytes that are kept back until they are written in one piece.
  static let bufferLength = 1 << 16
  /// Step, loss and rate.
  static let leadingNames = ["step", "loss", "learningRate"]

  private let file: AppendedFile
  // Used from the thread that trains.
  private var bytes: [UInt8] = []

  /// Opens the table at a path, or makes it.
  init(path: String, columns: MotionColumns) throws {
    if !ByteSource.exists(path) { try AtomicFile.write(Self.header(of: columns), to: path) }
    file = try AppendedFile(path: path)
    bytes.reserveCapacity(Self.bufferLength)
  }

  /// Keeps a row back.
  func append(_ row: MotionRow) {
    add(Double(row.step))
    add(row.loss)
    add(row.learningRate)
    for value in row.values { add(value) }
  }

  /// Whether enough is kept back to be written.
  var isFull: Bool { bytes.count >= Self.bufferLength }

  private func add(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes that have not been written yet.
  var heldByteCount: Int { bytes.count }

  /// Writes what is kept back.
  func flush() throws {
    defer { bytes.removeAll(keepingCapacity: true) }
    if !bytes.isEmpty { try file.append(bytes) }
  }

  /// Waits until everything is on the disk.
  func synchronize() throws {
    try flush()
    try file.synchronize()
  }
}

/// The bytes of one row of a network's table of motion.
package func motionRowByteCount(of layout: ParameterLayout, recording: MotionRecording) -> Int {
  let components = MotionComponents(layout, optimizer: .sgd(), groups: []).all
  return MotionFile.rowByteCount(
    MotionColumns(components: components, quantities: recording.quantities))
}

// MARK: - The header

extension MotionFile {
  static func rowByteCount(_ columns: MotionColumns) -> Int {
    8 * (leadingNames.count + columns.count)
  }

  /// A line that is a multiple of 64 bytes long, so that rows begin at addresses that any reader likes.
  static func header(of columns: MotionColumns) throws -> [UInt8] {
    let components = columns.components.map { component -> JSONValue in
      [
        "name": .string(component.name), "kind": .string(component.kind.rawValue),
        "depth": JSONValue(component.depth), "head": component.head.map { JSONValue($0) } ?? .null,
        "count": JSONValue(component.count), "rateFactor": .finite(component.rateFactor),
        "decay": .finite(component.decay),
      ]
    }
    let object: JSONObject = [
      "format": .string(format), "type": "float64", "byteOrder": "little",
      "columns": .array(leadingNames.map(JSONValue.string)),
      "components": .array(components),
      "quantities": .array(columns.quantities.map { .string($0.rawValue) }),
    ]
    var bytes = Array(try JSONValue.object(object).text().utf8)
    while bytes.count % 64 != 63 { bytes.append(UInt8(ascii: " ")) }
    return bytes + [UInt8(ascii: "\n")]
  }

  /// What a header says; `nil` where it is none.
  static func columns(in header: JSONValue) -> MotionColumns? {
    guard header["format"]?.string == format,
      let names = header["quantities"]?.array, let members = header["components"]?.array
    else { return nil }
    let quantities = names.compactMap { $0.string.flatMap(MotionQuantity.init) }
    let components = members.compactMap { member -> MotionComponent? in
      guard let name = member["name"]?.string,
        let kind = member["kind"]?.string.flatMap(ComponentKind.init),
        let depth = member["depth"]?.integer, let count = member["count"]?.integer,
        let rateFactor = member["rateFactor"]?.double, let decay = member["decay"]?.double
      else { return nil }
      return MotionComponent(
        name: name, kind: kind, depth: depth, head: member["head"]?.integer, count: count,
        rateFactor: rateFactor, decay: decay)
    }
    guard quantities.count == names.count, components.count == members.count else { return nil }
    return MotionColumns(components: components, quantities: quantities)
  }
}
