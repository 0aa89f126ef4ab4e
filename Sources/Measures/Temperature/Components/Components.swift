/// The kind and depth of each parameter of a network, from its name as PyTorch or TransformerLens gives it.
///
/// Names are read from the end. `W_Q`, `W_K`, `W_V`, `W_O`, `b_Q` … are attention, with `.heads.3`, `.head.3` or
/// `[3]` after them one head of it; `W_E`, `W_pos`, `W_U`, and modules `embed…`, are embeddings; `W_in`, `W_out`
/// the perceptron of a block. Of `….weight` and `….bias` the last word of the module decides: `conv…`, `bn…` or
/// `…norm`, `ln…`, `downsample.0` (a convolution) and `downsample.1` (its normalisation), `lstm`, `gru`, `rnn`, else
/// a fully connected layer. Shapes, where given, decide before words: a weight of rank 4 is a
/// convolution, one of rank 1 a normalisation, and a bias is what the weight beside it is; so `features.3.weight`
/// of a VGG needs its shape. What this gets wrong is put right by `overriding`.
///
/// Depths count layers with a matrix or kernel in the order given, which must be that of the pass forward. A
/// normalisation and the vectors of positions have the depth of the layer before; attention's four matrices share one; a
/// downsampling branch has that of the first layer of its block.
///
/// ```swift
/// let all = try components(of: ["conv1.weight", "bn1.weight", "bn1.bias", "fc.weight", "fc.bias"])
/// print(all[4].kind, all[4].depth)  // fullyConnectedBias 1
/// ```
///
/// - Parameter shapes: the shape of each parameter; nil goes by names alone.
/// - Parameter overriding: kinds by name, for names that say something else.
/// - Throws: `MeasureError.rowCountMismatch`, `.undefined` for an override of a name that is not there.
/// - Complexity: O(names).
public func components(
  of names: [String], shapes: [[Int]]? = nil, overriding: [String: ComponentKind] = [:]
) throws(MeasureError) -> [Component] {
  let measure = "components"
  if let shapes, shapes.count != names.count {
    throw .rowCountMismatch(measure: measure, first: names.count, second: shapes.count)
  }
  if let unknown = overriding.keys.sorted().first(where: { !names.contains($0) }) {
    throw .undefined(measure: measure, reason: "no parameter is called '\(unknown)'")
  }
  return classified(names, shapes, overriding)
}

/// The kind and depth of each parameter of a network by its name and shape, as ``components(of:shapes:overriding:)`` tells them.
///
/// - Complexity: O(parameters).
public func components(of parameters: [(name: String, shape: [Int])]) -> [Component] {
  classified(parameters.map(\.name), parameters.map(\.shape), [:])
}

private func classified(
  _ names: [String], _ shapes: [[Int]]?, _ overriding: [String: ComponentKind]
) -> [Component] {
  let parsed = names.map { ParameterName($0) }
  var weightRanks = [String: Int]()
  for index in names.indices where parsed[index].leaf == "weight" {
    weightRanks[parsed[index].module] = shapes?[index].count
  }
  var depths = DepthCounter()
  return names.indices.map { index in
    let name = parsed[index]
    let kind = overriding[names[index]] ?? name.kind(weightRank: weightRanks[name.module])
    return Component(
      name: names[index], kind: kind, module: name.module, depth: depths.next(kind, name.module),
      head: name.head)
  }
}

// MARK: - Names

/// A name in its parts.
private struct ParameterName {
  /// All but the leaf and the head.
  var module: String
  /// The last part: `weight`, `bias`, `W_Q`.
  var leaf: String
  var head: Int?

  init(_ name: String) {
    var parts = name.split(separator: ".").map(String.init)
    if let last = parts.last, last.hasSuffix("]"), let open = last.lastIndex(of: "[") {
      head = Int(last[last.index(after: open)...].dropLast())
      if head != nil { parts[parts.count - 1] = String(last[..<open]) }
    } else if parts.count > 2, let number = Int(parts[parts.count - 1]) {
      let word = parts[parts.count - 2]
      if word == "head" || word == "heads" {
        head = number
        parts.removeLast(2)
      }
    }
    leaf = parts.last ?? name
    module = parts.dropLast().joined(separator: ".")
  }

  /// What the parameter is; `weightRank` is the rank of the weight beside it, if known.
  func kind(weightRank: Int?) -> ComponentKind {
    switch leaf {
    case "W_Q": return .attentionQuery
    case "W_K": return .attentionKey
    case "W_V": return .attentionValue
    case "W_O": return .attentionOutput
    case "b_Q", "b_K", "b_V", "b_O", "smear": return .attentionBias
    case "W_E": return .embedding
    case "W_pos": return .positionEmbedding
    case "W_U": return .unembedding
    case "b_U": return .fullyConnectedBias
    case "W_in", "W_out": return .perceptronWeight
    case "b_in", "b_out": return .perceptronBias
    case "w": return .layerNormWeight
    case "b": return .layerNormBias
    default: break
    }
    if leaf.hasPrefix("weight_ih") || leaf.hasPrefix("weight_hh") { return .recurrentWeight }
    if leaf.hasPrefix("bias_ih") || leaf.hasPrefix("bias_hh") { return .recurrentBias }
    guard leaf == "weight" || leaf == "bias" else { return .other }
    return layerKind(weightRank: weightRank, isBias: leaf == "bias")
  }

  private func layerKind(weightRank: Int?, isBias: Bool) -> ComponentKind {
    let words = module.split(separator: ".").map { $0.lowercased() }
    let word = words.last { Int($0) == nil } ?? ""
    let last = words.last ?? ""
    let isDownsample = word == "downsample" || word == "shortcut"
    let isLayerNorm =
      word.hasPrefix("ln") || word.contains("layernorm") || word.contains("layer_norm")
    var isNorm =
      isLayerNorm || word.hasPrefix("bn") || word.contains("norm") || isDownsample && last == "1"
    var isConvolution = word.contains("conv") || isDownsample && last == "0"
    if let weightRank {
      isNorm = weightRank == 1
      isConvolution = weightRank == 4
    }
    if isNorm && isLayerNorm { return isBias ? .layerNormBias : .layerNormWeight }
    if isNorm && isDownsample {
      return isBias ? .downsampleBatchNormBias : .downsampleBatchNormWeight
    }
    if isNorm { return isBias ? .batchNormBias : .batchNormWeight }
    if isConvolution && isBias { return .convolutionBias }
    if isConvolution { return isDownsample ? .downsampleConvolution : .convolution }
    if word.hasPrefix("embed") && !isBias { return .embedding }
    return isBias ? .fullyConnectedBias : .fullyConnectedWeight
  }
}

/// Counts the layers with a matrix or kernel, in the order of the names.
private struct DepthCounter {
  private var depths = [String: Int]()
  private var count = 0
  private var last = 0
  /// The depth of the first layer of each block, by the block's path.
  private var first = [String: Int]()

  mutating func next(_ kind: ComponentKind, _ module: String) -> Int {
    let block = parent(of: module)
    if kind.isDownsample { return first[parent(of: block)] ?? last }
    switch kind {
    case .batchNormWeight, .batchNormBias, .layerNormWeight, .layerNormBias, .positionEmbedding,
      .perceptronBias:
      return last
    case .perceptronWeight: break  // The two matrices of a perceptron are two layers of one module.
    default:
      if let known = depths[module] {
        last = known
        return known
      }
    }
    depths[module] = count
    if first[block] == nil { first[block] = count }
    last = count
    count += 1
    return last
  }

  private func parent(of path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
  }
}
