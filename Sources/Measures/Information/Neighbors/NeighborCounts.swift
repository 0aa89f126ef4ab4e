extension NeighborTree {
  /// How many other samples lie within a radius around each.
  ///
  /// Nodes that lie inside the radii of a whole leaf are counted without a look at their samples.
  ///
  /// - Parameter radii: one for each row, not negative.
  /// - Parameter isStrict: whether a sample exactly as far as the radius is left out.
  /// - Complexity: O(n log n) time for radii that hold few samples, in few dimensions; O(n² d) in many; O(n) memory.
  func neighborCounts(
    within radii: [Double], isStrict: Bool, workers: Workers?
  ) -> [Int32] {
    precondition(
      radii.count == rowCount, "neighborCounts: \(radii.count) radii for \(rowCount) samples")
    var counts = [Int32](repeating: 0, count: rowCount)
    radii.withUnsafeBufferPointer { radii in
      counts.withUnsafeMutableBufferPointer { counts in
        withView { view in
          guard let radii = radii.baseAddress, let counts = counts.baseAddress else { return }
          CountJob(view: view, radii: radii, isStrict: isStrict, counts: counts).runAll(workers)
        }
      }
    }
    return counts
  }
}

private struct CountJob: LeafJob {
  let view: NeighborTreeView
  let radii: UnsafePointer<Double>
  let isStrict: Bool
  let counts: UnsafeMutablePointer<Int32>

  func run(block: Int) {
    let capacity = NeighborBlock.capacity
    let reach = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
    let found = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
    let stack = NodeStack(depth: view.shape.depth)
    defer {
      reach.deallocate()
      found.deallocate()
      stack.free()
    }
    for leaf in leaves(ofBlock: block) {
      let rows = view.rows(ofLeaf: leaf)
      for query in 0..<capacity {
        reach[query] = query < rows.count ? radii[Int(rows[query])] : -1
        found[query] = 0
      }
      let common = count(leaf, reach, rows.count, found, stack)
      for (query, row) in rows.enumerated() {
        // The sample itself was counted, unless nothing is closer than 0.
        let own: Int32 = isStrict && reach[query] == 0 ? 0 : 1
        counts[Int(row)] = common + found[query] - own
      }
    }
  }

  /// Returns how many samples lie within the radii of all queries of the leaf; adds the others to `found`.
  private func count(
    _ leaf: Int, _ reach: UnsafePointer<Double>, _ queryCount: Int,
    _ found: UnsafeMutablePointer<Int32>, _ stack: NodeStack
  ) -> Int32 {
    let queries = view.block(leaf)
    let own = view.shape.firstLeaf + leaf
    let (lower, upper) = (view.lower(own), view.upper(own))
    var (least, largest) = (reach[0], reach[0])
    for query in 1..<max(1, queryCount) {
      least = min(least, reach[query])
      largest = max(largest, reach[query])
    }
    var (common, stacked) = (0, 0)
    stack.put(0, at: &stacked)
    while stacked > 0 {
      stacked -= 1
      let node = stack.nodes[stacked]
      guard isWithin(view.leastDistance(node, lower, upper), largest) else { continue }
      if isWithin(view.largestDistance(node, lower, upper), least) {
        common += sampleCount(node)
      } else if node >= view.shape.firstLeaf {
        queries.count(
          in: view.block(node - view.shape.firstLeaf), columnCount: view.columnCount, radii: reach,
          isStrict: isStrict, counts: found)
      } else {
        stack.put(2 * node + 1, at: &stacked)
        stack.put(2 * node + 2, at: &stacked)
      }
    }
    return Int32(common)
  }

  private func isWithin(_ distance: Double, _ radius: Double) -> Bool {
    isStrict ? distance < radius : distance <= radius
  }

  private func sampleCount(_ node: Int) -> Int {
    let level = 63 - (node + 1).leadingZeroBitCount
    return view.shape.range(level: level, index: node + 1 - (1 << level)).count
  }
}
