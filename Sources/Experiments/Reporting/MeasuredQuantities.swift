import GrokReports

/// What measures on checkpoints have recorded, sorted for reading: by topic and quantity as the table of measures
/// has them, and of each quantity a curve for every layer and set of examples.
struct MeasuredQuantities: Sendable {
  /// One curve.
  struct Member: Sendable, Hashable {
    /// The name of its records: `test/capacity/hidden.0`.
    var name: String
    /// `test` or `train`; empty for what does not depend on examples.
    var examples: String
    /// Empty for what belongs to no layer.
    var layer: String
  }

  /// One quantity with its curves, those of test examples first, the layers in their order.
  struct Quantity: Sendable {
    /// `capacity`
    var name: String
    var result: MeasuredResult
    /// The measure that gives it.
    var measure: NamedMeasure
    var members: [Member]

    var title: String { result.title(of: name) }
    /// The sets of examples, `test` first.
    var sets: [String] { distinct(members.map(\.examples)) }
    /// The layers in their order; empty for what belongs to none.
    var layers: [String] { distinct(members.map(\.layer).filter { !$0.isEmpty }) }
  }

  /// Quantities that are about the same.
  struct Topic: Sendable {
    var title: String
    var quantities: [Quantity]
  }

  private(set) var topics: [Topic] = []
  /// All layers, from the input to the outputs.
  private(set) var layers: [String] = []
  /// Names that no measure of the table gives.
  private(set) var others: [String] = []

  /// - Parameter names: Names of records, in the order of their first ones.
  init(_ names: [String]) {
    let table = MeasureTable()
    var found: [Int: [String: [Member]]] = [:]
    for name in names {
      guard let (place, quantity, member) = table.parts(of: name) else {
        others.append(name)
        continue
      }
      found[place, default: [:]][quantity, default: []].append(member)
    }
    layers = Self.layers(
      found.filter { !table.entries[$0.key].isOfWeights }.values.flatMap(\.values))
    for (place, entry) in table.entries.enumerated() {
      let quantities = (found[place] ?? [:]).map { name, members in
        Quantity(
          name: name, result: entry.result, measure: entry.measure, members: inOrder(members))
      }
      guard !quantities.isEmpty else { continue }
      if topics.last?.title != entry.topic {
        topics.append(Topic(title: entry.topic, quantities: []))
      }
      // Those of one entry differ by a number: `gride/2`, `gride/4`.
      topics[topics.count - 1].quantities += quantities.sorted {
        ($0.name.count, $0.name) < ($1.name.count, $1.name)
      }
    }
  }

  /// The same with bits for nats in the words, and the names of the records whose numbers have to be divided by
  /// ln 2 for that.
  var inBits: (quantities: MeasuredQuantities, names: Set<String>) {
    var (copy, names) = (self, Set<String>())
    for topic in topics.indices {
      for (index, quantity) in topics[topic].quantities.enumerated()
      where quantity.result.unit == "nats" {
        copy.topics[topic].quantities[index].result.unit = "bits"
        names.formUnion(quantity.members.map(\.name))
      }
    }
    return (copy, names)
  }

  /// All quantities in order.
  var quantities: [Quantity] { topics.flatMap(\.quantities) }

  private func inOrder(_ members: [Member]) -> [Member] {
    func key(_ member: Member) -> (Int, Int) {
      (
        ["test", "train"].firstIndex(of: member.examples) ?? 2,
        member.layer.isEmpty ? -1 : layers.firstIndex(of: member.layer) ?? layers.count
      )
    }
    return members.enumerated().sorted {
      let (left, right) = (key($0.element), key($1.element))
      return left == right ? $0.offset < $1.offset : left < right
    }.map(\.element)
  }

  /// The layers of all curves, in the order in which they were recorded: that of the quantity with most layers,
  /// then others.
  private static func layers(_ members: [[Member]]) -> [String] {
    let lists = members.flatMap { members in
      Dictionary(grouping: members, by: \.examples).values
        .map { distinct($0.map(\.layer).filter { !$0.isEmpty }) }
    }
    let sorted = lists.sorted {
      $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count
    }
    let all = distinct(sorted.flatMap { $0 })
    return all.filter { $0 == inputLayer } + all.filter { $0 != inputLayer }
  }
}

/// The results of all measures by name, for the names of records to be taken apart.
private struct MeasureTable {
  struct Entry {
    var topic: String
    var measure: NamedMeasure
    var result: MeasuredResult

    /// Whether it is of parameters rather than of layers.
    var isOfWeights: Bool {
      switch measure.body {
      case .weights: true
      case .training(let measure): measure.isOfParameters
      default: false
      }
    }
  }

  private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  init() {
    for (title, measures) in NamedMeasure.topics {
      for measure in measures {
        for (name, result) in measure.results {
          // The first measure that gives it.
          if places[name] == nil { places[name] = entries.count }
          entries.append(Entry(topic: title, measure: measure, result: result))
        }
      }
    }
  }

  /// The place of a record's quantity in the table, its name, and which curve of it the record belongs to; `nil`
  /// where no measure gives it.
  func parts(of name: String) -> (Int, String, MeasuredQuantities.Member)? {
    guard !Quantity.isOfTraining(name) else { return nil }
    let parts = name.split(separator: "/").map(String.init)
    // Most quantities are those of a set of examples, which comes first: `test`, `all`, `rotation:30`.
    return self.parts(of: name, parts.dropFirst(), examples: parts.first ?? "")
      ?? self.parts(of: name, parts[...], examples: "")
  }

  private func parts(of name: String, _ slice: ArraySlice<String>, examples: String) -> (
    Int, String, MeasuredQuantities.Member
  )? {
    let parts = Array(slice)
    // The longest name that fits; the layer is behind it.
    for count in stride(from: parts.count, to: 0, by: -1) {
      let quantity = parts[..<count].joined(separator: "/")
      let pattern = (parts[..<(count - 1)] + ["N"]).joined(separator: "/")
      let isNumbered = Int(parts[count - 1]) != nil
      if !isNumbered, count == parts.count, let place = places[pattern],
        entries[place].isOfWeights
      {
        return (place, pattern, .init(name: name, examples: examples, layer: parts[count - 1]))
      }
      guard let place = places[quantity] ?? (isNumbered ? places[pattern] : nil) else { continue }
      let layer = parts[count...].joined(separator: "/")
      return (place, quantity, .init(name: name, examples: examples, layer: layer))
    }
    return nil
  }
}

/// The distinct elements in the order in which they come first.
func distinct<Element: Hashable>(_ all: [Element]) -> [Element] {
  var seen: Set<Element> = []
  return all.filter { seen.insert($0).inserted }
}
