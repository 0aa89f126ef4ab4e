/// The nearest neighbours of every sample of a tree among the others, in the maximum norm.
struct NearestNeighbors: Sendable {
  /// How many neighbours each sample has here.
  let neighborCount: Int
  /// `[n, k]`: the distances, ascending.
  let distances: [Double]
  /// `[n, k]`: whose distances those are; of equal distances the lower row comes first.
  let neighbors: [Int32]

  /// The distance from a row to its neighbour `rank`, counted from 1.
  func distance(_ row: Int, _ rank: Int) -> Double { distances[row * neighborCount + rank - 1] }
}

extension NeighborTree {
  /// The `neighborCount` nearest of every sample, below the number of samples.
  ///
  /// - Complexity: O(n log n) time in few dimensions, O(n² d) in many; O(n k) memory.
  func nearest(_ neighborCount: Int, workers: Workers?) -> NearestNeighbors {
    precondition(
      neighborCount >= 1 && neighborCount < rowCount,
      "nearest: \(neighborCount) neighbours among \(rowCount) samples")
    var distances = [Double](repeating: 0, count: rowCount * neighborCount)
    var neighbors = [Int32](repeating: 0, count: rowCount * neighborCount)
    distances.withUnsafeMutableBufferPointer { distances in
      neighbors.withUnsafeMutableBufferPointer { neighbors in
        withView { view in
          guard let distances = distances.baseAddress, let neighbors = neighbors.baseAddress
          else { return }
          NearestJob(
            view: view, neighborCount: neighborCount, distances: distances, neighbors: neighbors
          ).runAll(workers)
        }
      }
    }
    return NearestNeighbors(
      neighborCount: neighborCount, distances: distances, neighbors: neighbors)
  }
}

/// Work leaf by leaf, in as many blocks as suit the threads.
protocol LeafJob: BlockJob {
  var view: NeighborTreeView { get }
}

extension LeafJob {
  var blockCount: Int { min(view.shape.leafCount, 256) }

  func leaves(ofBlock block: Int) -> Range<Int> {
    Workers.range(ofBlock: block, of: blockCount, count: view.shape.leafCount)
  }

  func runAll(_ workers: Workers?) {
    guard let workers else {
      for block in 0..<blockCount { run(block: block) }
      return
    }
    workers.run(self, blockCount: blockCount)
  }
}

private struct NearestJob: LeafJob {
  let view: NeighborTreeView
  let neighborCount: Int
  let distances: UnsafeMutablePointer<Double>
  let neighbors: UnsafeMutablePointer<Int32>

  func run(block: Int) {
    let capacity = NeighborBlock.capacity
    let found = Found(neighborCount: neighborCount)
    let stack = NodeStack(depth: view.shape.depth)
    defer {
      found.free()
      stack.free()
    }
    for leaf in leaves(ofBlock: block) {
      let rows = view.rows(ofLeaf: leaf)
      found.clear(count: rows.count, capacity: capacity)
      search(leaf, found, stack)
      for (query, row) in rows.enumerated() {
        let (from, to) = (query * neighborCount, Int(row) * neighborCount)
        for rank in 0..<neighborCount {
          distances[to + rank] = found.distances[from + rank]
          neighbors[to + rank] = found.neighbors[from + rank]
        }
      }
    }
  }

  /// From the leaf itself upward: first what is near.
  private func search(_ leaf: Int, _ found: Found, _ stack: NodeStack) {
    let queries = view.block(leaf)
    let own = view.shape.firstLeaf + leaf
    let (lower, upper) = (view.lower(own), view.upper(own))
    func take(_ node: Int) -> Double {
      queries.takeNearest(
        of: view.block(node - view.shape.firstLeaf), columnCount: view.columnCount,
        k: neighborCount, nearest: found.distances, neighbors: found.neighbors, reach: found.reach)
    }
    var reach = take(own)
    var node = own
    while node > 0 {
      let sibling = node % 2 == 1 ? node + 1 : node - 1
      var stacked = 0
      stack.put(sibling, view.leastDistance(sibling, lower, upper), at: &stacked)
      while stacked > 0 {
        stacked -= 1
        let (candidate, distance) = (stack.nodes[stacked], stack.distances[stacked])
        if distance > reach { continue }
        if candidate >= view.shape.firstLeaf {
          reach = take(candidate)
          continue
        }
        let (first, second) = (2 * candidate + 1, 2 * candidate + 2)
        let toFirst = view.leastDistance(first, lower, upper)
        let toSecond = view.leastDistance(second, lower, upper)
        // The nearer one is looked at first, and so put last.
        if toFirst <= toSecond {
          stack.put(second, toSecond, at: &stacked)
          stack.put(first, toFirst, at: &stacked)
        } else {
          stack.put(first, toFirst, at: &stacked)
          stack.put(second, toSecond, at: &stacked)
        }
      }
      node = (node - 1) / 2
    }
  }
}

/// The nearest so far of the samples of one leaf.
private struct Found {
  let neighborCount: Int
  let distances: UnsafeMutablePointer<Double>
  let neighbors: UnsafeMutablePointer<Int32>
  let reach: UnsafeMutablePointer<Double>

  init(neighborCount: Int) {
    self.neighborCount = neighborCount
    distances = .allocate(capacity: NeighborBlock.capacity * neighborCount)
    neighbors = .allocate(capacity: NeighborBlock.capacity * neighborCount)
    reach = .allocate(capacity: NeighborBlock.capacity)
  }

  func free() {
    distances.deallocate()
    neighbors.deallocate()
    reach.deallocate()
  }

  func clear(count: Int, capacity: Int) {
    // The largest finite number, so that places without a sample, which are infinitely far, stay out.
    distances.update(repeating: .greatestFiniteMagnitude, count: count * neighborCount)
    neighbors.update(repeating: .max, count: count * neighborCount)
    reach.update(repeating: .greatestFiniteMagnitude, count: count)
    (reach + count).update(repeating: -1, count: capacity - count)
  }
}

/// The nodes that are still to be looked at: of each level at most two.
struct NodeStack {
  let nodes: UnsafeMutablePointer<Int>
  let distances: UnsafeMutablePointer<Double>

  init(depth: Int) {
    nodes = .allocate(capacity: 2 * depth + 2)
    distances = .allocate(capacity: 2 * depth + 2)
  }

  func free() {
    nodes.deallocate()
    distances.deallocate()
  }

  func put(_ node: Int, _ distance: Double = 0, at count: inout Int) {
    nodes[count] = node
    distances[count] = distance
    count += 1
  }
}
