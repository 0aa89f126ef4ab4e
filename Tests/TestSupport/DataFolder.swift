import Foundation

/// The folder with real data sets, which the environment variable `GROK_DATA_DIR` names.
///
/// Tests that need it are skipped where it is unset:
/// `@Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))`.
public enum DataFolder {
  /// The folder, if the variable is set.
  public static let path: String? = ProcessInfo.processInfo.environment["GROK_DATA_DIR"]

  /// What a skipped test says.
  public static let howToProvide = "set GROK_DATA_DIR to a folder with the published data files"
}
