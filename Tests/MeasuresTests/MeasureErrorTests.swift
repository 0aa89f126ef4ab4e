import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct MeasureErrorTests {
  @Test(arguments: [
    (
      MeasureError.rowCountMismatch(measure: "distance", first: 3, second: 4),
      "distance: 3 rows cannot be paired with 4; row i of both must belong to one sample"
    ),
    (
      .tooFewSamples(measure: "twoNN", found: 2, needed: 3),
      "twoNN: 2 samples; at least 3 are needed"
    ),
    (
      .nonFiniteInput(measure: "norms", array: "the vector", index: 7),
      "norms: element 7 of the vector is not finite; remove such samples or find their cause"
    ),
    (
      .outOfRange(measure: "grokkingDelay", what: "threshold", value: 99, expected: "at most 1"),
      "grokkingDelay: threshold is 99.0; expected at most 1"
    ),
    (
      .notIncreasing(measure: "grokkingDelay", array: "steps", index: 3),
      "grokkingDelay: steps do not increase from element 2 to 3; sort the records and drop "
        + "repeated ones"
    ),
    (
      .undefined(measure: "cosineSimilarity", reason: "a vector of zeros has no direction"),
      "cosineSimilarity: a vector of zeros has no direction"
    ),
    (
      .numerics(
        measure: "capacity", .didNotConverge(operation: "least squares", count: 1)),
      "capacity: least squares: did not converge, 1 values still open; try Double or rescale the "
        + "matrix"
    ),
  ])
  func messages(error: MeasureError, message: String) {
    #expect(error.description == message)
  }
}
