import Foundation

/// A program of other people that is installed here, to check what we write against.
///
/// Tests that need one are skipped where it is missing:
/// `@Test(.enabled(if: InstalledProgram.pdffonts.isFound, "\(InstalledProgram.pdffonts.howToProvide)"))`.
public struct InstalledProgram: Sendable {
  /// Lists the fonts of a PDF file.
  public static let pdffonts = InstalledProgram("pdffonts", package: "poppler-utils")
  /// Reads the text of a PDF file.
  public static let pdftotext = InstalledProgram("pdftotext", package: "poppler-utils")
  /// Draws the pages of a PDF file.
  public static let pdftoppm = InstalledProgram("pdftoppm", package: "poppler-utils")
  /// Draws an SVG file.
  public static let rsvgConvert = InstalledProgram("rsvg-convert", package: "librsvg2-bin")

  /// Runs scripts that need Python's own library alone; ``PeerPython`` has more.
  public static let python = InstalledProgram("python3", package: "python3")

  /// What a skipped test says.
  public let howToProvide: String
  private let path: String?

  /// The program of a name, which Debian has in `package`.
  public init(_ name: String, package: String) {
    howToProvide = "install \(package), for \(name)"
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    path = folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Whether there is such a program here.
  public var isFound: Bool { path != nil }

  /// What failed when the program ran.
  public struct Failure: Error, CustomStringConvertible {
    /// The last lines that it wrote to its standard error.
    public let description: String
  }

  /// Runs the program and gives what it writes to standard output.
  public func run(_ arguments: [String]) throws -> Data {
    guard let path else { throw Failure(description: howToProvide) }
    return try Self.output(of: [path] + arguments)
  }

  /// Runs a command, by its path and arguments, and gives what it writes to standard output.
  static func output(of command: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Programs here write little to standard error, so reading one pipe after the other cannot block.
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: message.suffix(2000), as: UTF8.self))
    }
    return data
  }
}
