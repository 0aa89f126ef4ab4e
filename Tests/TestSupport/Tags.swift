import Testing

/// What kind of proof a test is.
extension Tag {
  /// Derivatives against central differences in `Double`.
  @Tag public static var gradient: Self
  /// An exact fact: a closed form, a symmetry, an invariance.
  @Tag public static var law: Self
  /// A fast path equals the plain path on random input.
  @Tag public static var oracle: Self
  /// Equals the stored output of a reference program.
  @Tag public static var golden: Self
  /// Fixed keys, many draws, a tolerance in standard errors.
  @Tag public static var statistical: Self
  /// Stop and resume equals never stopping; one thread equals many.
  @Tag public static var resume: Self
  /// Runs on a Slurm of this machine, which it starts itself.
  @Tag public static var slurm: Self
  /// Reproduces a published curve; runs nightly.
  @Tag public static var slow: Self
}
