import GrokNumerics
import Testing

@Suite struct JSONTests {
  private static let documents: [(String, JSONValue)] = [
    ("null", .null),
    (" true ", true),
    ("[false,1, -2]", [false, 1, -2]),
    ("{}", [:]),
    ("[]", []),
    ("[[],{}]", [[], [:]]),
    ("-0", 0),
    ("9223372036854775807", .integer(Int128(Int64.max))),
    ("-9223372036854775808", .integer(Int128(Int64.min))),
    ("18446744073709551615", .integer(Int128(UInt64.max))),
    ("1.5e3", 1500.0),
    ("1E-2", 0.01),
    ("5e-324", .double(.leastNonzeroMagnitude)),
    ("1e-999", 0.0),
    (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"),
    (#""\u0041\u00e9\ud83d\ude00""#, "Aé😀"),
    ("\"é😀\"", "é😀"),
    ("\r\n\t{\"b\":1,\"a\":[2]}\n", ["b": 1, "a": [2]]),
  ]

  @Test(arguments: documents)
  func parses(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  private static let refusals: [(String, String)] = [
    ("", "JSON, byte 0: expected a value, found the end"),
    ("[1,]", "JSON, byte 3: expected a value, found ']'"),
    ("[1 2]", "JSON, byte 3: expected ',' or ']', found '2'"),
    ("{\"a\" 1}", "JSON, byte 5: expected ':', found '1'"),
    ("{a:1}", "JSON, byte 1: expected a name in quotes, found 'a'"),
    ("{\"a\":1,}", "JSON, byte 7: expected a name in quotes, found '}'"),
    ("{\"a\":1", "JSON, byte 6: expected ',' or '}', found the end"),
    ("{\"a\":1,\"a\":2}", "JSON, byte 7: the name \"a\" stands twice in one object"),
    ("nul", "JSON, byte 3: expected 'null', found the end"),
    ("NaN", "JSON, byte 0: expected a value, found 'N'"),
    ("1 2", "JSON, byte 2: expected the end, found '2'"),
    ("01", "JSON, byte 1: expected no digit after a leading zero, found '1'"),
    ("1.", "JSON, byte 2: expected a digit, found the end"),
    ("-x", "JSON, byte 1: expected a digit, found 'x'"),
    ("1e", "JSON, byte 2: expected a digit, found the end"),
    ("1e400", "JSON, byte 0: the number 1e400 does not fit in 64 bits"),
    (
      "18446744073709551616",
      "JSON, byte 0: the number 18446744073709551616 does not fit in 64 bits"
    ),
    ("\"a", "JSON, byte 2: expected a character or '\"', found the end"),
    ("\"\n\"", "JSON, byte 1: expected a character or '\"', found byte 0x0a"),
    (#""\x""#, "JSON, byte 2: expected an escape letter, found 'x'"),
    (#""\u00g0""#, "JSON, byte 5: expected a hexadecimal digit, found 'g'"),
    (#""\ud800""#, "JSON, byte 3: expected a character, found an unpaired surrogate"),
    (#""\udc00\ud800""#, "JSON, byte 3: expected a character, found an unpaired surrogate"),
    (#""\ud800\u0041""#, "JSON, byte 3: expected a character, found an unpaired surrogate"),
    ("\u{FEFF}1", "JSON, byte 0: expected a value, found byte 0xef"),
    ("[[[[1]]]]", "JSON, byte 3: nested deeper than 3 levels"),
  ]

  @Test(arguments: refusals)
  func refuses(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, depthLimit: 3) }
    #expect(error?.description == message)
  }

  @Test func refusesMalformedUTF8() {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: [0x22, 0x61, 0xC3, 0x28, 0x22])
    }
    #expect(error?.description == "JSON, byte 1: expected UTF-8 text, found malformed bytes")
  }

  @Test func nestsToTheLimitAndNoFurther() throws {
    let limit = JSONValue.defaultDepthLimit
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(limit))
    #expect(throws: JSONError.tooDeep(byteOffset: limit, limit: limit)) {
      try JSONValue(parsing: nested(limit + 1))
    }
    // A million brackets must neither overflow the stack nor take long.
    #expect(throws: JSONError.self) { try JSONValue(parsing: nested(1_000_000)) }
  }

  @Test func writesMembersInTheOrderOfAssignment() throws {
    var object: JSONObject = ["step": 3, "name": "train/loss", "value": 0.1]
    object["error"] = .null
    object["step"] = 4
    #expect(
      try JSONValue.object(object).text()
        == #"{"step":4,"name":"train/loss","value":0.1,"error":null}"#)
    object["name"] = nil
    #expect(object.keys == ["step", "value", "error"])
    #expect(object["error"] == .null)
    #expect(object == ["error": .null, "value": 0.1, "step": 4])
  }

  @Test func writesIndented() throws {
    let value: JSONValue = ["a": [1, 2], "b": [["c": true]], "d": [:]]
    #expect(
      try value.text(.indented) == """
        {
          "a": [1, 2],
          "b": [
            {
              "c": true
            }
          ],
          "d": {}
        }
        """)
  }

  @Test func writesControlCharactersAsEscapes() throws {
    #expect(
      try JSONValue.string("\u{0}\u{1F}\u{7F}\t\"\\é").text() == #""\u0000\u001f\u007f\t\"\\é""#)
  }

  @Test func refusesToWriteWhatIsNotFinite() {
    let error = #expect(throws: JSONError.self) {
      try (["a": [1, .double(.infinity)]] as JSONValue).text()
    }
    #expect(error?.description == "JSON has no way to write inf (at $.a[1])")
    #expect(JSONValue.finite(.nan) == .null)
    #expect(JSONValue.finite(2.5) == 2.5)
  }

  @Test func doublesAndIntegersSurviveTheRoundTrip() throws {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<5000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: state)
      if number.isFinite {
        let back = try JSONValue(parsing: JSONValue.double(number).text())
        guard case .double(let read) = back else {
          Issue.record("\(number) read as \(back.kind)")
          continue
        }
        #expect(read.bitPattern == state)
      }
      #expect(try JSONValue(parsing: JSONValue(state).text()).unsigned == state)
      let signed = Int64(bitPattern: state)
      #expect(try JSONValue(parsing: JSONValue(signed).text()).integer == Int(signed))
    }
  }

  @Test func accessorsAnswerOnlyForTheirKind() throws {
    let value = try JSONValue(parsing: #"{"i":3,"d":0.5,"s":"x","a":[1],"b":true,"n":null}"#)
    #expect(value["i"]?.integer == 3)
    #expect(value["i"]?.double == 3)
    #expect(value["d"]?.double == 0.5)
    #expect(value["d"]?.integer == nil)
    #expect(value["s"]?.string == "x")
    #expect(value["a"]?.array == [1])
    #expect(value["b"]?.bool == true)
    #expect(value["n"]?.kind == "null")
    #expect(value["zzz"] == nil)
    #expect(JSONValue(UInt64.max).integer == nil)
    #expect(JSONValue(-1).unsigned == nil)
  }
}
