/// Named arrays, in order, as read from or to be written to a file: npy, npz, safetensors or csv.
///
/// ```swift
/// let file = try Archive(contentsOf: "activations.npz")
/// let activations = try file.matrix("layer4")  // [examples, features]
/// let labels = try file.integers("labels")
/// ```
///
/// Nothing is rounded or reordered unless asked for: an accessor gives exactly the stored values or throws.
public struct Archive: Sendable {
  /// The names of the arrays, in the order of the file or of their assignment.
  public private(set) var names: [String] = []
  /// Free text about the arrays. Only safetensors files carry it.
  public var metadata: [String: String] = [:]
  /// What messages call this archive: the path of the file.
  public let path: String
  private var arrays: [String: ArchiveArray] = [:]

  /// The kinds of file.
  public enum Kind: String, Sendable, CaseIterable {
    /// One array, NumPy.
    case npy
    /// A zip file of npy members, NumPy.
    case npz
    /// Named tensors with metadata, Hugging Face.
    case safetensors
    /// A table of numbers with a header; each column is an array.
    case csv
  }

  /// An archive without arrays.
  ///
  /// - Parameter path: What messages call it.
  public init(path: String = "a new archive") {
    self.path = path
  }

  /// Reads a file whose contents, or else its name, say of which kind it is.
  ///
  /// The one array of an npy file is called as the file is, without extension. The columns of a csv file
  /// are arrays with one axis.
  ///
  /// - Throws: `ArchiveError.cannotRead`, `.malformed`, `.unknownKind`.
  public init(contentsOf path: String) throws(ArchiveError) {
    try self.init(ByteSource(path: path))
  }

  /// Reads an archive that is in memory already.
  ///
  /// - Parameter path: What the file would be called; its extension tells a csv.
  /// - Throws: `ArchiveError.malformed`, `.unknownKind`.
  public init(bytes: [UInt8], path: String) throws(ArchiveError) {
    try self.init(ByteSource(bytes, path: path))
  }

  init(_ source: ByteSource) throws(ArchiveError) {
    switch try Self.kind(of: source) {
    case .npy:
      self.init(path: source.path)
      self[Self.stem(of: source.path)] = try NPY.read(source)
    case .npz: self = try NPZ.read(source)
    case .safetensors: self = try SafeTensors.read(source)
    case .csv: self = try CSV.read(source)
    case nil: throw .unknownKind(path: source.path)
    }
  }

  /// Writes a file of the kind that the extension of `path` names; it appears whole or not at all.
  ///
  /// The same arrays, names and metadata give the same bytes.
  ///
  /// - Parameter isCompressed: Deflate the members of an npz file. Off by default: floating-point numbers
  ///   hardly shrink.
  /// - Throws: `ArchiveError.cannotWrite`, `.unwritable`, `.unknownKind`.
  public func write(to path: String, isCompressed: Bool = false) throws(ArchiveError) {
    guard let kind = Self.kind(ofExtension: path) else { throw .unknownKind(path: path) }
    try AtomicFile.write(to: path) { (file: inout AtomicFile) throws(ArchiveError) in
      try emit(as: kind, path: path, isCompressed: isCompressed) {
        (bytes) throws(ArchiveError) in try file.append(bytes)
      }
    }
  }

  /// The bytes of a file of a kind.
  ///
  /// - Throws: `ArchiveError.unwritable`.
  public func bytes(as kind: Kind, isCompressed: Bool = false) throws(ArchiveError) -> [UInt8] {
    var result: [UInt8] = []
    try emit(as: kind, path: path, isCompressed: isCompressed) { result += $0 }
    return result
  }

  private func emit(
    as kind: Kind, path: String, isCompressed: Bool,
    _ emit: ([UInt8]) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    switch kind {
    case .npy:
      guard metadata.isEmpty else {
        throw .unwritable(path: path, reason: "npy has no place for metadata; safetensors has")
      }
      guard names.count == 1 else {
        throw .unwritable(
          path: path, reason: "npy holds one array, not \(names.count); npz holds any number")
      }
      let array = try array(names[0])
      try emit(NPY.header(for: array, path: path))
      try emit(array.bytes)
    case .npz: try NPZ.write(self, path: path, isCompressed: isCompressed, emit)
    case .safetensors: try SafeTensors.write(self, path: path, emit)
    case .csv: try CSV.write(self, path: path, emit)
    }
  }
}

// MARK: - Arrays

extension Archive {
  /// The array of a name; assigning `nil` removes it.
  public subscript(name: String) -> ArchiveArray? {
    get { arrays[name] }
    set {
      if newValue == nil {
        if arrays[name] != nil { names.removeAll { $0 == name } }
      } else if arrays[name] == nil {
        names.append(name)
      }
      arrays[name] = newValue
    }
  }

