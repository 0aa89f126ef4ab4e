import GrokTraining

// The settings of the network, in the order of the tables and files.

extension Setting {
  static let modelSettings = [
    choice("model.kind", \.model.kind, "the architecture"),
    text(
      "model.hidden", \.model.hidden, "widths such as 200x200, or none",
      "mlp, cnn, vgg11: the widths of the hidden layers; lstm: those of its layers"),
    number(
      "model.width", \.model.width, 1...65_536,
      "transformer: the width of the residual stream; lstm: that of an embedded token"),
    number("model.depth", \.model.depth, 1...1_024, "transformer: blocks"),
    number("model.headCount", \.model.headCount, 1...1_024, "transformer: attention heads"),
    number(
      "model.perceptronWidth", \.model.perceptronWidth, 0...1_000_000,
      "transformer: the width of the perceptrons; 0 for attention alone"),
    choice("model.layerNorm", \.model.layerNorm, "transformer: where layers are normalized"),
    choice("model.positions", \.model.positions, "transformer: what tells positions apart"),
    flag("model.tied", \.model.tied, "transformer: read tokens out with their embedding"),
    flag(
      "model.attentionBiases", \.model.attentionBiases,
      "transformer: biases of queries, keys, values and the output of attention"),
    flag(
      "model.smearedKeys", \.model.smearedKeys,
      "transformer: mix each key with that of the position before"),
    flag(
      "model.causal", \.model.causal, "transformer: a position sees only those up to itself"),
    text(
      "model.channels", \.model.channels, "widths such as 16x32, or none",
      "cnn: the channels of each 3x3 convolution, which a 2x2 maximum follows"),
    flag(
      "model.smallStem", \.model.smallStem,
      "resnet18: begin with a 3x3 convolution, and not with a 7x7 one and a maximum"),
    number(
      "model.dropout", \.model.dropout, 0...0.99,
      "cnn, vgg11: the share of the last hidden values that training drops"),
    choice("model.activation", \.model.activation, "the function between layers"),
    choice(
      "model.initialization", \.model.initialization,
      "initial numbers from the run's key, those that PyTorch has after torch.manual_seed(seed), or normal ones of "
        + "deviation 1/√inputs without tails, with biases of 0"),
    number(
      "model.initializationScale", \.model.initializationScale, 0...1_000,
      "a factor on all initial parameters, biases too"),
    number("model.outputScale", \.model.outputScale, 0...1e6, "a factor on the outputs"),
    flag(
      "model.linearized", \.model.linearized,
      "train the network's tangent at the initial parameters: features stay what they are"),
    flag("model.centered", \.model.centered, "subtract the outputs at the initial parameters"),
    number(
      "model.laziness", \.model.laziness, 1e-6...1e6,
      "with model.centered: a factor on the outputs, while the loss is divided by its square"),
    number(
      "model.noise", \.model.noise, 0...1_000,
      "the standard deviation of normal noise behind every layer, the outputs too"),
    choice(
      "model.noiseScale", \.model.noiseScale, "what it is measured in: fixed units, or each value"),
    choice(
      "model.noiseExtent", \.model.noiseExtent,
      "whether there is noise in training too, or only where the network is looked at"),
    file(
      "model.initialParameters", \.model.initialParameters,
      "start from these parameters, by name, in a safetensors or npz file"),
  ]
}
