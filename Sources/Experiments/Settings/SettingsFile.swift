import GrokTraining
import Yams

/// A settings file: what it builds upon, and values by dotted name.
struct SettingsFile {
  let path: String
  /// Presets and files whose values come first, as written.
  let base: [String]
  let values: [Value]

  struct Value {
    let path: String
    let text: String
    let line: Int
  }

  /// Reads a file of YAML: dotted names as nested maps or as they are, and `base`, a name or a list of names.
  init(contentsOf path: String) throws(ConfigurationError) {
    self.path = path
    guard let bytes = try? ByteSource(path: path).all() else {
      throw .badFile(path: path, problem: "cannot be read")
    }
    let document: Node?
    do {
      document = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw .badFile(path: path, problem: "is no YAML: \(problem(of: error))")
    }
    var reader = Reader(file: path)
    if let document {
      guard case .mapping(let mapping) = document else {
        throw .badFile(path: path, problem: "has no names with values")
      }
      try reader.read(mapping, at: "")
    }
    base = reader.base
    values = reader.values
  }

  /// A mistake in one line of the file.
  func error(line: Int, _ problem: String) -> ConfigurationError {
    .badFile(path: "\(path), line \(line)", problem: problem)
  }
}

private struct Reader {
  let file: String
  var base: [String] = []
  var values: [SettingsFile.Value] = []

  init(file: String) { self.file = file }

  mutating func read(_ mapping: Node.Mapping, at path: String) throws(ConfigurationError) {
    for (name, value) in mapping {
      guard let text = name.string else {
        throw .badFile(path: place(of: name), problem: "a name is missing")
      }
      if path.isEmpty && text == "base" {
        base = try names(value)
      } else {
        try read(value, at: path.isEmpty ? text : "\(path).\(text)")
      }
    }
  }

  private mutating func read(_ node: Node, at path: String) throws(ConfigurationError) {
    let text: String
    switch node {
    case .mapping(let mapping): return try read(mapping, at: path)
    case .scalar(let scalar): text = scalar.string
    // Widths, steps and names may be written as a list.
    case .sequence(let list): text = list.map { $0.string ?? "?" }.joined(separator: ",")
    case .alias: throw .badFile(path: place(of: node), problem: "\(path)=*: expected no aliases")
    }
    let line = node.mark?.line ?? 1
    if let before = values.first(where: { $0.path == path }) {
      throw .badFile(
        path: place(of: node), problem: "'\(path)' stands already in line \(before.line)")
    }
    values.append(.init(path: path, text: text, line: line))
  }

  private func names(_ node: Node) throws(ConfigurationError) -> [String] {
    let nodes: [Node] =
      if case .sequence(let list) = node { Array(list) } else { [node] }
    var names: [String] = []
    for node in nodes {
      guard let name = node.string, !name.isEmpty else {
        throw .badFile(
          path: place(of: node), problem: "base: expected a preset, a file, or a list of them")
      }
      names.append(name)
    }
    return names
  }

  private func place(of node: Node) -> String { "\(file), line \(node.mark?.line ?? 1)" }
}

/// What is wrong with a document, in one line.
private func problem(of error: any Error) -> String {
  switch error as? YamlError {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    "\(problem) in line \(mark.line), column \(mark.column)"
  case .duplicatedKeysInMapping(let names, _):
    "\(names.sorted().map { "'\($0)'" }.joined(separator: ", ")) occurs twice"
  default: "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
  }
}
