extension Settings.Data.Name {
  /// What reports call the data set.
  var title: String {
    switch self {
    case .modularArithmetic: "Modular arithmetic"
    case .mnist: "Handwritten digits"
    case .fashionMNIST: "Pictures of clothes"
    case .kmnist: "Cursive hiragana"
    case .emnist: "Handwritten characters"
    case .syntheticCharacters: "Made-up characters"
    case .cifar10: "Color pictures (CIFAR-10)"
    case .cifar100: "Color pictures (CIFAR-100)"
    case .cifar100Coarse: "Color pictures (CIFAR-100, 20 classes)"
    case .permutationGroup: "Products of permutations"
    case .sparseParity: "Sparse parity"
    case .icosahedron: "Patterns on an icosahedron"
    case .digitAddition: "Addition digit by digit"
    case .repeatedTokens: "Repeated tokens"
    case .skipTrigrams: "Skip trigrams"
    case .teacherStudent: "Teacher and student"
    case .polynomialRegression: "Polynomial regression"
    case .syntheticManifolds: "Synthetic manifolds"
    case .text: "Text"
    }
  }
}
