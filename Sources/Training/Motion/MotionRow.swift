/// What the numbers of a row are of.
public struct MotionColumns: Sendable, Hashable {
  /// All parameters in the order of θ, then the shares of attention heads.
  public let components: [MotionComponent]
  /// The numbers of each component, in this order.
  public let quantities: [MotionQuantity]
  private let places: [String: Int]

  /// The quantities of some components.
  public init(components: [MotionComponent], quantities: [MotionQuantity]) {
    self.components = components
    self.quantities = quantities
    places = Dictionary(
      components.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
  }

  /// How many numbers a row has, without step, loss and rate.
  public var count: Int { components.count * quantities.count }

  /// The number of a component in ``components``; `nil` where there is none of that name.
  public func component(named name: String) -> Int? { places[name] }

  /// The stored quantities and those that are made of them.
  public var availableQuantities: [MotionQuantity] {
    quantities
      + MotionQuantity.allCases.filter {
        !$0.sources.isEmpty && $0.sources.allSatisfy(quantities.contains)
      }
  }
}

/// How the components of a network moved in one update.
public struct MotionRow: Sendable {
  /// What ``values`` are of.
  public let columns: MotionColumns
  /// Updates that were done before this one.
  public internal(set) var step = 0
  /// The loss of the batch before the update, in the precision of the training: that whose gradient is recorded.
  public internal(set) var loss = 0.0
  /// η of the optimizer at this step, without the factors of groups.
  public internal(set) var learningRate = 0.0
  /// The quantities of the first component, then those of the second, …; not-a-number where there is no step before.
  public internal(set) var values: [Double]

  init(columns: MotionColumns) {
    self.columns = columns
    values = [Double](repeating: 0, count: columns.count)
  }

  /// A number of a component; `nil` where there is no such component or the quantity is not recorded.
  public subscript(quantity: MotionQuantity, of component: String) -> Double? {
    columns.component(named: component).flatMap { self[quantity, of: $0] }
  }

  /// A number of the component at a place of ``MotionColumns/components``; `nil` where the quantity is not recorded.
  public subscript(quantity: MotionQuantity, of component: Int) -> Double? {
    if let place = columns.quantities.firstIndex(of: quantity) {
      return values[component * columns.quantities.count + place]
    }
    var parts: [Double] = []
    for source in quantity.sources {
      guard let place = columns.quantities.firstIndex(of: source) else { return nil }
      parts.append(values[component * columns.quantities.count + place])
    }
    let rate = learningRate * columns.components[component].rateFactor
    let shrink = isFrozen(component) ? 0 : rate * columns.components[component].decay
    switch quantity {
    case .scaleFreeGradientNorm: return parts[0] * parts[1]
    case .decayNorm: return shrink * parts[0]
    case .gradientPartNorm: return Self.undecayed(parts, shrink)
    case .preconditionedGradientNorm: return rate == 0 ? .nan : Self.undecayed(parts, shrink) / rate
    case .updateCosine, .gradientCosine:
      let product = parts[1] * parts[2]
      return product == 0 ? .nan : parts[0] / product
    default: return nil
    }
  }

  /// Whether a component stands still: what is frozen does not decay either.
  package func isFrozen(_ component: Int) -> Bool {
    self[.gradientNorm, of: component] == 0 && self[.updateNorm, of: component] == 0
  }

  /// ‖d + ηλw‖ from ‖d‖, ‖w‖, ⟨w, d⟩ and ηλ.
  private static func undecayed(_ parts: [Double], _ shrink: Double) -> Double {
    let (d, w) = (parts[0], shrink * parts[1])
    return max(0, d * d + 2 * shrink * parts[2] + w * w).squareRoot()
  }
}
