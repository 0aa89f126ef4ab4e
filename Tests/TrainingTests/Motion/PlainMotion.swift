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

  /// A quantity of a component at a step.
  func value(_ quantity: MotionQuantity, of component: MotionComponent, _ step: Int, rate: Double)
    -> Double
  {
    let places = indices(of: component)
    func g(_ step: Int) -> [Double] { places.map { gradients[step][$0] } }
    func w(_ step: Int) -> [Double] { places.map { weights[step][$0] } }
    func d(_ step: Int) -> [Double] { zip(w(step + 1), w(step)).map { $0 - $1 } }
    let rate = rate * component.rateFactor
    let decayed = w(step).map { -rate * component.decay * $0 }
    let rest = zip(d(step), decayed).map { $0 - $1 }
    func cosine(_ a: [Double], _ b: [Double]) -> Double { dot(a, b) / (norm(a) * norm(b)) }
    switch quantity {
    case .gradientNorm: return norm(g(step))
    case .updateNorm: return norm(d(step))
    case .weightNorm: return norm(w(step))
    case .gradientAlongUpdate: return dot(g(step), d(step))
    case .weightAlongUpdate: return dot(w(step), d(step))
    case .updateAlongPrevious: return dot(d(step), d(step - 1))
    case .gradientAlongPrevious: return dot(g(step), g(step - 1))
    case .gradientAlongPreviousUpdate: return dot(g(step), d(step - 1))
    case .previousUpdateNorm: return norm(d(step - 1))
    case .previousGradientNorm: return norm(g(step - 1))
    case .displacement: return norm(zip(w(step), w(0)).map { $0 - $1 })
    case .scaleFreeGradientNorm: return norm(g(step)) * norm(w(step))
    case .decayNorm: return norm(decayed)
    case .gradientPartNorm: return norm(rest)
    case .preconditionedGradientNorm: return norm(rest) / rate
    case .updateCosine: return cosine(d(step), d(step - 1))
    case .gradientCosine: return cosine(g(step), g(step - 1))
    }
  }

  /// What a rounding of all weights may change in a quantity, as a share of this.
  func scale(_ quantity: MotionQuantity, of component: MotionComponent, _ step: Int, rate: Double)
    -> Double
  {
    func plain(_ quantity: MotionQuantity) -> Double {
      value(quantity, of: component, step, rate: rate)
    }
    switch quantity {
    case .gradientAlongUpdate: return plain(.gradientNorm) * plain(.updateNorm)
    case .weightAlongUpdate: return plain(.weightNorm) * plain(.updateNorm)
    case .updateAlongPrevious: return plain(.updateNorm) * plain(.previousUpdateNorm)
    case .gradientAlongPrevious: return plain(.gradientNorm) * plain(.previousGradientNorm)
    case .gradientAlongPreviousUpdate: return plain(.gradientNorm) * plain(.previousUpdateNorm)
    case .updateCosine, .gradientCosine: return 1
    case .gradientPartNorm: return plain(.updateNorm) + plain(.decayNorm)
    case .preconditionedGradientNorm:
      return (plain(.updateNorm) + plain(.decayNorm)) / (rate * component.rateFactor)
    default: return plain(quantity)
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
