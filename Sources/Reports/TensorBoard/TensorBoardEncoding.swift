// Field numbers are those of TensorFlow's event.proto, summary.proto, tensor.proto and of the hparams
// plugin's plugin_data.proto and api.proto.

extension ProtobufWriter {
  /// An `Event`.
  mutating func append(_ event: TensorBoardEvent) {
    double(1, event.wallTime)
    if event.step != 0 { integer(2, event.step) }
    message(5) { summary in
      for value in event.values { summary.append(value) }
    }
  }

  /// The `Event` that a file begins with.
  mutating func appendVersion(wallTime: Double) {
    double(1, wallTime)
    string(3, TensorBoardEvents.version)
  }

  /// A `Summary.Value`.
  private mutating func append(_ value: TensorBoardValue) {
    if case .other(let bytes) = value.content { return data(1, bytes) }
    message(1) { writer in
      writer.string(1, value.tag)
      switch value.content {
      case .scalar(let number): writer.float(2, number)
      case .image(let image): writer.message(4) { $0.append(image) }
      case .histogram(let histogram): writer.message(5) { $0.append(histogram) }
      case .text(let text):
        writer.message(9) { $0.appendMetadata(plugin: "text") { _ in } }
        writer.message(8) { tensor in
          tensor.integer(1, 7)  // DT_STRING
          tensor.message(2) { _ in }  // no axes
          tensor.string(8, text)
        }
      case .hyperparameters(let content):
        writer.message(9) { metadata in
          metadata.appendMetadata(plugin: "hparams") { $0.append(content) }
        }
        // The plugin's data are in its metadata; the tensor only has to be there.
        writer.message(8) { tensor in
          tensor.integer(1, 1)  // DT_FLOAT
          tensor.message(2) { $0.message(2) { _ in } }  // one axis of length 0
        }
      case .other: break
      }
    }
  }

  /// A `Summary.Image`.
  private mutating func append(_ image: TensorBoardImage) {
    integer(1, image.height)
    integer(2, image.width)
    integer(3, image.channelCount)
    data(4, image.png)
  }

  /// A `HistogramProto`.
  private mutating func append(_ histogram: TensorBoardHistogram) {
    double(1, histogram.minimum)
    double(2, histogram.maximum)
    double(3, histogram.count)
    double(4, histogram.sum)
    double(5, histogram.sumOfSquares)
    doubles(6, histogram.limits)
    doubles(7, histogram.counts)
  }

  /// `SummaryMetadata` of a tensor that a plugin shows.
  private mutating func appendMetadata(plugin: String, _ content: (inout ProtobufWriter) -> Void) {
    message(1) { data in
      data.string(1, plugin)
      data.message(2, content)
    }
    integer(4, 2)  // DATA_CLASS_TENSOR
  }

  /// `HParamsPluginData`.
  private mutating func append(_ content: TensorBoardHyperparameters) {
    switch content {
    case .experiment(let settings, let metrics):
      message(2) { experiment in
        for column in settings { experiment.message(4) { $0.appendSetting(column) } }
        for column in metrics { experiment.message(5) { $0.appendMetric(column) } }
      }
    case .start(let settings):
      message(3) { start in
        for setting in settings {
          start.message(1) { entry in
            entry.string(1, setting.name)
            entry.message(2) { $0.append(setting.value) }
          }
        }
      }
    case .end(let status): message(4) { $0.integer(1, status.rawValue) }
    }
  }

  /// A `google.protobuf.Value`.
  private mutating func append(_ value: TensorBoardHyperparameters.Value) {
    switch value {
    case .number(let number): double(2, number)
    case .text(let text): string(3, text)
    case .flag(let flag): integer(4, flag ? 1 : 0)
    }
  }

  private mutating func appendSetting(_ column: TensorBoardHyperparameters.Column) {
    string(1, column.name)
    if !column.description.isEmpty { string(3, column.description) }
    if column.kind != .unset { integer(4, column.kind.rawValue) }
  }

  private mutating func appendMetric(_ column: TensorBoardHyperparameters.Column) {
    message(1) { $0.string(2, column.name) }
    if !column.description.isEmpty { string(4, column.description) }
  }
}
