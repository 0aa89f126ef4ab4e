import Foundation
import Testing

/// The import rules of Docs/Design.md §2, held against the sources: arrows never point up.
@Suite struct ImportTableTests {
  private static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Synchronization",
  ]
  private static let shims: Set<String> = ["COpenBLAS", "CLAPACKE", "CZlib"]

  /// Folder under Sources, and the modules that its files may import besides the system's.
  private static let rules: [(folder: String, allowed: Set<String>)] = [
    ("Numerics", shims.union(["GrokKernels"])),
    ("Tensor", ["GrokNumerics", "GrokKernels"]),
    ("Models", ["GrokTensor", "GrokNumerics"]),
    ("Datasets", ["GrokNumerics"]),
    ("Measures", ["GrokNumerics"]),
    ("Reports", ["GrokNumerics"]),
    (
      "Training",
      ["GrokKernels", "GrokNumerics", "GrokTensor", "GrokModels", "GrokDatasets", "GrokMeasures"]
    ),
    (
      "Experiments",
      [
        "GrokTraining", "GrokReports", "GrokNumerics", "GrokMeasures", "GrokModels", "GrokDatasets",
        "ArgumentParser", "Yams",
      ]
    ),
    ("Examples", ["GrokExperiments"]),
  ]

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func files(below folder: URL, ending: [String]) throws -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { ending.contains($0.pathExtension) }
  }

  private static func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ").map(String.init)[...]
      while let word = words.first, word.hasPrefix("@") || ["internal", "public"].contains(word) {
        words = words.dropFirst()
      }
      return words.first == "import" && words.count >= 2 ? words[words.startIndex + 1] : nil
    }
  }

  @Test(arguments: rules.map(\.folder))
  func importsPointDown(_ folder: String) throws {
    let allowed = Self.rules.first { $0.folder == folder }!.allowed.union(Self.system)
    let files = try Self.files(
      below: Self.root.appendingPathComponent("Sources/\(folder)"), ending: ["swift"])
    #expect(!files.isEmpty, "Sources/\(folder) has no Swift files")
    for file in files {
      for module in try Self.imports(of: file) where !allowed.contains(module) {
        Issue.record("\(folder)/\(file.lastPathComponent) imports \(module)")
      }
    }
  }

  @Test func everyFolderHasARule() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appendingPathComponent("Sources").path)
    let known = Set(Self.rules.map(\.folder)).union(["Shims", "Kernels"])
    #expect(Set(folders).subtracting(known).isEmpty, "\(folders.sorted())")
  }

  @Test func theDesignPageHasARowForEveryFolder() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("Docs/Design.md"), encoding: .utf8)
    for rule in Self.rules where rule.folder != "Examples" {
      #expect(page.contains("| `\(rule.folder)` → `Grok\(rule.folder)` |"), "\(rule.folder)")
    }
  }

  /// Only programs and tests know third-party packages, and no target names a processor.
  @Test func manifestKeepsItsPromises() throws {
    let manifest = try String(
      contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    #expect(!manifest.contains("-march") && !manifest.contains("-target-cpu"))
    #expect(manifest.components(separatedBy: "unsafeFlags").count == 2)
  }
}
