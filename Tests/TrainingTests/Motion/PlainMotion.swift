import Testing

@testable import GrokTraining

/// The motion of a training by plain loops over gradients and weights that were all kept: what recorded rows are held against.
final class PlainMotion: @unchecked Sendable {
  // Filled by the thread that trains.
  private(set) var gradients: [[Double]] = []
  private(set) var weights: [[Double]] = []
  private(set) var rows: [MotionRow] = []
  private let layout: ParameterLayout

  init<Scalar>(watching trainer: inout Trainer<Scalar>) {
    layout = trainer.model.layout
    trainer.observeGradient(.every(1)) { _, gradient in
      self.gradients.append(gradient.vector.values.map { Double($0) })
    }
    trainer.observe(.every(1)) { snapshot in
      self.weights.append(snapshot.parameterVector.map { Double($0) })
    }
    trainer.observeMotion { self.rows.append($0) }
  }

  /// The elements of θ that a component has, by its name.
  private func indices(of component: MotionComponent) -> [Int] {
    let entry = layout[component.parameter]!
    guard let head = component.head else { return Array(entry.range) }
    if entry.name.hasSuffix("W_O") {
      let (rows, columns) = (entry.shape[0], entry.shape[1])
      let width = component.count / rows
      return (0..<rows).flatMap { row in
        (0..<width).map { entry.range.lowerBound + row * columns + head * width + $0 }
      }
    }
    return (0..<component.count).map { entry.range.lowerBound + head * component.count + $0 }
  }

  /// All that the quantities of a component at a step are made of.
  struct Vectors {
    let g, d, w, away: [Double]
    /// Of the step before; zeros at the first.
    let previousG, previousD: [Double]
    /// What decay did to the weights, and the rest of the update.
    let decayed, rest: [Double]
    let rate: Double
  }

  func vectors(of component: MotionComponent, _ step: Int, rate: Double) -> Vectors {
    let places = indices(of: component)
    func taken(_ vector: [Double]) -> [Double] { places.map { vector[$0] } }
    let (w, before) = (taken(weights[step]), taken(weights[max(step - 1, 0)]))
    let d = minus(taken(weights[step + 1]), w)
    let rate = rate * component.rateFactor
    let decayed = w.map { -rate * component.decay * $0 }
    return Vectors(
      g: taken(gradients[step]), d: d, w: w, away: minus(w, taken(weights[0])),
      previousG: taken(gradients[max(step - 1, 0)]), previousD: minus(w, before),
      decayed: decayed, rest: minus(d, decayed), rate: rate)
  }
}

extension PlainMotion.Vectors {
  func value(_ quantity: MotionQuantity) -> Double {
    switch quantity {
    case .gradientNorm: norm(g)
    case .updateNorm: norm(d)
    case .weightNorm: norm(w)
    case .gradientAlongUpdate: dot(g, d)
    case .weightAlongUpdate: dot(w, d)
    case .updateAlongPrevious: dot(d, previousD)
    case .gradientAlongPrevious: dot(g, previousG)
    case .gradientAlongPreviousUpdate: dot(g, previousD)
    case .previousUpdateNorm: norm(previousD)
    case .previousGradientNorm: norm(previousG)
    case .displacement: norm(away)
    case .scaleFreeGradientNorm: norm(g) * norm(w)
    case .decayNorm: norm(decayed)
    case .gradientPartNorm: norm(rest)
    case .preconditionedGradientNorm: norm(rest) / rate
    case .updateCosine: dot(d, previousD) / (norm(d) * norm(previousD))
    case .gradientCosine: dot(g, previousG) / (norm(g) * norm(previousG))
    }
  }

  /// What a quantity is small or large in comparison with.
  func scale(_ quantity: MotionQuantity) -> Double {
    switch quantity {
    case .gradientAlongUpdate: norm(g) * norm(d)
    case .weightAlongUpdate: norm(w) * norm(d)
    case .updateAlongPrevious: norm(d) * norm(previousD)
    case .gradientAlongPrevious: norm(g) * norm(previousG)
    case .gradientAlongPreviousUpdate: norm(g) * norm(previousD)
    case .updateCosine, .gradientCosine: 1
    case .gradientPartNorm: norm(d) + norm(decayed)
    case .preconditionedGradientNorm: (norm(d) + norm(decayed)) / rate
    default: value(quantity)
    }
  }
}

private func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
