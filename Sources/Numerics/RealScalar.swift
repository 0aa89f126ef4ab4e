import GrokKernels

/// A floating-point type that matrices and tensors can hold: `Float` or `Double`.
///
/// Only these two types conform. Generic code over `RealScalar` reaches the vectorised kernels and
/// BLAS of its precision through this protocol, so that one implementation serves both.
public protocol RealScalar: BinaryFloatingPoint, SIMDScalar, Codable, ArchiveElement
where Self.RawSignificand: FixedWidthInteger {
  /// The precision of this type.
  static var precision: Precision { get }
}

/// The precision of a `RealScalar`.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 32-bit IEEE 754.
  case float
  /// 64-bit IEEE 754.
  case double
}

extension Float: RealScalar {
  /// Single precision.
  public static var precision: Precision { .float }
}

extension Double: RealScalar {
  /// Double precision.
  public static var precision: Precision { .double }
}

extension RealScalar {
  /// The vectorised inner loops of this precision, for the processor the program runs on.
  package static var kernels: UnsafePointer<gk_kernels> {
    precision == .float ? Kernels.float : Kernels.double
  }
}

// The tables are constant data of the C module.
private enum Kernels {
  nonisolated(unsafe) static let float = gk_kernels_best(GK_FLOAT)!
  nonisolated(unsafe) static let double = gk_kernels_best(GK_DOUBLE)!
}