  /// The array of a name.
  ///
  /// - Throws: `ArchiveError.unknownArray`, which lists the names there are.
  public func array(_ name: String) throws(ArchiveError) -> ArchiveArray {
    guard let array = arrays[name] else {
      throw .unknownArray(path: path, name: name, available: names)
    }
    return array
  }

  /// An array as `Float`, exactly unless `rounding` allows the nearest.
  ///
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`.
  public func floats(_ name: String, rounding: Bool = false) throws(ArchiveError) -> [Float] {
    try array(name).floats(rounding: rounding, name: name)
  }

  /// An array as `Double`, exactly.
  ///
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`.
  public func doubles(_ name: String) throws(ArchiveError) -> [Double] {
    try array(name).doubles(name: name)
  }

  /// An array as `Int`, exactly; whole numbers stored as floating-point numbers are welcome.
  ///
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`.
  public func integers(_ name: String) throws(ArchiveError) -> [Int] {
    try array(name).integers(name: name)
  }

  /// An array as a matrix of `Double`: its first axis is the rows, all others together the columns.
  ///
  /// - Shapes: `[n]` becomes `[n, 1]`, `[n, a, b]` becomes `[n, a · b]`.
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`, and `.unexpectedShape` for a single number.
  public func matrix(_ name: String) throws(ArchiveError) -> Matrix<Double> {
    let size = try matrixSize(name)
    return Matrix(values: try doubles(name), rowCount: size.rows, columnCount: size.columns)
  }

  /// An array as a matrix of `Float`: its first axis is the rows, all others together the columns.
  ///
  /// - Parameter rounding: Allows the nearest `Float` instead of the exact one.
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`, and `.unexpectedShape` for a single number.
  public func floatMatrix(
    _ name: String, rounding: Bool = false
  ) throws(ArchiveError) -> Matrix<Float> {
    let size = try matrixSize(name)
    let values = try floats(name, rounding: rounding)
    return Matrix(values: values, rowCount: size.rows, columnCount: size.columns)
  }

  /// Arrays of one axis and equal length, such as the columns of a csv file, side by side.
  ///
  /// - Throws: `ArchiveError.unknownArray`, `.inexact`, `.unexpectedShape`.
  public func matrix(columns: [String]) throws(ArchiveError) -> Matrix<Double> {
    var values: [[Double]] = []
    for name in columns {
      let array = try array(name)
      let rowCount = values.first?.count ?? array.count
      guard array.shape == [rowCount] else {
        throw .unexpectedShape(name: name, shape: array.shape, expected: "[\(rowCount)]")
      }
      values.append(try doubles(name))
    }
    var matrix = Matrix<Double>(rowCount: values.first?.count ?? 0, columnCount: columns.count)
    for (column, values) in values.enumerated() {
      for (row, value) in values.enumerated() { matrix[row, column] = value }
    }
    return matrix
  }

  private func matrixSize(_ name: String) throws(ArchiveError) -> (rows: Int, columns: Int) {
    let array = try array(name)
    guard let rows = array.shape.first else {
      throw .unexpectedShape(name: name, shape: [], expected: "at least one axis")
    }
    return (rows, array.shape.dropFirst().reduce(1, *))
  }
}

extension Archive {
  /// Adds or replaces an array of values in row-major order.
  ///
  /// - Parameter shape: The extents; their product must be the number of values. One axis by default.
  public mutating func set<Element: ArchiveElement>(
    _ name: String, _ values: [Element], shape: [Int]? = nil
  ) {
    self[name] = ArchiveArray(values, shape: shape)
  }

  /// Adds or replaces a matrix as an array of two axes.
  public mutating func set<Scalar: RealScalar & ArchiveElement>(
    _ name: String, _ matrix: Matrix<Scalar>
  ) {
    set(name, matrix.values, shape: [matrix.rowCount, matrix.columnCount])
  }
}

extension Archive: Hashable {
  /// Whether both hold the same arrays under the same names, in whatever order, and the same metadata.
  public static func == (left: Archive, right: Archive) -> Bool {
    left.arrays == right.arrays && left.metadata == right.metadata
  }

  /// Feeds the arrays and the metadata.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(arrays)
    hasher.combine(metadata)
  }
}

// MARK: - Kinds of file

extension Archive {
  private static func kind(of source: ByteSource) throws(ArchiveError) -> Kind? {
    let start = try source.bytes(at: 0, count: min(6, source.count), for: "the start")
    if start == NPY.mark { return .npy }
    if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]) {
      return .npz
    }
    if let kind = kind(ofExtension: source.path) { return kind }
    return try SafeTensors.isLikely(source) ? .safetensors : nil
  }

  private static func kind(ofExtension path: String) -> Kind? {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    return Kind(rawValue: name[name.index(after: dot)...].lowercased())
  }

  /// The name of a file without folder and extension.
  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
    return String(name[..<dot])
  }
}
