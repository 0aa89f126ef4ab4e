import GrokKernels
import Testing

@Suite struct KernelsDispatchTests {
  @Test(arguments: [GK_FLOAT, GK_DOUBLE])
  func theBestLevelIsTheHighestAvailable(type: gk_type) throws {
    let best = try #require(gk_kernels_best(type)).pointee
    #expect(best.type == type)
    for level in [GK_PORTABLE, GK_AVX2, GK_AVX512] {
      guard let table = gk_kernels_at(type, level)?.pointee else { continue }
      #expect(table.type == type)
      #expect(table.level == level)
      #expect(best.level.rawValue >= level.rawValue)
    }
    #expect(gk_kernels_at(type, GK_PORTABLE) != nil)
  }

  @Test func unknownTypesAndLevelsHaveNoTable() {
    #expect(gk_kernels_at(gk_type(rawValue: 2), GK_PORTABLE) == nil)
    #expect(gk_kernels_at(GK_FLOAT, gk_level(rawValue: 3)) == nil)
  }
}
