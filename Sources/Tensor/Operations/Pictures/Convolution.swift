import GrokKernels

extension Tensor {
  /// A convolution of pictures, as PyTorch's `Conv2d`: `f(self ⋆ weight + bias)`.
  ///
  /// - Shapes: This tensor `[height, width, examples, inputs]`; `weight`
  ///   `[outputs, inputs / groupCount, kernelHeight, kernelWidth]`; `bias` `[outputs]`; the result
  ///   `[outputHeight, outputWidth, examples, outputs]`.
  /// - Parameter groupCount: Parts into which the channels are split; each reads its own inputs.
  public func convolved(
    with weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    windows: PictureWindows, groupCount: Int = 1
  ) -> Tensor {
    windows.check(shape, "convolve")
    precondition(
      weight.shape.rank == 4 && weight.shape[1] * groupCount == shape[3]
        && weight.shape[0] % groupCount == 0 && weight.shape[2] == windows.kernelHeight
        && weight.shape[3] == windows.kernelWidth,
      "convolve: \(shape) meets weights \(weight.shape) in \(groupCount) groups")
    precondition(
      bias.map { $0.shape == Shape(weight.shape[0]) } ?? true,
      "convolve: bias \(bias?.shape ?? []) for \(weight.shape[0]) outputs")
    if activation.needsInput {
      return convolved(with: weight, bias: bias, windows: windows, groupCount: groupCount)
        .activated(activation)
    }
    let result = slabProduct(
      weight, SlabMap(windows: windows, isTransposed: false, groupCount: groupCount), bias: bias,
      activation: activation)
    return result.recorded(
      Convolution(windows: windows, groupCount: groupCount, activation: activation),
      from: self, weight, bias)
  }

  /// The gradient of ``convolved(with:bias:activation:windows:groupCount:)`` by the pictures, given that of
  /// its result: a transposed convolution.
  func convolvedBack(with weight: Tensor, windows: PictureWindows, groupCount: Int) -> Tensor {
    slabProduct(
      weight, SlabMap(windows: windows, isTransposed: true, groupCount: groupCount), bias: nil,
      activation: .identity
    ).recorded(TransposedConvolution(windows: windows, groupCount: groupCount), from: self, weight)
  }

  /// The gradient of a convolution of these pictures by its weights, given that of its result.
  func convolutionWeightGradient(
    _ upstream: Tensor, windows: PictureWindows, groupCount: Int, into destination: Tensor? = nil
  ) -> Tensor {
    let result =
      destination
      ?? Tensor(
        uninitialized: [
          upstream.shape[3], shape[3] / groupCount, windows.kernelHeight, windows.kernelWidth,
        ], in: Engine.common(self, upstream))
    slabWeightGradient(upstream, windows: windows, groupCount: groupCount, into: result)
    return result.recorded(
      ConvolutionWeightGradient(windows: windows, groupCount: groupCount), from: self, upstream)
  }
}

// MARK: - Gradients: each of the three products is linear in both operands, and its gradients are the others

private struct Convolution<Scalar: RealScalar>: DifferentiableOperation, ProductOperation {
  let windows: PictureWindows
  let groupCount: Int
  let activation: Activation

