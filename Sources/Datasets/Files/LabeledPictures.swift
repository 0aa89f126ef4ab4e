/// How two IDX files, of pictures and of labels, become examples: the part that all data sets in the
/// format of MNIST share.
struct LabeledPictures {
  /// The rows and columns of a picture.
  static let side = 28

  /// What messages call the data set.
  let title: String
  let classCount: Int
  /// The label in the file that stands for class 0.
  var firstLabel: Int32 = 0
  /// Whether the files hold the columns of a picture one after the other.
  var isTransposed = false

  /// Reads the first `count` examples of one half of the data set.
  ///
  /// - Parameter names: The file of pictures and the file of labels.
  /// - Parameter read: Finds and reads a file; the path is for messages.
  /// - Throws: `DatasetError`.
  func load(
    _ split: MNIST.Split, names: [String], count: Int?,
    read: (String) throws(DatasetError) -> (file: IDX, path: String)
  ) throws(DatasetError) -> (examples: LabeledExamples, digests: [String: String]) {
    let side = Self.side
    let images = try read(names[0])
    try check(images, "uint8 pictures [n, \(side), \(side)]") { $0.dropFirst() == [side, side] }
    let exampleCount = images.file.array.shape[0]
    let labels = try read(names[1])
    try check(labels, "uint8 labels [\(exampleCount)]") { $0 == [exampleCount] }
    let count = count ?? exampleCount
    guard count >= 0, count <= exampleCount else {
      throw .invalidSetting(
        name: "the number of examples of \(title) for \(split)", value: "\(count)",
        expected: "at most \(exampleCount)")
    }
    let pixels = images.file.array.floats(firstCount: count * side * side, dividedBy: 255)
    let examples = try LabeledExamples(
      inputs: .features(
        Matrix(
          values: isTransposed ? transposed(pixels) : pixels, rowCount: count,
          columnCount: side * side)),
      labels: labels.file.array.bytes.prefix(count).map { Int32($0) - firstLabel },
      classCount: classCount)
    return (examples, [names[0]: images.file.sha256, names[1]: labels.file.sha256])
  }

  private func check(
    _ read: (file: IDX, path: String), _ expected: String, _ isExpected: ([Int]) -> Bool
  ) throws(DatasetError) {
    let array = read.file.array
    guard array.elementType == .uint8, isExpected(array.shape) else {
      throw .unexpectedArray(
        path: read.path, expected: expected, found: "\(array.elementType) \(array.shape)")
    }
  }

  /// Each picture with rows and columns exchanged.
  private func transposed(_ pixels: [Float]) -> [Float] {
    let side = Self.side
    var result = pixels
    for start in stride(from: 0, to: pixels.count, by: side * side) {
      for row in 0..<side {
        for column in 0..<side {
          result[start + row * side + column] = pixels[start + column * side + row]
        }
      }
    }
    return result
  }
}
