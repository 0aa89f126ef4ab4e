import Foundation
import GrokNumerics

/// A real browser without a window, to open the pages that we write.
///
/// Tests that need it are skipped where it is not installed:
/// `@Test(.enabled(if: Chromium.isFound, "\(Chromium.howToProvide)"))`.
public enum Chromium {
  /// Whether it is installed here.
  public static var isFound: Bool { path != nil }

  /// What a skipped test says.
  public static let howToProvide = "install chromium"

  /// What failed when it ran.
  public struct Failure: Error, CustomStringConvertible {
    /// What was expected and what came.
    public let description: String
  }

  /// Opens a page and runs a script in it once it is loaded.
  ///
  /// The script calls `report(value)` with the value that is to come back, at once or later. Whatever the
  /// page complains of (errors that nobody catches, `console.error`, `console.warn`) comes back beside it.
  ///
  /// - Parameter page: HTML text.
  package static func run(
    _ script: String, in page: String, width: Int = 1100, height: Int = 1400
  ) throws -> (value: JSONValue, complaints: [String]) {
    let catcher = """
      <script>
      const complaints = [];
      addEventListener('error', event => complaints.push(event.message));
      addEventListener('unhandledrejection', event => complaints.push(String(event.reason)));
      for (const name of ['error', 'warn']) {
        const plain = console[name];
        console[name] = (...parts) => { complaints.push(parts.join(' ')); plain(...parts); };
      }
      const report = value => {
        const element = document.createElement('pre');
        element.id = 'value';
        element.textContent = encodeURIComponent(JSON.stringify({value, complaints}));
        document.body.append(element);
      };
      </script>
      """
    let whole =
      page
      .replacingOccurrences(
        of: "<meta charset=\"utf-8\">", with: "<meta charset=\"utf-8\">\(catcher)"
      )
      .replacingOccurrences(
        of: "</body>",
        with:
          "<script>addEventListener('load', () => setTimeout(() => {\(script)}, 50));</script></body>"
      )
    return try withPage(whole) { url, folder in
      let text = String(
        decoding: try start(
          ["--dump-dom", "--virtual-time-budget=20000", "--window-size=\(width),\(height)", url],
          folder),
        as: UTF8.self)
      guard let from = text.range(of: "<pre id=\"value\">"),
        let to = text[from.upperBound...].range(of: "</pre>"),
        let plain = text[from.upperBound..<to.lowerBound].removingPercentEncoding
      else { throw Failure(description: "the page reported no value: \(text.suffix(500))") }
      let result = try JSONValue(parsing: plain)
      return (result["value"] ?? .null, result["complaints"]?.array?.compactMap(\.string) ?? [])
    }
  }

  /// What a page looks like, as a PNG file.
  public static func screenshot(
    of page: String, width: Int = 1100, height: Int = 1400, isDark: Bool = false
  ) throws -> Data {
    try withPage(page) { url, folder in
      let path = folder + "/page.png"
      _ = try start(
        [
          "--hide-scrollbars", "--window-size=\(width),\(height)", "--screenshot=\(path)",
          "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", url,
        ], folder)
      return try Data(contentsOf: URL(fileURLWithPath: path))
    }
  }

  // MARK: The process

  private static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome"]
    return folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  private static func withPage<Result>(_ page: String, _ body: (String, String) throws -> Result)
    throws
    -> Result
  {
    try withTemporaryFolder { folder in
      let path = folder + "/page.html"
      try page.write(toFile: path, atomically: true, encoding: .utf8)
      return try body("file://" + path, folder)
    }
  }

  /// What the browser writes to standard output; it is stopped after two minutes.
  private static func start(_ arguments: [String], _ folder: String) throws -> Data {
    guard let path else { throw Failure(description: howToProvide) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments =
      ["--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/profile"]
      + arguments
    let output = folder + "/output"
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    // It complains of the buses that a machine without a desktop lacks.
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 120)
    while process.isRunning, Date() < deadline { usleep(20_000) }
    guard !process.isRunning else {
      process.terminate()
      throw Failure(description: "the browser took more than two minutes")
    }
    guard process.terminationStatus == 0 else {
      throw Failure(description: "the browser ended with status \(process.terminationStatus)")
    }
    return try Data(contentsOf: URL(fileURLWithPath: output))
  }
}
