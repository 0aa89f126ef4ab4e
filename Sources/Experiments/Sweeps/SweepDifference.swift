extension Sweep {
  /// The first thing in which `other` asks for something else, in one line; `nil` where both are equal.
  func difference(from other: Sweep) -> String? {
    for (here, there) in zip(base.table, other.base.table) where here.value != there.value {
      return "\(here.path) is \(here.value) there and \(there.value) here"
    }
    let (before, now) = (axes.map(\.paths), other.axes.map(\.paths))
    guard before == now else {
      func text(_ axes: [[String]]) -> String {
        axes.isEmpty ? "nothing" : axes.map { $0.joined(separator: ",") }.joined(separator: ", ")
      }
      return "\(text(before)) varies there and \(text(now)) here"
    }
    for (here, there) in zip(axes, other.axes) where here != there {
      let path = here.paths.joined(separator: ",")
      guard here.count == there.count else {
        return "\(path) has \(here.count) values there and \(there.count) here"
      }
      guard let position = here.values.indices.first(where: { here.values[$0] != there.values[$0] })
      else { continue }
      let (old, new) = (here.values[position], there.values[position])
      return "value \(position + 1) of \(path) is \(old.joined(separator: ",")) there and "
        + "\(new.joined(separator: ",")) here"
    }
    return nil
  }
}
