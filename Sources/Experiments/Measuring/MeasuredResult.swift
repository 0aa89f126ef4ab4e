/// What a number or an array of a measure is, and how tables and figures show it.
///
/// Most are written as a text, the meaning with its unit; figures then make their heading of the name.
struct MeasuredResult: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// What it is, with its unit; begins with `array` where it is one.
  let meaning: String
  /// The heading of its figures; empty makes one of the name.
  var title = ""
  /// The unit alone, for the axis; empty for none.
  var unit = ""
  /// The ends of the axis; `nil` fits the numbers.
  var range: ClosedRange<Double>?
  /// Whether it only explains others, so that figures and tables of it are folded away.
  var isMinor = false
  /// How an array is drawn; `nil` where it is not.
  var drawing: Drawing?
  /// Whether factors count rather than differences, so that half of a change is half of its logarithm.
  var isOfFactors = false

  /// The figures that an array can make.
  enum Drawing: Sendable {
    /// A matrix over pairs of steps, beside which its steps stand.
    case distances
    /// Numbers by rank at each step.
    case spectrum
    /// A matrix of true classes (rows) by classes of the largest output at each step.
    case confusion
    /// A number from 0 to 1 for each class at each step.
    case classes
  }

  init(
    _ meaning: String, title: String = "", unit: String = "", range: ClosedRange<Double>? = nil,
    isMinor: Bool = false, drawing: Drawing? = nil, isOfFactors: Bool = false
  ) {
    self.meaning = meaning
    self.title = title
    self.unit = unit
    self.range = range
    self.isMinor = isMinor
    self.drawing = drawing
    self.isOfFactors = isOfFactors
  }

  init(stringLiteral value: String) { self.init(value) }

  var isArray: Bool { meaning.hasPrefix("array") }
}

extension MeasuredResult {
  /// The heading of a result: `Center correlation` of `centerCorrelation`, `CKA, debiased` of `cka/debiased`.
  ///
  /// - Parameter name: As it is recorded; a number at its end stands for the N of the table.
  func title(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    if !title.isEmpty {
      return title.split(separator: " ", omittingEmptySubsequences: false)
        .map { $0 == "N" && Int(last) != nil ? last : String($0) }.joined(separator: " ")
    }
    return name.split(separator: "/").map { Self.words(String($0)) }.joined(separator: ", ")
      .capitalizedFirst
  }

  /// The label of an axis: the heading with the unit.
  func label(of name: String) -> String {
    unit.isEmpty ? title(of: name) : "\(title(of: name)) (\(unit))"
  }

  /// `center correlation` of `centerCorrelation`.
  private static func words(_ name: String) -> String {
    var words: [String] = [""]
    for character in name {
      if character.isUppercase, words[words.count - 1].last?.isUppercase != true {
        words.append("")
      }
      words[words.count - 1].append(character)
    }
    return words.filter { !$0.isEmpty }.map { word in
      let plain = word.lowercased()
      return properNames[plain] ?? (word.count > 1 && word == word.uppercased() ? word : plain)
    }.joined(separator: " ")
  }

  /// Words that are written in another way than in names.
  private static let properNames = [
    "jacobian": "Jacobian", "hessian": "Hessian", "gauss": "Gauss", "newton": "Newton",
    "fisher": "Fisher", "frobenius": "Frobenius", "cka": "CKA", "ntk": "NTK", "glue": "GLUE",
    "auroc": "AUROC", "nc1": "NC1", "nc2": "NC2", "nc3": "NC3", "nc4": "NC4",
  ]
}
