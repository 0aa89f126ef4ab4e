import GrokTraining

// The settings of the training, in the order of the tables and files.

extension Setting {
  static let trainSettings = [
    number("train.steps", \.train.steps, 0...Int(Int32.max), "updates in all"),
    number("train.batchSize", \.train.batchSize, 0...1_000_000, "examples a step; 0 takes all"),
    choice("train.loss", \.train.loss, "what is made small"),
    choice("train.optimizer", \.train.optimizer, "the update rule"),
    number("train.learningRate", \.train.learningRate, 0...1_000, "the optimizer's rate"),
    number(
      "train.weightDecay", \.train.weightDecay, 0...1_000,
      "decoupled with adamW, added to the gradient with adam and sgd"),
    number("train.beta1", \.train.beta1, 0...0.999_999, "adam, adamW: decay of the first moment"),
    number(
      "train.beta2", \.train.beta2, 0...0.999_999_9, "adam, adamW: decay of the second moment"),
    number("train.momentum", \.train.momentum, 0...0.999_999, "sgd: momentum"),
    flag("train.nesterov", \.train.nesterov, "sgd: Nesterov's momentum"),
    number(
      "train.warmUpSteps", \.train.warmUpSteps, 0...1_000_000,
      "the rate rises in a line from 0 over so many steps"),
    choice("train.rateCourse", \.train.rateCourse, "what the rate does after its rise"),
    number(
      "train.rateSteps", \.train.rateSteps, 0...Int(Int32.max),
      "cosine, linear: the step where the course ends; 0: the last of the training"),
    number(
      "train.finalRate", \.train.finalRate, 0...1, "cosine, linear: what is left, as a factor"),
    steps(
      "train.rateRestarts", \.train.rateRestarts,
      "the course of the rate ends ahead of these steps and begins anew at them"),
    number(
      "train.rateFallSteps", \.train.rateFallSteps, 1...Int(Int32.max),
      "stepwise: the rate falls after every so many steps"),
    number("train.rateFall", \.train.rateFall, 0...1, "stepwise: the factor by which it falls"),
    choice(
      "train.gradientFilter", \.train.gradientFilter,
      "exponential-average adds the average of gradients so far (Grokfast)"),
    number(
      "train.filterDecay", \.train.filterDecay, 0...0.999_999_9, "the filter: decay of the average"),
    number(
      "train.filterAmplification", \.train.filterAmplification, 0...1_000,
      "the filter: how much of the average is added"),
    flag(
      "train.orthogonalGradient", \.train.orthogonalGradient,
      "take out of each parameter's gradient what is along the parameter (⊥Grad)"),
    number(
      "train.maximumGradientNorm", \.train.maximumGradientNorm, 0...1e9,
      "a longer gradient is scaled down to this norm; 0: none is"),
    flag(
      "train.keepNorm", \.train.keepNorm,
      "scale the parameters after each step back to their norm at the start"),
    text(
      "train.groups", \.train.groups,
      "groups such as *.bias:1:0+head.*:10:1 (names, factor of the rate, factor of the decay), or none",
      "parameters with a rate and a decay of their own; the last that matches counts"),
    text(
      "train.freezing", \.train.freezing,
      "parts and steps such as stem@400+layer1@600, early-when-cool:0.5:5 or late-when-cool:0.5:5 (quantile and patience), "
        + "layerwise:300+600, or none",
      "parts that stop being trained from a step on, or once they have cooled; or stages trained one after the other, each "
        + "from its step on"),
    choice("train.precision", \.train.precision, "the precision of parameters and arithmetic"),
    number(
      "train.threads", \.train.threads, 1...256,
      "threads that share each operation; the numbers do not depend on it"),
    number(
      "train.accuracyThreshold", \.train.accuracyThreshold, 0...1,
      "the accuracy that counts as fitting and generalizing"),
  ]
}
