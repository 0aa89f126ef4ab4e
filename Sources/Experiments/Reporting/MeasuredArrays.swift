import GrokReports
import GrokTraining

/// The arrays that measures on checkpoints have left in a run folder.
struct MeasuredArrays {
  /// An array at each of some steps.
  struct Stack {
    /// `test` or `train`; empty for what does not depend on examples.
    var examples: String
    /// Empty for what belongs to no layer.
    var layer: String
    var steps: [Int]
    /// The extents of the array of one step.
    var shape: [Int]
    /// Those of all steps, one after the other, row by row.
    var values: [Double]

    /// What comes before the names of its set of examples: `test/`; empty for none.
    var prefix: String { examples.isEmpty ? "" : examples + "/" }

    /// The array at a place among the steps.
    subscript(place: Int) -> ArraySlice<Double> {
      let count = shape.reduce(1, *)
      return values[place * count..<(place + 1) * count]
    }

    /// The place of the step nearest to another on a logarithmic axis.
    func place(nearest step: Int) -> Int? {
      func distance(_ place: Int) -> Double {
        (logarithm10(Double(steps[place]) + 1) - logarithm10(Double(step) + 1)).magnitude
      }
      return steps.indices.min { distance($0) < distance($1) }
    }
  }

  private let archives: [Archive]

  /// The arrays beside the records of a run. What cannot be read is left out: a measurement may be writing it again.
  init(folder: String) {
    let path = folder + "/" + Run.measuresFolder
    archives = Folder.names(in: path).filter { $0.hasSuffix(".npz") }
      .compactMap { try? Archive(contentsOf: path + "/" + $0) }
  }

  /// The arrays of a name that were measured step by step, test examples first, then in the order of the files.
  func stacks(of name: String) -> [Stack] {
    let all = archives.flatMap { archive in
      archive.names.compactMap { stack(name, in: archive, from: $0) }
    }
    return all.filter { $0.examples == "test" } + all.filter { $0.examples != "test" }
  }

  /// A vector over the whole training.
  func vector(named name: String) -> [Double]? {
    archives.lazy.compactMap { $0.names.contains(name) ? try? $0.doubles(name) : nil }.first
  }

  private func stack(_ name: String, in archive: Archive, from full: String) -> Stack? {
    guard full.hasSuffix("/value") else { return nil }
    let base = full.dropLast("/value".count)
    var parts = base.split(separator: "/").map(String.init)
    let examples = ["test", "train"].contains(parts.first) ? parts.removeFirst() : ""
    let rest = parts.joined(separator: "/")
    guard rest == name || rest.hasPrefix(name + "/"),
      let array = try? archive.array(full), let values = try? archive.doubles(full),
      let steps = try? archive.integers(base + "/step"), array.shape.first == steps.count,
      !steps.isEmpty
    else { return nil }
    return Stack(
      examples: examples, layer: String(rest.dropFirst(name.count + 1)), steps: steps,
      shape: Array(array.shape.dropFirst()), values: values)
  }

  /// An array over all steps together; `nil` where there is none.
  func array(_ name: String) -> [Double]? {
    archives.lazy.compactMap { try? $0.doubles(name) }.first
  }

  /// A matrix over pairs of steps, as `SET/NAME` with its steps as `SET/NAMESteps`.
  func stepMatrices(of name: String) -> [(examples: String, steps: [Int], matrix: Matrix<Double>)] {
    archives.flatMap { archive in
      ["test", "train", ""].compactMap { examples in
        let full = examples.isEmpty ? name : "\(examples)/\(name)"
        guard archive.names.contains(full), let matrix = try? archive.matrix(full),
          let numbers = try? archive.doubles(full + "Steps"),
          case let steps = numbers.compactMap({ Int(exactly: $0) }),
          steps.count == matrix.rowCount, steps.count == matrix.columnCount,
          zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return (examples, steps, matrix)
      }
    }
  }
}
