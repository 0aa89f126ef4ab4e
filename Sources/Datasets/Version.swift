/// The semantic version of this library; what it promises is in `Docs/Interfaces/GrokDatasets.txt`.
public enum GrokDatasetsVersion {
  /// Major, minor and patch, as `"0.2.0"`.
  public static let current = "0.2.0"
}
