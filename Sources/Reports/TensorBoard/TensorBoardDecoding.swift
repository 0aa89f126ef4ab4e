import GrokNumerics

extension ProtobufReader {
  /// An `Event`, and the version that it announces.
  mutating func event() throws(ArchiveError) -> (event: TensorBoardEvent, version: String?) {
    var event = TensorBoardEvent(wallTime: 0, step: 0, values: [])
    var version: String?
    while let (field, value) = try next() {
      switch field {
      case 1: event.wallTime = try double(value)
      case 2: event.step = try integer(value)
      case 3: version = try string(value)
      case 5:
        var summary = try message(value)
        while let (field, value) = try summary.next() {
          if field == 1 { event.values.append(try summary.summaryValue(value)) }
        }
      default: break
      }
    }
    return (event, version)
  }

  /// A `Summary.Value`.
  private func summaryValue(_ value: Value) throws(ArchiveError) -> TensorBoardValue {
    var fields = try message(value)
    var tag = ""
    var content: TensorBoardValue.Content?
    var plugin: (name: String, content: ProtobufReader)?
    var text: String?
    while let (field, value) = try fields.next() {
      switch field {
      case 1: tag = try fields.string(value)
      case 2: content = .scalar(try fields.float(value))
      case 4: content = .image(try fields.image(value))
      case 5: content = .histogram(try fields.histogram(value))
      case 8: text = try fields.onlyString(ofTensor: value)
      case 9: plugin = try fields.plugin(ofMetadata: value)
      default: break
      }
    }
    if let plugin {
      switch plugin.name {
      case "text": if let text { content = .text(text) }
      case "hparams":
        let found = try plugin.content.hyperparameters()
        if let found, found.tag == tag { content = .hyperparameters(found) }
      default: break
      }
    }
    if let content { return TensorBoardValue(tag, content) }
    return TensorBoardValue(tag, .other(try data(value)))
  }

  /// A `Summary.Image`.
  private func image(_ value: Value) throws(ArchiveError) -> TensorBoardImage {
    var fields = try message(value)
    var (height, width, channelCount, png) = (0, 0, 0, [UInt8]())
    while let (field, value) = try fields.next() {
      switch field {
      case 1: height = try fields.integer(value)
      case 2: width = try fields.integer(value)
      case 3: channelCount = try fields.integer(value)
      case 4: png = try fields.data(value)
      default: break
      }
    }
    return TensorBoardImage(width: width, height: height, channelCount: channelCount, png: png)
  }

  /// A `HistogramProto`.
  private func histogram(_ value: Value) throws(ArchiveError) -> TensorBoardHistogram {
    var fields = try message(value)
    var histogram = TensorBoardHistogram()
    while let (field, value) = try fields.next() {
      switch field {
      case 1: histogram.minimum = try fields.double(value)
      case 2: histogram.maximum = try fields.double(value)
      case 3: histogram.count = try fields.double(value)
      case 4: histogram.sum = try fields.double(value)
      case 5: histogram.sumOfSquares = try fields.double(value)
      case 6: histogram.limits += try fields.doubles(value)
      case 7: histogram.counts += try fields.doubles(value)
      default: break
      }
    }
    return histogram
  }

  /// The string of a `TensorProto`; `nil` where it has none or several.
  private func onlyString(ofTensor value: Value) throws(ArchiveError) -> String? {
    var fields = try message(value)
    var strings: [String] = []
    while let (field, value) = try fields.next() {
      if field == 8 { strings.append(try fields.string(value)) }
    }
    return strings.count == 1 ? strings[0] : nil
  }

  /// Name and content of the plugin that shows a tensor.
  private func plugin(
    ofMetadata value: Value
  ) throws(ArchiveError) -> (name: String, content: ProtobufReader)? {
    var metadata = try message(value)
    var name = ""
    var content: ProtobufReader?
    while let (field, value) = try metadata.next() {
      guard field == 1 else { continue }
      var data = try metadata.message(value)
      while let (field, value) = try data.next() {
        if field == 1 { name = try data.string(value) }
        if field == 2 { content = try data.message(value) }
      }
    }
    return content.map { (name, $0) }
  }
}

// MARK: - Settings

extension ProtobufReader {
  /// `HParamsPluginData`; `nil` where it has none of the three messages.
  fileprivate func hyperparameters() throws(ArchiveError) -> TensorBoardHyperparameters? {
    var fields = self
    var result: TensorBoardHyperparameters?
    while let (field, value) = try fields.next() {
      switch field {
      case 2: result = try fields.experiment(value)
      case 3: result = .start(try fields.settings(ofStart: value))
      case 4: result = .end(try fields.status(ofEnd: value))
      default: break
      }
    }
    return result
  }

  private func experiment(_ value: Value) throws(ArchiveError) -> TensorBoardHyperparameters {
    var fields = try message(value)
    var settings: [TensorBoardHyperparameters.Column] = []
    var metrics: [TensorBoardHyperparameters.Column] = []
    while let (field, value) = try fields.next() {
      if field == 4 { settings.append(try fields.setting(value)) }
      if field == 5 { metrics.append(try fields.metric(value)) }
    }
    return .experiment(settings: settings, metrics: metrics)
  }

  private func setting(_ value: Value) throws(ArchiveError) -> TensorBoardHyperparameters.Column {
    var fields = try message(value)
    var column = TensorBoardHyperparameters.Column("")
    while let (field, value) = try fields.next() {
      switch field {
      case 1: column.name = try fields.string(value)
      case 3: column.description = try fields.string(value)
      case 4: column.kind = .init(rawValue: try fields.integer(value)) ?? .unset
      default: break
      }
    }
    return column
  }

  private func metric(_ value: Value) throws(ArchiveError) -> TensorBoardHyperparameters.Column {
    var fields = try message(value)
    var column = TensorBoardHyperparameters.Column("")
    while let (field, value) = try fields.next() {
      if field == 1 {
        var name = try fields.message(value)
        while let (field, value) = try name.next() {
          if field == 2 { column.name = try name.string(value) }
        }
      }
      if field == 4 { column.description = try fields.string(value) }
    }
    return column
  }

  private func settings(
    ofStart value: Value
  ) throws(ArchiveError) -> [TensorBoardHyperparameters.Setting] {
    var fields = try message(value)
    var settings: [TensorBoardHyperparameters.Setting] = []
    while let (field, value) = try fields.next() {
      guard field == 1 else { continue }
      var entry = try fields.message(value)
      var setting = TensorBoardHyperparameters.Setting("", .text(""))
      while let (field, value) = try entry.next() {
        if field == 1 { setting.name = try entry.string(value) }
        if field == 2 { setting.value = try entry.settingValue(value) }
      }
      settings.append(setting)
    }
    return settings
  }

  /// A `google.protobuf.Value`.
  private func settingValue(_ value: Value) throws(ArchiveError) -> TensorBoardHyperparameters.Value
  {
    var fields = try message(value)
    var result = TensorBoardHyperparameters.Value.text("")
    while let (field, value) = try fields.next() {
      switch field {
      case 2: result = .number(try fields.double(value))
      case 3: result = .text(try fields.string(value))
      case 4: result = .flag(try fields.integer(value) != 0)
      default: break
      }
    }
    return result
  }

  private func status(
    ofEnd value: Value
  ) throws(ArchiveError) -> TensorBoardHyperparameters.Status {
    var fields = try message(value)
    var status = TensorBoardHyperparameters.Status.unknown
    while let (field, value) = try fields.next() {
      if field == 1 { status = .init(rawValue: try fields.integer(value)) ?? .unknown }
    }
    return status
  }
}
