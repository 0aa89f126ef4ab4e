// What an ArchiveArray gives out: its values in the type that the reader works with.

extension ArchiveArray {
  /// The elements as `Float`, exactly or not at all.
  ///
  /// - Parameter rounding: Allows the nearest `Float` instead of the exact one, which `float64` files
  ///   need. A finite value is never rounded to infinity.
  /// - Throws: `ArchiveError.inexact`.
  public func floats(rounding: Bool = false) throws(ArchiveError) -> [Float] {
    try floats(rounding: rounding, name: "")
  }

  /// The elements as `Double`, exactly or not at all; only integers beyond 2⁵³ can fail.
  ///
  /// - Throws: `ArchiveError.inexact`.
  public func doubles() throws(ArchiveError) -> [Double] { try doubles(name: "") }

  /// The elements as `Int`, exactly or not at all: whole numbers of any type, or truth values as 0 and 1.
  ///
  /// - Throws: `ArchiveError.inexact`.
  public func integers() throws(ArchiveError) -> [Int] { try integers(name: "") }

  /// The elements in the very type that the archive holds; `nil` if that is another.
  public func values<Element: ArchiveElement>(as type: Element.Type) -> [Element]? {
    guard Element.archiveElementType == elementType else { return nil }
    // Any byte but 0 and 1 would be an invalid Bool.
    if elementType == .bool && bytes.contains(where: { $0 > 1 }) { return nil }
    return stored(as: type)
  }
}

// MARK: - Conversions

extension ArchiveArray {
  func floats(rounding: Bool, name: String) throws(ArchiveError) -> [Float] {
    switch elementType {
    case .float16: converted(UInt16.self) { Float(halfBits: $0) }.values
    case .bfloat16: converted(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }.values
    case .float32: stored(as: Float.self)
    case .float64:
      try exact("Float", name, Double.self) { value in
        let nearest = Float(value)
        let isFaithful =
          rounding ? nearest.isFinite || !value.isFinite : Double(nearest) == value || value.isNaN
        return isFaithful ? nearest : nil
      }
    case .int8: converted(Int8.self) { Float($0) }.values
    case .int16: converted(Int16.self) { Float($0) }.values
    case .int32:
      try exact("Float", name, Int32.self) { rounding ? Float($0) : Float(exactly: $0) }
    case .int64:
      try exact("Float", name, Int64.self) { rounding ? Float($0) : Float(exactly: $0) }
    case .uint8: converted(UInt8.self) { Float($0) }.values
    case .uint16: converted(UInt16.self) { Float($0) }.values
    case .uint32:
      try exact("Float", name, UInt32.self) { rounding ? Float($0) : Float(exactly: $0) }
    case .uint64:
      try exact("Float", name, UInt64.self) { rounding ? Float($0) : Float(exactly: $0) }
    case .bool: try exact("Bool", name, UInt8.self) { $0 <= 1 ? Float($0) : nil }
    }
  }

  func doubles(name: String) throws(ArchiveError) -> [Double] {
    switch elementType {
    case .float16: converted(UInt16.self) { Double(Float(halfBits: $0)) }.values
    case .bfloat16: converted(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }.values
    case .float32: converted(Float.self) { Double($0) }.values
    case .float64: stored(as: Double.self)
    case .int8: converted(Int8.self) { Double($0) }.values
    case .int16: converted(Int16.self) { Double($0) }.values
    case .int32: converted(Int32.self) { Double($0) }.values
    case .int64: try exact("Double", name, Int64.self) { Double(exactly: $0) }
    case .uint8: converted(UInt8.self) { Double($0) }.values
    case .uint16: converted(UInt16.self) { Double($0) }.values
    case .uint32: converted(UInt32.self) { Double($0) }.values
    case .uint64: try exact("Double", name, UInt64.self) { Double(exactly: $0) }
    case .bool: try exact("Bool", name, UInt8.self) { $0 <= 1 ? Double($0) : nil }
    }
  }

  func integers(name: String) throws(ArchiveError) -> [Int] {
    switch elementType {
    case .float16, .bfloat16:
      try ArchiveArray(floats(rounding: false, name: name)).integers(name: name)
    case .float32: try exact("Int", name, Float.self) { Int(exactly: $0) }
    case .float64: try exact("Int", name, Double.self) { Int(exactly: $0) }
    case .int8: converted(Int8.self) { Int($0) }.values
    case .int16: converted(Int16.self) { Int($0) }.values
    case .int32: converted(Int32.self) { Int($0) }.values
    case .int64: stored(as: Int.self)
    case .uint8: converted(UInt8.self) { Int($0) }.values
    case .uint16: converted(UInt16.self) { Int($0) }.values
    case .uint32: converted(UInt32.self) { Int($0) }.values
    case .uint64: try exact("Int", name, UInt64.self) { Int(exactly: $0) }
    case .bool: try exact("Bool", name, UInt8.self) { $0 <= 1 ? Int($0) : nil }
    }
  }

  /// The bytes taken as elements of a type of the same size; sound for numbers, any bits being one.
  private func stored<Element>(as type: Element.Type) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      filled = count
    }
  }

  /// Converts element by element up to the first for which `convert` has no answer.
  private func converted<Source, Target>(
    _ source: Source.Type, _ convert: (Source) -> Target?
  ) -> (values: [Target], failure: Source?) {
    var failure: Source?
    let values = bytes.withUnsafeBytes { raw in
      [Target](unsafeUninitializedCapacity: count) { buffer, filled in
        for index in 0..<count {
          let value = raw.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Source>.size, as: Source.self)
          guard let result = convert(value) else {
            failure = value
            return
          }
          buffer.initializeElement(at: index, to: result)
          filled = index + 1
        }
      }
    }
    return (values, failure)
  }

  private func exact<Source, Target>(
    _ type: String, _ name: String, _ source: Source.Type, _ convert: (Source) -> Target?
  ) throws(ArchiveError) -> [Target] {
    let (values, failure) = converted(source, convert)
    if let failure {
      throw .inexact(name: name, index: values.count, value: "\(failure)", type: type)
    }
    return values
  }
}

extension Float {
  /// The value of a 16-bit IEEE 754 number, exactly.
  init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:  // zero and the subnormal numbers: fraction · 2⁻²⁴
      let magnitude = Float(fraction) * 0x1p-24
      self = Float(bitPattern: sign | magnitude.bitPattern)
    case 0x1F:  // infinity and not-a-number
      self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      self = Float(bitPattern: sign | (exponent + 127 - 15) << 23 | fraction << 13)
    }
  }
}
