/// Pairs of pictures of a real data set with known mutual information, for estimators on pictures.
extension LabeledExamples {
  /// Pairs of pictures whose classes are the letters of a noisy channel.
  ///
  /// X is a random picture of the class that the channel's first letter says, Y one of that of the second. Where the class can
  /// be read from every picture, I(X; Y) is that of the letters,
  /// ``KnownInformation/noisyChannel(letterCount:redrawProbability:)`` with as many letters as classes; else it is less.
  ///
  /// - Parameter redrawProbability: how often the second letter is drawn anew.
  /// - Parameter key: pair `i` is drawn from `key.fork(i)`.
  /// - Throws: `DatasetError.invalidSetting` for examples that are no vectors, a class without examples, or a probability
  ///   outside of 0...1.
  public func labelPairs(
    count: Int, redrawProbability: Double, key: RandomKey
  ) throws(DatasetError) -> PairedSample {
    let pictures = try vectors()
    let channel = KnownInformation.noisyChannel(
      letterCount: classCount, redrawProbability: redrawProbability)
    let letters = try channel.sample(count: count, key: key.fork("letters"))
    var members = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { members[Int(label)].append(index) }
    if let empty = members.firstIndex(where: \.isEmpty) {
      throw .invalidSetting(
        name: "examples", value: "none of class \(empty)", expected: "some of every class")
    }
    func chosen(_ letters: Matrix<Double>, _ name: String) -> Matrix<Double> {
      let rows = (0..<count).map { pair in
        let own = members[Int(letters[pair, 0])]
        return own[key.fork(name).fork(pair).integer(at: 0, in: 0..<own.count)]
      }
      return Matrix<Double>(pictures.selectingRows(rows))
    }
    return PairedSample(x: chosen(letters.x, "x"), y: chosen(letters.y, "y"))
  }

  /// Pairs of pictures that are as bright as a pair of dependent numbers says.
  ///
  /// X is a random picture, scaled to unit norm, times 1 + u, and Y another times 1 + v, with u and v from
  /// ``KnownInformation/uniform(correlations:)``. The number can be read off as the norm, and the pictures are independent:
  /// I(X; Y) = I(u; v) exactly.
  ///
  /// - Parameter key: pair `i` is drawn from `key.fork(i)`.
  /// - Throws: `DatasetError.invalidSetting` for examples that are no vectors, none that is not all zeros, or a correlation
  ///   not between −1 and 1.
  public func brightnessPairs(
    count: Int, correlation: Double, key: RandomKey
  ) throws(DatasetError) -> PairedSample {
    let pictures = Matrix<Double>(try vectors())
    let norms = (0..<pictures.rowCount).map { row in
      pictures.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let usable = norms.indices.filter { norms[$0] > 0 }
    guard !usable.isEmpty else {
      throw .invalidSetting(
        name: "examples", value: "all zeros", expected: "some that are not")
    }
    let numbers = try KnownInformation.uniform(correlations: [correlation])
      .sample(count: count, key: key.fork("numbers"))
    func scaled(_ numbers: Matrix<Double>, _ name: String) -> Matrix<Double> {
      let rows = (0..<count).map { pair in
        usable[key.fork(name).fork(pair).integer(at: 0, in: 0..<usable.count)]
      }
      var result = pictures.selectingRows(rows)
      for (pair, row) in rows.enumerated() {
        let factor = (1 + numbers[pair, 0]) / norms[row]
        for column in 0..<result.columnCount { result[pair, column] *= factor }
      }
      return result
    }
    return PairedSample(x: scaled(numbers.x, "x"), y: scaled(numbers.y, "y"))
  }

  private func vectors() throws(DatasetError) -> Matrix<Float> {
    guard case .features(let matrix) = inputs, numbers == nil else {
      throw .invalidSetting(
        name: "examples", value: "sequences or numbers to be told",
        expected: "vectors with a class each")
    }
    return matrix
  }
}