  // Each weight meets every place of its output, those at the margin too.
  func multiplicationCount(first: Shape, second: Shape, output: Shape) -> Int {
    second.count * (output.count / second[0])
  }

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, weight) = (record.first, record.second!)
    let dz =
      gradients.isRecording
      ? .activationGradient(activation, input: x, output: record.output, upstream: upstream)
      : upstream.timesSlope(of: activation, output: record.output)
    if gradients.isListening && tellFactors(dz, x, to: gradients) {
      // Only the gradient by the pictures is left.
    } else {
      if gradients.needs(1) {
        let destination = gradients.destination(for: 1)
        gradients.add(
          x.convolutionWeightGradient(
            dz, windows: windows, groupCount: groupCount, into: destination), to: 1)
      }
      gradients.add(dz.sum(to: Shape(dz.shape[3])), to: 2)
    }
    gradients.add(
      dz.convolvedBack(with: weight, windows: windows, groupCount: groupCount), to: 0)
  }

  /// Hands over patches and sensitivities, with the positions of each example; false for groups, and where
  /// weights or bias are no parameters themselves.
  private func tellFactors(
    _ dz: Tensor<Scalar>, _ x: Tensor<Scalar>, to gradients: InputGradients<Scalar>
  ) -> Bool {
    guard groupCount == 1, let weight = gradients.listenedRange(of: 1) else { return false }
    let bias = gradients.listenedRange(of: 2)
    if gradients.needs(2) && bias == nil { return false }
    let positions = dz.permuted([2, 0, 1, 3]).reshaped(
      to: Shape(dz.shape[2], dz.shape[0] * dz.shape[1], dz.shape[3]))
    gradients.tell(
      .linear(
        LinearFactors(
          weight: weight, bias: bias, inputs: x.patches(windows), upstream: positions,
          dz: positions, slope: nil)))
    return true
  }
}

private struct TransposedConvolution<Scalar: RealScalar>: DifferentiableOperation {
  let windows: PictureWindows
  let groupCount: Int
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(
      upstream.convolved(with: record.second!, windows: windows, groupCount: groupCount), to: 0)
    gradients.add(
      upstream.convolutionWeightGradient(record.first, windows: windows, groupCount: groupCount),
      to: 1)
  }
}

private struct ConvolutionWeightGradient<Scalar: RealScalar>: DifferentiableOperation {
  let windows: PictureWindows
  let groupCount: Int
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(
      record.second!.convolvedBack(with: upstream, windows: windows, groupCount: groupCount), to: 0)
    gradients.add(
      record.first.convolved(with: upstream, windows: windows, groupCount: groupCount), to: 1)
  }
}

// MARK: - The plain form

extension Tensor {
  /// ``convolved(with:bias:activation:windows:groupCount:)`` by its definition, one multiplication after
  /// the other and not recorded; the two agree.
  func plainConvolution(
    with weight: Tensor, bias: Tensor? = nil, windows: PictureWindows, groupCount: Int = 1
  ) -> Tensor {
    let (examples, inputs, outputs) = (shape[2], shape[3], weight.shape[0])
    let (perGroup, perGroupOut) = (inputs / groupCount, outputs / groupCount)
    let (x, w, taps) = (values, weight.values, windows.kernelCount)
    var result: [Scalar] = []
    for pixel in 0..<windows.outputHeight * windows.outputWidth {
      for example in 0..<examples {
        for output in 0..<outputs {
          var sum = bias?.values[output] ?? 0
          for tap in 0..<taps {
            let source = windows.table[pixel, tap]
            guard source >= 0 else { continue }
            for input in 0..<perGroup {
              let channel = output / perGroupOut * perGroup + input
              sum +=
                x[(source * examples + example) * inputs + channel]
                * w[(output * perGroup + input) * taps + tap]
            }
          }
          result.append(sum)
        }
      }
    }
    return Tensor(result, shape: windows.outputShape(of: shape, channels: outputs))
  }

  /// What each window holds, with the examples first and channels outside taps, as weights have them:
  /// `[examples, positions, inputs·kernel]`; not recorded.
  func patches(_ windows: PictureWindows) -> Tensor {
    let (examples, inputs, taps) = (shape[2], shape[3], windows.kernelCount)
    let positions = windows.outputHeight * windows.outputWidth
    let result = Tensor(
      repeating: 0, shape: Shape(examples, positions, inputs * taps), engine: engine)
    let (from, to) = (pointer, result.mutablePointer)
    for pixel in 0..<positions {
      for tap in 0..<taps where windows.table[pixel, tap] >= 0 {
        let source = windows.table[pixel, tap]
        for example in 0..<examples {
          let row = from + (source * examples + example) * inputs
          let target = to + (example * positions + pixel) * inputs * taps + tap
          for input in 0..<inputs { target[input * taps] = row[input] }
        }
      }
    }
    return result
  }
}
