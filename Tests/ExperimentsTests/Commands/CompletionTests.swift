import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// What a shell offers after the tabulator key.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct CompletionTests {
  /// The words that bash offers for the last of `words`.
  private func offered(_ words: [String]) throws -> [String] {
    try withTemporaryFolder { folder in
      let program = try ProgramProcess.run(["--generate-completion-script", "bash"], in: folder)
      #expect(program.status == 0)
      try Data(program.output.utf8).write(to: URL(fileURLWithPath: folder + "/completion"))
      let list = words.map { "'\($0)'" }.joined(separator: " ")
      let script = """
        PATH='\((ProgramProcess.path! as NSString).deletingLastPathComponent)':$PATH
        source '\(folder)/completion'
        COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1)
        COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        _grokking grokking "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/bash")
      shell.arguments = ["--norc", "-c", script]
      let output = Pipe()
      shell.standardOutput = output
      try shell.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      shell.waitUntilExit()
      return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash"), "needs bash"))
  func bashOffersCommandsPresetsAndSettings() throws {
    #expect(try offered(["grokking", "res"]) == ["resume"])
    #expect(
      try offered(["grokking", "train", "--preset", "mod"]) == [
        "modular-addition", "modular-addition-paper", "modular-route-sample-size",
        "modular-route-weight-decay",
      ])
    #expect(
      try offered(["grokking", "train", "train.weight"]).contains("train.weightDecay="))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func scriptsAreMade(shell: String) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(["--generate-completion-script", shell], in: folder)
      #expect(end.status == 0 && end.output.contains("preset"))
    }
  }
}
