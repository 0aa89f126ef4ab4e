import GrokReports
import Testing

@testable import GrokExperiments

@Suite struct MeasuredQuantitiesTests {
  private let names = [
    "train/loss", "test/loss", "weights/norm", "test/cka/hidden.0", "test/cka/debiased/hidden.0",
    "train/capacity/hidden.0", "train/capacity/output", "test/capacity/input",
    "test/capacity/hidden.0", "test/capacity/hidden.1", "test/capacity/output",
    "test/gride/4/hidden.0", "test/gride/16/hidden.0", "test/inputJacobian/largest",
    "test/somethingElse/hidden.0", "radius/hidden.0",
  ]

  @Test func namesAreTakenApart() throws {
    let measured = MeasuredQuantities(names)
    #expect(
      measured.others == ["train/loss", "test/loss", "weights/norm", "test/somethingElse/hidden.0"])
    #expect(measured.layers == ["input", "hidden.0", "hidden.1", "output"])
    #expect(
      measured.topics.map(\.title) == [
        "Geometry of classes", "Similarity of representations", "Intrinsic dimension", "Jacobians",
      ])
    #expect(
      measured.quantities.map(\.name) == [
        "capacity", "radius", "cka", "cka/debiased", "gride/4", "gride/16", "inputJacobian/largest",
      ])
    let capacity = try #require(measured.quantities.first)
    #expect(capacity.sets == ["test", "train"])
    #expect(
      capacity.members.map(\.name) == [
        "test/capacity/input", "test/capacity/hidden.0", "test/capacity/hidden.1",
        "test/capacity/output", "train/capacity/hidden.0", "train/capacity/output",
      ])
    #expect(
      measured.quantities[1].members == [
        .init(name: "radius/hidden.0", examples: "", layer: "hidden.0")
      ])
    #expect(measured.quantities[6].layers.isEmpty)
  }

  /// Parameters stand where layers do, but are none.
  @Test func quantitiesOfParametersAreOneFigure() throws {
    let measured = MeasuredQuantities([
      "weights/norm", "weights/norm/hidden.0.weight", "weights/norm/output.weight",
      "rotation/hidden.0.weight", "rotation", "test/capacity/output",
    ])
    #expect(measured.others == ["weights/norm"] && measured.layers == ["output"])
    #expect(
      measured.quantities.map(\.name) == ["capacity", "weights/norm/N", "rotation", "rotation/N"])
    #expect(measured.quantities[1].layers == ["hidden.0.weight", "output.weight"])
    #expect(measured.quantities[1].title == "Norms of parameters")
    #expect(measured.quantities[2].layers.isEmpty)
  }

  @Test func titlesAreMadeOfNamesAndTheTable() throws {
    let measured = MeasuredQuantities(names)
    #expect(
      measured.quantities.map(\.title) == [
        "Capacity", "Radius", "CKA", "CKA, debiased", "GRIDE dimension, 4 neighbors",
        "GRIDE dimension, 16 neighbors", "Input Jacobian, largest",
      ])
    let angle = try #require(MeasuredQuantities(["test/shape/angle/output"]).quantities.first)
    #expect(angle.result.label(of: angle.name) == "Angular distance (radians)")
    let plain: MeasuredResult = "any"
    #expect(plain.title(of: "centerAxesAlignment") == "Center axes alignment")
    #expect(plain.title(of: "probe/NC1") == "Probe, NC1")
    #expect(plain.title(of: "hessianTrace") == "Hessian trace")
  }

  /// Every number of every measure has a place in a report, under a name that no other has.
  @Test func theTableNamesEachQuantityOnce() {
    let results = NamedMeasure.all.flatMap(\.results).filter { !$0.value.isArray }
    #expect(Set(results.map(\.key)).count == results.count)
    let titles = results.map { $0.value.title(of: $0.key) }
    #expect(Set(titles).count == titles.count, "\(titles.sorted())")
    for (name, _) in results {
      let recorded = name.replacing("/N", with: "/8")
      #expect(MeasuredQuantities(["test/\(recorded)/hidden.0"]).quantities.first?.name == recorded)
    }
  }

  @Test func axesFitTheNumbers() throws {
    let quantities = MeasuredQuantities(["test/capacity/output", "test/cka/output"]).quantities
    func points(_ values: [Double]) -> [Plot.Point] {
      values.enumerated().map { Plot.Point(x: Double($0), y: $1) }
    }
    #expect(quantities[0].axis(showing: points([0.1, 0.9])) == .linear("Capacity"))
    #expect(quantities[0].axis(showing: points([0.1, .nan, 90])) == .logarithmic("Capacity"))
    #expect(quantities[0].axis(showing: points([0, 90])) == .linear("Capacity"))
    #expect(quantities[1].axis(showing: points([0.001, 0.9])) == .linear("CKA", range: 0...1))
  }
}
