import Foundation
import GrokKernels
import Testing

/// A precision of the kernels, with a wider type to compute references in.
protocol KernelScalar: BinaryFloatingPoint, Sendable where RawSignificand: FixedWidthInteger {
  /// A type with more digits, so that a reference is right to a small part of a unit of this type.
  associatedtype Reference: BinaryFloatingPoint & Sendable
  static var kernelType: gk_type { get }
}

extension Float: KernelScalar {
  typealias Reference = Double
  static let kernelType = GK_FLOAT
}

extension Double: KernelScalar {
  #if arch(x86_64)
    typealias Reference = Float80
  #else
    typealias Reference = Double
  #endif
  static let kernelType = GK_DOUBLE
}

/// One table of kernels that this processor can run.
struct KernelCase: CustomTestStringConvertible, Sendable {
  let scalar: any KernelScalar.Type
  let level: gk_level

  var table: gk_kernels { gk_kernels_at(scalar.kernelType, level)!.pointee }

  var testDescription: String {
    let name = [GK_PORTABLE: "portable", GK_AVX2: "AVX2", GK_AVX512: "AVX-512"][level] ?? "?"
    return "\(scalar), \(name)"
  }

  /// Every precision at every level this processor has.
  static let all: [KernelCase] = [GK_PORTABLE, GK_AVX2, GK_AVX512].flatMap { level in
    [Float.self as any KernelScalar.Type, Double.self].map { KernelCase(scalar: $0, level: level) }
  }.filter { gk_kernels_at($0.scalar.kernelType, $0.level) != nil }
}

extension gk_level: @retroactive Hashable {}

/// Arrays that end where their memory ends: reading or writing behind one stops the program, and
/// writing before one is noticed by `check`.
final class TestMemory {
  private struct Block {
    let start: UnsafeMutableRawPointer
    let length: Int
    let fence: UnsafeMutableRawPointer
  }

  private static let fenceLength = 128
  private static let fenceByte: UInt8 = 0xA5
  private var blocks: [Block] = []

  /// A copy of `contents`.
  func place<Element>(_ contents: [Element]) -> UnsafeMutablePointer<Element> {
    let page = Int(getpagesize())
    let bytes = contents.count * MemoryLayout<Element>.stride
    let usable = (bytes + Self.fenceLength + page - 1) / page * page
    let length = usable + page
    let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    precondition(start != MAP_FAILED && mprotect(start + usable, page, PROT_NONE) == 0)
    let array = start + (usable - bytes)
    let fence = array - Self.fenceLength
    memset(fence, Int32(Self.fenceByte), Self.fenceLength)
    contents.withUnsafeBytes {
      if bytes > 0 { array.copyMemory(from: $0.baseAddress!, byteCount: bytes) }
    }
    blocks.append(Block(start: start, length: length, fence: fence))
    return array.assumingMemoryBound(to: Element.self)
  }

  /// Room for `count` elements, filled with a number that no result contains.
  func room<Element: ExpressibleByIntegerLiteral>(_ count: Int) -> UnsafeMutablePointer<Element> {
    place([Element](repeating: 9876, count: count))
  }

  func check() {
    for block in blocks {
      let fence = UnsafeRawBufferPointer(start: block.fence, count: Self.fenceLength)
      #expect(fence.allSatisfy { $0 == Self.fenceByte }, "written before the start of an array")
    }
  }

  deinit { for block in blocks { munmap(block.start, block.length) } }
}

/// What `body` writes to an array of `count` elements. It gets its inputs from the memory it is given.
func output<Element: ExpressibleByIntegerLiteral>(
  _ count: Int, _ body: (TestMemory, UnsafeMutablePointer<Element>) -> Void
) -> [Element] {
  let memory = TestMemory()
  let result: UnsafeMutablePointer<Element> = memory.room(count)
  body(memory, result)
  memory.check()
  return Array(UnsafeBufferPointer(start: result, count: count))
}

/// `contents` after `body` changed them in place.
func changed<Element>(
  _ contents: [Element], _ body: (TestMemory, UnsafeMutablePointer<Element>) -> Void
) -> [Element] {
  let memory = TestMemory()
  let array = memory.place(contents)
  body(memory, array)
  memory.check()
  return Array(UnsafeBufferPointer(start: array, count: contents.count))
}

/// A small generator with a fixed start: equal inputs in every run.
struct TestRandom {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform<T: BinaryFloatingPoint>(_ low: Double, _ high: Double) -> T {
    T(low + (high - low) * Double(bits() >> 11) * 0x1p-53)
  }

  mutating func array<T: BinaryFloatingPoint>(
    _ count: Int, from low: Double = -4, to high: Double = 4
  ) -> [T] {
    (0..<count).map { _ in uniform(low, high) }
  }
}

/// How far `value` is from `exact`, in units of the last place of `exact` in the type of `value`.
func unitsOff<T: KernelScalar>(_ value: T, _ exact: T.Reference) -> Double {
  if exact.isNaN || value.isNaN { return exact.isNaN && value.isNaN ? 0 : .infinity }
  let nearest = T(exact)
  if nearest.isInfinite || value.isInfinite { return value == nearest ? 0 : .infinity }
  return Double(abs(T.Reference(value) - exact) / T.Reference(nearest.ulp))
}

/// Sizes around the widths of the vectors.
let oddSizes = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 64, 113]
