/// How a network is computed, besides its parameters and examples: for what purpose, and watched by whom.
///
/// Copies of a pass share what the network notes down while it computes.
public struct Pass<Scalar: RealScalar> {
  /// What the outputs are for.
  public enum Purpose: Sendable, Hashable {
    /// To be looked at: nothing is random, and state is read and stays as it is.
    case evaluation
    /// To take a gradient of: batch normalization uses the batch, and dropout draws from the key, which must
    /// be another one at each step.
    case training(key: RandomKey)
  }

  /// What the outputs are for.
  public let purpose: Purpose
  /// Sees, and may replace, every named intermediate value.
  public let taps: Taps<Scalar>
  private let updates: StateUpdates<Scalar>

  /// A pass for evaluation, unless told otherwise.
  public init(_ purpose: Purpose = .evaluation, taps: Taps<Scalar> = Taps()) {
    self.init(purpose, taps: taps, updates: StateUpdates())
  }

  package init(_ purpose: Purpose, taps: Taps<Scalar>, updates: StateUpdates<Scalar>) {
    self.purpose = purpose
    self.taps = taps
    self.updates = updates
  }

  /// The key of a pass for training; `nil` in evaluation.
  public var trainingKey: RandomKey? {
    if case .training(let key) = purpose { key } else { nil }
  }

  /// This pass with other taps.
  public func tapped(by taps: Taps<Scalar>) -> Pass {
    Pass(purpose, taps: taps, updates: updates)
  }

  /// Notes down what an entry of the network's state is to be after this pass: for networks to call in a pass
  /// for training.
  ///
  /// - Shapes: `value` has the shape that the entry has in the layout of the state.
  public func update(_ name: String, to value: Tensor<Scalar>) {
    updates.values.append((name, value.detached))
  }
}

/// What a network has noted down about its state. Used by one thread at a time.
package final class StateUpdates<Scalar: RealScalar> {
  package fileprivate(set) var values: [(name: String, value: Tensor<Scalar>)] = []

  package init() {}

  /// Writes what was noted down into `state`, and forgets it.
  package func apply(to state: inout Tensor<Scalar>?, layout: ParameterLayout) {
    guard !values.isEmpty else { return }
    for (name, value) in values {
      guard let entry = layout.stateEntry(name) else {
        preconditionFailure("Pass: the network has no state '\(name)'")
      }
      precondition(
        value.shape == entry.shape, "Pass: '\(name)' of shape \(value.shape), not \(entry.shape)")
      state!.withMutableValues { destination in
        value.withValues { source in
          guard let source = source.baseAddress, let destination = destination.baseAddress else {
            return
          }
          (destination + entry.range.lowerBound).update(from: source, count: entry.range.count)
        }
      }
    }
    values.removeAll(keepingCapacity: true)
  }
}
