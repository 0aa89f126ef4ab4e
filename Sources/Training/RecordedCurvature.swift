import GrokTensor
import Synchronization

/// Derivatives of one piece of examples, recorded so that each product costs only what depends on the
/// vector. Used by one thread at a time.
protocol RecordedCurvature<Scalar>: AnyObject {
  associatedtype Scalar: RealScalar
  /// What is recorded, in bytes, each tensor counted where it was made.
  var byteCount: Int { get }
  func product(with vector: Tensor<Scalar>) -> Tensor<Scalar>
}

/// The gradient of a loss, to be differentiated along vectors: H v is the gradient of ⟨∇L, v⟩.
final class RecordedGradient<Scalar: RealScalar>: RecordedCurvature {
  private let tape = Tape<Scalar>()
  private let variable, gradient: Tensor<Scalar>
  private let mark: Int
  let byteCount: Int

  init(at point: Tensor<Scalar>, of loss: (Tensor<Scalar>) -> Tensor<Scalar>) {
    variable = tape.watch(point)
    gradient = tape.gradient(of: loss(variable), by: variable, recording: true)
    mark = tape.operationCount
    byteCount = tape.recordedByteCount
  }

  func product(with vector: Tensor<Scalar>) -> Tensor<Scalar> {
    guard gradient.isRecorded else { return vector * 0 }  // the loss is linear
    defer { tape.forget(after: mark) }
    return tape.gradient(of: (gradient * vector).sum(), by: variable).detached
  }
}

/// The outputs of a network and what they send back to θ, for Jᵀ H J v.
///
/// J v is the derivative of Jᵀu by u along v, at any u as it is linear: two passes backward give one
/// forward.
final class RecordedPullback<Scalar: RealScalar>: RecordedCurvature {
  private let tape = Tape<Scalar>()
  private let theta, outputs, direction, pulled: Tensor<Scalar>
  private let loss: (Tensor<Scalar>) -> Tensor<Scalar>
  private let mark: Int
  let byteCount: Int

  init(
    at point: Tensor<Scalar>, outputs network: (Tensor<Scalar>) -> Tensor<Scalar>,
    loss: @escaping (Tensor<Scalar>) -> Tensor<Scalar>, in context: ComputeContext
  ) {
    self.loss = loss
    theta = tape.watch(point)
    outputs = network(theta)
    direction = tape.watch(Tensor(repeating: 0, shape: outputs.shape, in: context))
    pulled = tape.gradient(of: (outputs * direction).sum(), by: theta, recording: true)
    mark = tape.operationCount
    byteCount = tape.recordedByteCount
  }

  func product(with vector: Tensor<Scalar>) -> Tensor<Scalar> {
    defer { tape.forget(after: mark) }
    let pushed = tape.gradient(of: (pulled * vector).sum(), by: direction).detached
    let curved = hessianVectorProduct(at: outputs.detached, along: pushed, of: loss).product
    return tape.gradient(of: (outputs * curved.detached).sum(), by: theta).detached
  }
}

/// Recordings of pieces that wait for the next product, as many as fit into a budget. A piece whose
/// recording is not there, because it is in use or does not fit, is recorded anew; products have the
/// same bits either way.
final class KeptRecordings<Recording: RecordedCurvature>: Sendable {
  private struct State {
    var waiting: [Int: Recording] = [:]
    var counted: Set<Int> = []
    var remaining: Int
  }

  // What is inside is handed to one thread at a time.
  private struct Box: @unchecked Sendable { var state: State }
  private let box: Mutex<Box>

  init(byteCount: Int) { box = Mutex(Box(state: State(remaining: byteCount))) }

  /// Calls `body` with the recording of a piece, which nobody else has meanwhile.
  func with<Result>(
    piece: Int, recording: () -> Recording, _ body: (Recording) -> Result
  ) -> Result {
    let found = take(piece) ?? recording()
    let result = body(found)
    giveBack(found, piece)
    return result
  }

  private func take(_ piece: Int) -> Recording? {
    nonisolated(unsafe) var found: Recording?
    box.withLock { found = $0.state.waiting.removeValue(forKey: piece) }
    return found
  }

  private func giveBack(_ recording: Recording, _ piece: Int) {
    nonisolated(unsafe) let recording = recording
    box.withLock { box in
      guard box.state.waiting[piece] == nil else { return }
      if !box.state.counted.contains(piece) {
        guard recording.byteCount <= box.state.remaining else { return }
        box.state.remaining -= recording.byteCount
        box.state.counted.insert(piece)
      }
      box.state.waiting[piece] = recording
    }
  }
}
