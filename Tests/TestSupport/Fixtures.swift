import Foundation

/// The location of a file under `Tests/Fixtures/`.
public func fixtureURL(_ path: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(path)
}

/// The contents of a file under `Tests/Fixtures/`.
public func fixture(_ path: String) throws -> Data {
  try Data(contentsOf: fixtureURL(path))
}

/// The decoded contents of a JSON file under `Tests/Fixtures/`.
public func fixture<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value {
  try JSONDecoder().decode(type, from: fixture(path))
}
