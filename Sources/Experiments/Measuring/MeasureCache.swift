/// Values that are made once and used at every checkpoint. Used from one thread at a time.
final class MeasureCache: @unchecked Sendable {
  private var values: [String: any Sendable] = [:]

  func value<Value: Sendable>(named name: String, _ make: () throws -> Value) rethrows -> Value {
    if let value = values[name] as? Value { return value }
    let value = try make()
    values[name] = value
    return value
  }
}
