import GrokTraining

extension Settings {
  /// The training.
  public struct Train: Sendable, Equatable {
    /// The update rule.
    public enum Rule: String, Sendable, CaseIterable {
      // The raw values are their names.
      case sgd, adam, adamW
    }

    /// The precision of parameters and arithmetic.
    public enum Arithmetic: String, Sendable, CaseIterable {
      // The raw values are their names.
      case float, double
    }

    /// What the rate does after its rise.
    public enum RateCourse: String, Sendable, CaseIterable {
      // The raw values are their names.
      case constant, cosine, linear, stepwise
    }

    /// What strengthens slow parts of the gradient.
    public enum Filter: String, Sendable, CaseIterable {
      case none
      case exponentialAverage = "exponential-average"
    }

    /// The loss.
    public enum Objective: String, Sendable, CaseIterable {
      case crossEntropy = "cross-entropy"
      case meanSquaredError = "mean-squared-error"
      case stableMax = "stablemax"
    }

    /// Updates in all.
    public var steps = 20_000
    /// Examples a step; 0 takes all.
    public var batchSize = 0
    /// What is made small.
    public var loss = Objective.crossEntropy
    /// The update rule.
    public var optimizer = Rule.adamW
    /// The optimizer's rate.
    public var learningRate = 1e-3
    /// Decoupled with AdamW, added to the gradient with Adam and SGD.
    public var weightDecay = 1.0
    /// Adam, AdamW: decay of the first moment.
    public var beta1 = 0.9
    /// Adam, AdamW: decay of the second moment.
    public var beta2 = 0.98
    /// SGD: momentum.
    public var momentum = 0.0
    /// SGD: Nesterov's momentum.
    public var nesterov = false
    /// The rate rises in a line from 0 over so many steps.
    public var warmUpSteps = 10
    /// What the rate does after its rise.
    public var rateCourse = RateCourse.constant
    /// Cosine, linear: the step where it ends; 0: the last.
    public var rateSteps = 0
    /// Cosine, linear: what is left of the rate at the end, as a factor.
    public var finalRate = 0.0
    /// The course begins anew at these steps.
    public var rateRestarts = Steps()
    /// Stepwise: the rate falls after every so many steps.
    public var rateFallSteps = 1_000
    /// Stepwise: the factor by which it falls.
    public var rateFall = 0.1
    /// Strengthens slow parts of the gradient.
    public var gradientFilter = Filter.none
    /// The filter: decay of the average, α.
    public var filterDecay = 0.98
    /// The filter: how much of the average is added, λ.
    public var filterAmplification = 2.0
    /// Takes out of each parameter's gradient what is along the parameter.
    public var orthogonalGradient = false
    /// A longer gradient is scaled down to this norm; 0: none is.
    public var maximumGradientNorm = 0.0
    /// Scales the parameters after each step back to their norm at the start.
    public var keepNorm = false
    /// Parameters with a rate and a decay of their own.
    public var groups = Groups()
    /// What stops being trained, and when.
    public var freezing = FreezingText()
    /// The precision of parameters and arithmetic.
    public var precision = Arithmetic.float
    /// Threads that share each operation; the numbers do not depend on it.
    public var threads = 2
    /// The accuracy that counts as fitting and generalizing.
    public var accuracyThreshold = 0.99
  }

  /// When records are made, and what of the motion of the weights.
  public struct Recording: Sendable, Equatable {
    /// Whether records are made as a published program made them.
    public enum Compatibility: String, Sendable, CaseIterable {
      /// Losses and accuracies of all examples.
      case corrected
      /// As the program that first drew grokking on the information plane: of whole batches of 256 only; and besides ours an
      /// event file with its names and its sums.
      case original
    }

    /// What is recorded of how the weights move.
    public enum Motion: String, Sendable, CaseIterable {
      /// Nothing.
      case none
      /// Gradient, update and weights of every component.
      case norms
      /// These, and updates and gradients beside those of the step before.
      case comparisons
      /// These, and the distance from the start.
      case everything
    }

    /// So many to each factor of 10 of steps, evenly spaced on a logarithmic axis; 0: none.
    public var perDecade = 20
    /// Also one every so many steps; 0: none.
    public var every = 100
    /// Also at these steps.
    public var at = Steps()
    /// Whether the run folder gets an event file for TensorBoard.
    public var tensorBoard = true
    /// What losses and accuracies are of, and how an event file calls them.
    public var compatibility = Compatibility.corrected
    /// TensorBoard: so many histograms of each parameter to each factor of 10 of steps; 0: none.
    public var histogramsPerDecade = 2
    /// What is recorded of how the weights move.
    public var motion = Motion.none
    /// Motion: of every so many steps the last one.
    public var motionEvery = 1
    /// Motion: steps are counted anew in each epoch.
    public var motionInEpochs = false
    /// The arithmetic of all updates so far.
    public var operations = false
  }

  /// When checkpoints are written.
  public struct Checkpoints: Sendable, Equatable {
    /// So many to each factor of 10 of steps, evenly spaced on a logarithmic axis; 0: none.
    public var perDecade = 2
    /// Also one every so many steps; 0: none.
    public var every = 0
    /// Of those, how many of the newest stay; 0: all.
    public var keep = 0
    /// Also at these steps.
    public var at = Steps()
    /// Seconds without a checkpoint after which one is written for safety; 0: never.
    public var safetySeconds = 300.0
  }
}
