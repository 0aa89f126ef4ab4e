import GrokKernels
import GrokModels

/// How θ is cut so that threads can take the sums over components: blocks of the optimizer, chunks that stay near, and
/// in these the pieces of single components.
struct MotionPlan: Sendable {
  /// Elements that are updated and summed at once.
  static let chunkLength = 2_048

  struct Chunk: Sendable {
    let range: Range<Int>
    let pieces: Range<Int>
  }

  struct Piece: Sendable {
    let range: Range<Int>
    /// Where its sums go.
    let slot: Int
  }

  private(set) var chunks: [Chunk] = []
  private(set) var pieces: [Piece] = []
  /// The chunks of each block.
  private(set) var chunksOfBlock: [Range<Int>] = []
  /// The leaf whose sums a slot holds; no two blocks share a slot.
  private(set) var leafOfSlot: [Int] = []

  init(_ components: MotionComponents, blocks: [UpdateBlock]) {
    var next = 0  // the first range that may reach into the chunk
    for block in blocks {
      var slots: [Int: Int] = [:]
      let firstChunk = chunks.count
      for start in stride(
        from: block.range.lowerBound, to: block.range.upperBound, by: Self.chunkLength)
      {
        let range = start..<min(start + Self.chunkLength, block.range.upperBound)
        let firstPiece = pieces.count
        while components.ranges[next].range.upperBound <= range.lowerBound { next += 1 }
        for (leaf, place) in components.ranges[next...] {
          guard place.lowerBound < range.upperBound else { break }
          let slot = slots[leaf] ?? leafOfSlot.count
          if slots[leaf] == nil {
            slots[leaf] = slot
            leafOfSlot.append(leaf)
          }
          pieces.append(Piece(range: place.clamped(to: range), slot: slot))
        }
        chunks.append(Chunk(range: range, pieces: firstPiece..<pieces.count))
      }
      chunksOfBlock.append(firstChunk..<chunks.count)
    }
  }
}

/// Takes the sums over one update, and makes it where it has not been made.
struct MotionJob<Scalar: RealScalar>: BlockJob {
  let plan: MotionPlan
  /// The update that is to be made; `nil` where `before` holds the weights that it has changed.
  let update: UpdateJob<Scalar>?
  let before: UnsafePointer<Scalar>?
  let after, gradient: UnsafePointer<Scalar>
  /// Of the step before. The update then takes its place; `nil` where it is the momentum.
  let previousGradient: UnsafePointer<Scalar>?
  let previousUpdate: UnsafeMutablePointer<Scalar>?
  let origin: UnsafePointer<Scalar>?
  /// Two chunks for each block.
  let scratch: UnsafeMutablePointer<Scalar>
  let sums: UnsafeMutablePointer<Double>

  static var sumCount: Int { Int(GK_MOTION_SUMS) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    let weights = scratch + 2 * block * MotionPlan.chunkLength
    let momentum = weights + MotionPlan.chunkLength
    let readsMomentum = previousGradient != nil && previousUpdate == nil
    for chunk in plan.chunksOfBlock[block] {
      let (range, pieces) = (plan.chunks[chunk].range, plan.chunks[chunk].pieces)
      let (start, count) = (range.lowerBound, range.count)
      if let update {
        weights.update(from: after + start, count: count)
        if readsMomentum { momentum.update(from: update.first! + start, count: count) }
        update.update(range, of: update.blocks[block])
      }
      for index in pieces {
        let piece = plan.pieces[index]
        let (place, inside) = (piece.range.lowerBound, piece.range.lowerBound - start)
        let previous = readsMomentum ? momentum + inside : previousUpdate.map { $0 + place }
        var motion = gk_motion(
          before: before.map { $0 + place } ?? UnsafePointer(weights + inside),
          after: after + place, gradient: gradient + place,
          previous_update: previous.map(UnsafeMutableRawPointer.init),
          previous_gradient: previousGradient.map { $0 + place }, keeps_update: !readsMomentum,
          origin: origin.map { $0 + place }, momentum: update?.first.map { $0 + place })
        Scalar.kernels.pointee.motion(
          &motion, piece.range.count, sums + piece.slot * Self.sumCount)
      }
    }
  }
}
