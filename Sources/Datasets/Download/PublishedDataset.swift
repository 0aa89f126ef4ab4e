/// A file on the net whose exact contents are known.
public struct PublishedFile: Sendable, Hashable {
  /// Its name in the folder of the data set.
  public let name: String
  /// Its size.
  public let byteCount: Int
  /// SHA-256 of its bytes as they are fetched: 64 lower-case hexadecimal digits.
  public let sha256: String
  /// Where it can be fetched from, the best first.
  public let mirrors: [String]

  /// A file.
  public init(name: String, byteCount: Int, sha256: String, mirrors: [String]) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
    self.mirrors = mirrors
  }
}

/// The files of a data set that can be fetched.
public struct PublishedDataset: Sendable, Hashable {
  /// The name, also of the folder that the files belong in.
  public let name: String
  /// What it is, in one line.
  public let summary: String
  /// The files.
  public let files: [PublishedFile]

  /// A data set.
  public init(name: String, summary: String, files: [PublishedFile]) {
    self.name = name
    self.summary = summary
    self.files = files
  }

  /// The size of all files.
  public var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

  /// The data set of a name.
  ///
  /// - Throws: `DatasetError.unknownDataset` with the close names.
  public static func named(_ name: String) throws(DatasetError) -> PublishedDataset {
    guard let dataset = all.first(where: { $0.name == name }) else {
      throw .unknownDataset(name: name, known: all.map(\.name))
    }
    return dataset
  }
}

// MARK: - The data sets

extension PublishedDataset {
  /// All that are known here. Sizes and digests are those that TensorFlow Datasets has checked for years
  /// (`tensorflow_datasets/url_checksums`).
  public static let all = [mnist, fashionMNIST, kmnist, emnist, cifar10, cifar100, shakespeare]

  static let mnist = PublishedDataset(
    name: "mnist", summary: "handwritten digits",
    files: pictures(
      at: [
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
      ],
      [
        (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
      ]))

  static let fashionMNIST = PublishedDataset(
    name: "fashion-mnist", summary: "clothes, in the format of MNIST",
    files: pictures(
      at: [
        "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      ],
      [
        (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
      ]))

  static let kmnist = PublishedDataset(
    name: "kmnist", summary: "cursive hiragana, in the format of MNIST",
    files: pictures(
      at: [
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
      ],
      [
        (18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
        (29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
        (3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
        (5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
      ]))

  static let emnist = PublishedDataset(
    name: "emnist", summary: "handwritten letters and digits, all splits",
    files: [
      PublishedFile(
        name: "gzip.zip", byteCount: 561_753_746,
        sha256: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
        mirrors: [
          "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
          "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip",
        ])
    ])

  static let cifar10 = PublishedDataset(
    name: "cifar10", summary: "small color pictures of 10 classes",
    files: [
      PublishedFile(
        name: "cifar-10-binary.tar.gz", byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        mirrors: ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"])
    ])

  static let cifar100 = PublishedDataset(
    name: "cifar100", summary: "small color pictures of 100 classes, or of 20",
    files: [
      PublishedFile(
        name: "cifar-100-binary.tar.gz", byteCount: 168_513_733,
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        mirrors: ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"])
    ])

  static let shakespeare = PublishedDataset(
    name: "text", summary: "1.1 MB of English plays",
    files: [
      PublishedFile(
        name: "tinyshakespeare.txt", byteCount: 1_115_394,
        sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        mirrors: [
          "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"
        ])
    ])

  /// The four files of a data set in the format of MNIST: sizes and digests of training pictures and labels, test
  /// pictures and labels.
  private static func pictures(
    at bases: [String], _ contents: [(byteCount: Int, sha256: String)]
  ) -> [PublishedFile] {
    let names = [
      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz",
    ]
    return zip(names, contents).map { name, contents in
      PublishedFile(
        name: name, byteCount: contents.byteCount, sha256: contents.sha256,
        mirrors: bases.map { $0 + name })
    }
  }
}
