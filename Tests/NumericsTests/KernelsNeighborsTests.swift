import GrokKernels
import Testing

@Suite struct KernelsNeighborsTests {
  /// Samples column after column, filled up with infinity, with their box.
  private struct Block<T: KernelScalar> {
    let samples: [[T]]
    let columns: Int
    let stride: Int
    let firstRow: Int32

    init(_ count: Int, _ columns: Int, firstRow: Int32, _ random: inout TestRandom) {
      // Whole numbers, so that distances are exact and many are equal.
      samples = (0..<count).map { _ in
        random.array(columns, from: 0, to: 5).map { ($0 as T).rounded() }
      }
      let lanes = 64 / MemoryLayout<T>.size
      (self.columns, stride) = (columns, (count + lanes - 1) / lanes * lanes)
      self.firstRow = firstRow
    }

    func place(in memory: TestMemory) -> gk_sample_block {
      var points = [T](repeating: .infinity, count: columns * stride)
      for (index, sample) in samples.enumerated() {
        for column in 0..<columns { points[column * stride + index] = sample[column] }
      }
      let corner = { (choose: (T, T) -> T) in
        (0..<columns).map { column in samples.map { $0[column] }.reduce(samples[0][column], choose)
        }
      }
      return gk_sample_block(
        points: memory.place(points), lower: memory.place(corner(min)),
        upper: memory.place(corner(max)),
        rows: memory.place(samples.indices.map { firstRow + Int32($0) }), count: samples.count,
        stride: stride)
    }

    func distance(_ index: Int, to other: [T]) -> T {
      zip(samples[index], other).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
  }

  private static let shapes = [(1, 1, 1), (8, 5, 2), (17, 32, 3), (32, 31, 9), (30, 16, 20)]

  @Test(arguments: KernelCase.all)
  func countNeighbors(of kernels: KernelCase) { count(kernels.scalar, kernels.table) }

  private func count<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(31)
    for (queryCount, otherCount, columns) in Self.shapes {
      let queries = Block<T>(queryCount, columns, firstRow: 0, &random)
      let others = Block<T>(otherCount, columns, firstRow: 100, &random)
      for isStrict in [true, false] {
        let radii = (0..<queries.stride).map { T($0 < queryCount ? $0 % 7 : -1) }
        let exact = (0..<queryCount).map { index in
          Int32(
            3
              + others.samples.count {
                let distance = queries.distance(index, to: $0)
                return isStrict ? distance < radii[index] : distance <= radii[index]
              })
        }
        let counts = changed([Int32](repeating: 3, count: queryCount)) { memory, counts in
          var (first, second) = (queries.place(in: memory), others.place(in: memory))
          table.count_neighbors(&first, &second, columns, memory.place(radii), isStrict, counts)
        }
        #expect(counts == exact)
      }
    }
  }

  @Test(arguments: KernelCase.all)
  func nearestNeighbors(of kernels: KernelCase) { nearest(kernels.scalar, kernels.table) }

  private func nearest<T: KernelScalar>(_: T.Type, _ table: gk_kernels) {
    var random = TestRandom(32)
    for (queryCount, otherCount, columns) in Self.shapes {
      let queries = Block<T>(queryCount, columns, firstRow: 0, &random)
      let others = Block<T>(otherCount, columns, firstRow: 100, &random)
      for k in [1, 4] {
        var exact: [(distance: T, row: Int32)] = []
        for index in 0..<queryCount {
          var all = others.samples.enumerated().map {
            (distance: queries.distance(index, to: $1), row: 100 + Int32($0))
          }
          all += queries.samples.enumerated().filter { $0.offset != index }.map {
            (distance: queries.distance(index, to: $1), row: Int32($0))
          }
          all += (0..<k).map { _ in (distance: T.greatestFiniteMagnitude, row: Int32.max) }
          exact += all.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }.prefix(k)
        }
        var neighbors = [Int32](repeating: .max, count: queryCount * k)
        var reach = [T](repeating: -1, count: queries.stride)
        for index in 0..<queryCount { reach[index] = .greatestFiniteMagnitude }
        var farthest = 0.0
        let start = [T](repeating: .greatestFiniteMagnitude, count: queryCount * k)
        let distances = changed(start) { memory, distances in
          var (first, second) = (queries.place(in: memory), others.place(in: memory))
          var own = first
          _ = table.nearest_neighbors(
            &first, &second, columns, k, distances, &neighbors, &reach)
          // A block among itself: no sample is its own neighbour.
          farthest = table.nearest_neighbors(
            &first, &own, columns, k, distances, &neighbors, &reach)
        }
        #expect(distances == exact.map(\.distance))
        #expect(neighbors == exact.map(\.row))
        #expect(Array(reach.prefix(queryCount)) == (1...queryCount).map { distances[$0 * k - 1] })
        #expect(T(farthest) == reach.max())
      }
    }
  }
}
