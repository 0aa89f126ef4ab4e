/// An n-dimensional array as files hold it: a shape, an element type, and bytes in row-major order.
///
/// It has no name and no arithmetic; it carries numbers between files and matrices, and refuses to
/// change them on the way.
public struct ArchiveArray: Sendable, Hashable {
  /// The extent along each axis; empty for a single number.
  public let shape: [Int]
  /// The type of every element.
  public let elementType: ElementType
  /// The elements, little-endian, the last axis fastest.
  public let bytes: [UInt8]

  /// The types of number that archives hold.
  public enum ElementType: String, Sendable, Hashable, CaseIterable {
    /// 16-bit IEEE 754; read as `Float`.
    case float16
    /// The upper half of a 32-bit float; read as `Float`.
    case bfloat16
    /// 32-bit IEEE 754.
    case float32
    /// 64-bit IEEE 754.
    case float64
    /// Signed integers.
    case int8, int16, int32, int64
    /// Unsigned integers.
    case uint8, uint16, uint32, uint64
    /// One byte, 0 or 1.
    case bool

    /// The number of bytes of one element.
    public var byteCount: Int {
      switch self {
      case .int8, .uint8, .bool: 1
      case .float16, .bfloat16, .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  /// The number of elements.
  public var count: Int { bytes.count / elementType.byteCount }

  /// An array of values in row-major order.
  ///
  /// - Parameter shape: The extents; their product must be the number of values. One axis by default.
  public init<Element: ArchiveElement>(_ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    let bytes = values.withUnsafeBytes { Array($0) }
    self.init(shape: shape, elementType: Element.archiveElementType, bytes: bytes)
  }

  /// An array of bytes whose meaning is known already.
  ///
  /// - Parameter bytes: The elements, little-endian, the last axis fastest; as many as the shape says.
  public init(shape: [Int], elementType: ElementType, bytes: [UInt8]) {
    let expected = Self.byteCount(of: shape, elementType)
    precondition(
      expected == bytes.count,
      "ArchiveArray: shape \(shape) of \(elementType) does not have \(bytes.count) bytes")
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
  }

  /// The number of bytes that a shape takes; `nil` where an extent is negative or the product overflows.
  package static func byteCount(of shape: [Int], _ elementType: ElementType) -> Int? {
    // With a zero among them, the others could still overflow on their own; that is refused too.
    var product = elementType.byteCount
    var isEmpty = false
    for extent in shape {
      guard extent >= 0 else { return nil }
      if extent == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }
}

/// A Swift type that archives hold as it is.
public protocol ArchiveElement: Sendable {
  /// What archives call this type.
  static var archiveElementType: ArchiveArray.ElementType { get }
}

extension Float: ArchiveElement {
  /// `float32`.
  public static var archiveElementType: ArchiveArray.ElementType { .float32 }
}
extension Double: ArchiveElement {
  /// `float64`.
  public static var archiveElementType: ArchiveArray.ElementType { .float64 }
}
extension Int8: ArchiveElement {
  /// `int8`.
  public static var archiveElementType: ArchiveArray.ElementType { .int8 }
}
extension Int16: ArchiveElement {
  /// `int16`.
  public static var archiveElementType: ArchiveArray.ElementType { .int16 }
}
extension Int32: ArchiveElement {
  /// `int32`.
  public static var archiveElementType: ArchiveArray.ElementType { .int32 }
}
extension Int64: ArchiveElement {
  /// `int64`.
  public static var archiveElementType: ArchiveArray.ElementType { .int64 }
}
extension Int: ArchiveElement {
  /// `int64`.
  public static var archiveElementType: ArchiveArray.ElementType { .int64 }
}
extension UInt8: ArchiveElement {
  /// `uint8`.
  public static var archiveElementType: ArchiveArray.ElementType { .uint8 }
}
extension UInt16: ArchiveElement {
  /// `uint16`.
  public static var archiveElementType: ArchiveArray.ElementType { .uint16 }
}
extension UInt32: ArchiveElement {
  /// `uint32`.
  public static var archiveElementType: ArchiveArray.ElementType { .uint32 }
}
extension UInt64: ArchiveElement {
  /// `uint64`.
  public static var archiveElementType: ArchiveArray.ElementType { .uint64 }
}
extension Bool: ArchiveElement {
  /// `bool`.
  public static var archiveElementType: ArchiveArray.ElementType { .bool }
}
