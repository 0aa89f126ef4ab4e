import GrokMeasures
import GrokModels

/// A part of a network whose motion is recorded: a parameter, or one attention head's share of it.
public struct MotionComponent: Sendable, Hashable {
  /// The parameter's name, with `.head.N` for a head's share: `blocks.0.attn.W_Q.head.2`.
  public let name: String
  /// What it is.
  public let kind: ComponentKind
  /// How many layers with a matrix or kernel come before its own, from 0.
  public let depth: Int
  /// The head of a share, `nil` for a whole parameter.
  public let head: Int?
  /// The number of weights.
  public let count: Int
  /// A factor on the learning rate, from the parameter's group.
  public let rateFactor: Double
  /// λ: at a rate η the update contains −ηλw; 0 where decay is not a part by itself, as in Adam's moments.
  public let decay: Double

  /// What measures know of it.
  public var component: Component {
    let path = parameter.split(separator: ".").dropLast().joined(separator: ".")
    return Component(name: name, kind: kind, module: path, depth: depth, head: head)
  }

  /// The parameter's name, also for a head's share.
  public var parameter: String {
    head.map { String(name.dropLast(".head.\($0)".count)) } ?? name
  }
}

/// The components of a network, and where their weights are in θ.
struct MotionComponents: Sendable {
  /// All parameters in the order of θ, then the shares of heads.
  let all: [MotionComponent]
  /// Parameters without heads, and shares of heads: together all of θ. Numbers of components.
  let leaves: [Int]
  /// The weights of the leaves by rising place: which leaf, and where.
  let ranges: [(leaf: Int, range: Range<Int>)]
  /// For each parameter, the leaves that it is made of.
  let parts: [[Int]]

  init(_ layout: ParameterLayout, optimizer: Optimizer, groups: [ParameterGroup]) {
    let decay = optimizer.separateDecay
    let heads = AttentionHeads(layout)
    let places = components(
      of: layout.entries.map { entry in
        (entry.name, (0..<entry.shape.rank).map { entry.shape[$0] })
      })
    var (parameters, shares): ([MotionComponent], [MotionComponent]) = ([], [])
    var leaves: [Int] = []
    var ranges: [(leaf: Int, range: Range<Int>)] = []
    var parts: [[Int]] = []
    for (index, entry) in layout.entries.enumerated() {
      let group = groups.last { $0.contains(entry.name) }
      func component(_ name: String, head: Int?, count: Int) -> MotionComponent {
        MotionComponent(
          name: name, kind: places[index].kind, depth: places[index].depth, head: head,
          count: count, rateFactor: group?.learningRateFactor ?? 1,
          decay: decay * (group?.weightDecayFactor ?? 1))
      }
      parameters.append(component(entry.name, head: nil, count: entry.shape.count))
      guard let headCount = heads.count(of: entry) else {
        parts.append([leaves.count])
        ranges.append((leaves.count, entry.range))
        leaves.append(index)
        continue
      }
      let first = leaves.count
      parts.append(Array(first..<first + headCount))
      for head in 0..<headCount {
        leaves.append(layout.entries.count + shares.count)
        shares.append(
          component("\(entry.name).head.\(head)", head: head, count: entry.shape.count / headCount))
      }
      // One run of weights a head, or one a head and row where the heads stand side by side.
      let width = entry.shape.count / headCount / heads.rowCount(of: entry)
      for run in 0..<entry.shape.count / width {
        let start = entry.range.lowerBound + run * width
        ranges.append((first + run % headCount, start..<start + width))
      }
    }
    all = parameters + shares
    self.leaves = leaves
    self.ranges = ranges
    self.parts = parts
  }
}

extension Optimizer {
  /// λ of weight decay that is a part of the update by itself.
  fileprivate var separateDecay: Double {
    switch self {
    case .sgd(_, _, _, let decay, _): decay
    case .adam: 0
    case .adamW(_, _, _, _, let decay): decay
    }
  }
}

/// Which parameters belong to attention heads, by the names of TransformerLens.
private struct AttentionHeads {
  /// Heads by the path of an attention: `blocks.0.attn`.
  private var counts: [String: Int] = [:]

  init(_ layout: ParameterLayout) {
    for entry in layout.entries where entry.shape.rank == 3 {
      let (path, last) = Self.split(entry.name)
      if last == "W_Q" { counts[path] = entry.shape[0] }
    }
  }

  func count(of entry: ParameterLayout.Entry) -> Int? {
    let (path, last) = Self.split(entry.name)
    return ["W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "smear"].contains(last)
      ? counts[path] : nil
  }

  /// In how many rows the heads stand side by side: `W_O` is `[width, heads · headWidth]`.
  func rowCount(of entry: ParameterLayout.Entry) -> Int {
    Self.split(entry.name).last == "W_O" ? entry.shape[0] : 1
  }

  private static func split(_ name: String) -> (path: String, last: String) {
    let words = name.split(separator: ".")
    return (words.dropLast().joined(separator: "."), String(words.last ?? ""))
  }
}
