/// The semantic version of this library; what it promises is in `Docs/Interfaces/GrokExperiments.txt`.
///
/// It stands on all the others, so its version is that of the programs and of the package's tags.
public enum GrokExperimentsVersion {
  /// Major, minor and patch, as `"0.2.0"`.
  public static let current = "0.2.0"
}
