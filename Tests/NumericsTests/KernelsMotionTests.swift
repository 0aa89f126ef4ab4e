import GrokKernels
import TestSupport
import Testing

/// Sums over an update against loops over single elements.
@Suite struct KernelsMotionTests {
  @Test(.tags(.oracle), arguments: KernelCase.all)
  func sums(of kernels: KernelCase) { sums(kernels.scalar, kernels.table) }

  private func sums<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(41)
    for count in oddSizes {
      for (aligns, keeps, displaces) in [
        (false, false, false), (true, false, false), (true, true, false), (false, false, true),
        (true, false, true), (true, true, true),
      ] {
        let (w, g, e, f, origin): ([T], [T], [T], [T], [T]) = (
          random.array(count), random.array(count), random.array(count), random.array(count),
          random.array(count)
        )
        let after: [T] = zip(w, random.array(count, from: -0.1, to: 0.1)).map { $0 + $1 }
        let d = zip(after, w).map { $0 - $1 }
        let memory = TestMemory()
        let previous = memory.place(e)
        var motion = gk_motion(
          before: memory.place(w), after: memory.place(after), gradient: memory.place(g),
          previous_update: aligns ? UnsafeMutableRawPointer(previous) : nil,
          previous_gradient: aligns ? UnsafeRawPointer(memory.place(f)) : nil, keeps_update: keeps,
          origin: displaces ? UnsafeRawPointer(memory.place(origin)) : nil, momentum: nil)
        let found = changed((0..<Int(GK_MOTION_SUMS)).map(Double.init)) { _, sums in
          table.motion(&motion, count, sums)
        }
        memory.check()
        func product(_ a: [T], _ b: [T]) -> Double {
          zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let away = zip(w, origin).map { $0 - $1 }
        var expected = [
          product(g, g), product(d, d), product(w, w), product(g, d), product(w, d),
          product(d, e), product(g, f), product(g, e), product(e, e), product(f, f),
          product(away, away),
        ]
        if !aligns { for sum in Int(GK_MOTION_DE)...Int(GK_MOTION_FF) { expected[sum] = 0 } }
        if !displaces { expected[Int(GK_MOTION_AWAY)] = 0 }
        for sum in expected.indices {
          let scale = Double(count) * 16 + Double(sum)
          #expect(abs(found[sum] - Double(sum) - expected[sum]) <= 1e-14 * scale, "\(sum)")
        }
        let kept = (0..<count).map { previous[$0] }
        #expect(kept == (aligns && keeps ? d : e))
      }
    }
  }
}
