import GrokModels

/// A network that gives a number to a pair of samples: two hidden layers on both side by side, leaky ReLU between.
struct Critic: Sendable {
  let layout: ParameterLayout
  private let xCount, yCount: Int
  private let hiddenCount: Int

  private static let function = Activation.leakyReLU(slope: 0.01)

  init(xCount: Int, yCount: Int, hiddenWidths: [Int]) {
    self.xCount = xCount
    self.yCount = yCount
    hiddenCount = hiddenWidths.count
    var layout = ParameterLayout()
    let widths = [xCount + yCount] + hiddenWidths + [1]
    for (index, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      layout.append("\(index).weight", Shape(outputs, inputs), .kaimingUniform(fanIn: inputs))
      layout.append(
        "\(index).bias", Shape(outputs), .uniform(bound: 1 / Double(inputs).squareRoot()))
    }
    self.layout = layout
  }

  /// T(x_i, y_i) of paired rows: `[n]`.
  func ofPairs(
    _ x: Tensor<Float>, _ y: Tensor<Float>, _ parameters: Parameters<Float>
  ) -> Tensor<Float> {
    deeper(sum(of: x, and: y, parameters), parameters)
  }

  /// T(x_i, y_j) of all pairs of rows: `[n, m]`.
  func ofAll(
    _ x: Tensor<Float>, _ y: Tensor<Float>, _ parameters: Parameters<Float>
  ) -> Tensor<Float> {
    let (n, m) = (x.shape[0], y.shape[0])
    let (left, right) = parts(of: x, and: y, parameters)
    let width = left.shape[1]
    let rows = (left.reshaped(to: Shape(n, 1, width)) + right.reshaped(to: Shape(1, m, width)))
      .reshaped(to: Shape(n * m, width)).activated(Self.function)
    return deeper(rows, parameters).reshaped(to: Shape(n, m))
  }

  /// The first layer is a sum of a part of x and one of y, so that all pairs share it.
  private func parts(
    of x: Tensor<Float>, and y: Tensor<Float>, _ parameters: Parameters<Float>
  ) -> (x: Tensor<Float>, y: Tensor<Float>) {
    let weight = parameters["0.weight"]
    return (
      x.linear(weight: weight.slice(axis: 1, 0..<xCount), bias: parameters["0.bias"]),
      y.linear(weight: weight.slice(axis: 1, xCount..<xCount + yCount))
    )
  }

  private func sum(
    of x: Tensor<Float>, and y: Tensor<Float>, _ parameters: Parameters<Float>
  ) -> Tensor<Float> {
    let (left, right) = parts(of: x, and: y, parameters)
    return (left + right).activated(Self.function)
  }

  private func deeper(
    _ rows: Tensor<Float>, _ parameters: Parameters<Float>
  ) -> Tensor<Float> {
    var rows = rows
    for index in 1...hiddenCount {
      rows = rows.linear(
        weight: parameters["\(index).weight"], bias: parameters["\(index).bias"],
        activation: index == hiddenCount ? .identity : Self.function)
    }
    return rows.reshaped(to: Shape(rows.shape[0]))
  }
}
