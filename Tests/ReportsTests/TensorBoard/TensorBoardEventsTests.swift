import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct TensorBoardEventsTests {
  /// Equal but for not-a-number, which equals nothing.
  private func text(_ events: [TensorBoardEvent]) -> String { "\(events)" }

  @Test(.tags(.law)) func eventsAreReadAsTheyWereWritten() throws {
    let events = try SampleEvents.all()
    let bytes = TensorBoardEvents.bytes(of: events)
    let file = try TensorBoardEvents(bytes: bytes, path: "events")
    #expect(text(file.events) == text(events))
    #expect(!file.endsUnfinished)
    #expect(TensorBoardEvents.bytes(of: file.events) == bytes)
  }

  @Test func eventsAreAddedOneByOne() throws {
    let events = try SampleEvents.all()
    try withTemporaryFolder { folder in
      let path = folder + "/events.out.tfevents.0.grok"
      for (index, event) in events.enumerated() {
        // A file that is there goes on without a second version.
        let file = try TensorBoardFile(appendingTo: path, wallTime: events[0].wallTime)
        try file.append(event)
        #expect(try TensorBoardEvents(contentsOf: path).events.count == index + 1)
      }
      #expect(try ByteSource(path: path).all() == TensorBoardEvents.bytes(of: events))
    }
  }

  /// Worked out by hand from event.proto and the description of TFRecord.
  @Test(.tags(.golden)) func theBytesOfAFileAreThese() {
    let event = TensorBoardEvent(wallTime: 2, step: 300, values: [.init("a/b", .scalar(0.5))])
    let bytes = TensorBoardEvents.bytes(of: [event])
    let version: [UInt8] =
      [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x1A, 0x0D] + Array("brain.Event:2".utf8)
    let body: [UInt8] =
      [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xAC, 0x02, 0x2A, 0x0C, 0x0A, 0x0A, 0x0A, 0x03]
      + Array("a/b".utf8) + [0x15, 0, 0, 0, 0x3F]
    #expect(bytes[0..<8] == [24, 0, 0, 0, 0, 0, 0, 0])
    // TensorFlow's files all begin with a version of 24 bytes, so with this checksum.
    #expect(bytes[8..<12] == [0xA3, 0x7F, 0x4B, 0x22])
    #expect(Array(bytes[12..<36]) == version)
    #expect(bytes[40..<48] == [26, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[52..<78]) == body)
    #expect(bytes.count == 82)
  }

  @Test func anUnfinishedLastEventIsLeftOut() throws {
    let events = try Array(SampleEvents.all().prefix(3))
    let bytes = TensorBoardEvents.bytes(of: events)
    let whole = TensorBoardEvents.bytes(of: events.dropLast())
    for count in whole.count + 1..<bytes.count {
      let file = try TensorBoardEvents(bytes: Array(bytes[..<count]), path: "events")
      #expect(file.events.count == 2 && file.endsUnfinished)
    }
    let exact = try TensorBoardEvents(bytes: whole, path: "events")
    #expect(exact.events.count == 2 && !exact.endsUnfinished)
    // A machine that went down may leave zeros where bytes were still to be written.
    let zeros = try TensorBoardEvents(
      bytes: whole + [UInt8](repeating: 0, count: 100), path: "events")
    #expect(zeros.events.count == 2 && zeros.endsUnfinished)
    let nothing = try TensorBoardEvents(bytes: [], path: "events")
    #expect(nothing.events.isEmpty && !nothing.endsUnfinished)
  }

  @Test func damageIsNamedInOneLine() throws {
    let event = TensorBoardEvent(wallTime: 2, step: 300, values: [.init("a/b", .scalar(0.5))])
    let bytes = TensorBoardEvents.bytes(of: [event])
    func message(_ change: (inout [UInt8]) -> Void) -> String? {
      var damaged = bytes
      change(&damaged)
      return #expect(throws: ArchiveError.self) {
        try TensorBoardEvents(bytes: damaged, path: "events")
      }?.description
    }
    #expect(
      message { $0[40] = 27 }?.hasPrefix(
        "events, byte 40: expected the length of an event with its checksum, found checksum ")
        == true)
    #expect(
      message { $0[60] ^= 1 }?.hasPrefix(
        "events, byte 52: expected an event with its checksum, found checksum ") == true)
    // The rest is behind good checksums.
    func framed(_ body: [UInt8]) -> [UInt8] {
      var writer = ProtobufWriter()
      TFRecord.append(to: &writer) { $0.bytes += body }
      return writer.bytes
    }
    #expect(
      message { $0 = framed([]) }
        == "events, byte 12: expected the version 'brain.Event:2', found no version")
    #expect(
      message { $0 = framed([0x1A, 1, 0x78]) }
        == "events, byte 12: expected the version 'brain.Event:2', found 'x'")
    #expect(
      message { $0 += framed([0x0B]) }
        == "events, byte 94: expected a field of a message, found wire type 3")
    #expect(
      message { $0 += framed([0x00, 0x00]) }
        == "events, byte 94: expected a field of a message, found number 0")
    #expect(
      message { $0 += framed([0x2A, 0x05, 0x0A]) }
        == "events, byte 96: expected a field of at most 1 bytes, found 5 bytes")
    #expect(
      message { $0 += framed([0x09, 0x05, 0x0A]) }
        == "events, byte 95: expected 8 bytes of a number, found 2")
    #expect(
      message { $0 += framed([0x10] + [UInt8](repeating: 0x80, count: 11)) }
        == "events, byte 105: expected a number of at most 10 bytes, found more")
    #expect(
      message { $0 += framed([0x08, 0x05]) }
        == "events, byte 96: expected a double, found another kind of field before it")
  }

  /// Damaged files give events or a typed error; so do damaged messages behind good checksums.
  @Test(.timeLimit(.minutes(5))) func hostileFilesGiveEventsOrAnError() throws {
    let bytes = TensorBoardEvents.bytes(of: try SampleEvents.all())
    let body: [UInt8] = {
      var writer = ProtobufWriter()
      for event in (try? SampleEvents.all()) ?? [] { writer.append(event) }
      return writer.bytes
    }()
    var mutator = FileMutator(seed: 9)
    var (readCount, errorCount) = (0, 0)
    for index in 0..<6_000 {
      var damaged: [UInt8]
      if index % 2 == 0 {
        damaged = mutator.mutated(bytes)
      } else {
        var writer = ProtobufWriter()
        TFRecord.append(to: &writer) { $0.appendVersion(wallTime: 1) }
        let message = mutator.mutated(body)
        TFRecord.append(to: &writer) { $0.bytes += message }
        damaged = writer.bytes
      }
      do {
        let file = try TensorBoardEvents(bytes: damaged, path: "damaged")
        readCount += 1
        _ = TensorBoardEvents.bytes(of: file.events)
      } catch {
        errorCount += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(readCount > 200 && errorCount > 200)
  }

  @Test func onlyPNGFilesArePictures() throws {
    let image = try TensorBoardImage(png: SampleEvents.png)
    #expect(image.width == 1 && image.height == 1 && image.channelCount == 1)
    for bytes in [[], Array(SampleEvents.png.prefix(20)), Array(repeating: 1, count: 40)] {
      let error = #expect(throws: TensorBoardError.self) { try TensorBoardImage(png: bytes) }
      #expect(error?.description == "a picture for TensorBoard must be a PNG file")
    }
  }

  @Test func settingsAreTypedByTheirText() {
    typealias Value = TensorBoardHyperparameters.Value
    #expect(Value(parsing: "true") == .flag(true))
    #expect(Value(parsing: "1e-3") == .number(1e-3))
    #expect(Value(parsing: "200x200") == .text("200x200"))
    #expect(Value(parsing: "nan") == .text("nan"))
    #expect(Value(parsing: "") == .text(""))
  }
}
