/// The results of `body` for every number in `0 ..< count`, in order, computed on the threads of
/// `workers` or, where nil, on this one.
///
/// - Throws: the error of the lowest number that failed.
func concurrentMap<Value>(
  count: Int, workers: Workers?, _ body: @Sendable (Int) throws(MeasureError) -> Value
) throws(MeasureError) -> [Value] {
  guard let workers, count > 1 else {
    var results = [Value]()
    for index in 0..<count { results.append(try body(index)) }
    return results
  }
  var results = [Result<Value, MeasureError>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let slots = buffer
    workers.forEach(blockCount: count) { index in
      do throws(MeasureError) {
        slots[index] = .success(try body(index))
      } catch {
        slots[index] = .failure(error)
      }
    }
  }
  var values = [Value]()
  for result in results {
    if let result { values.append(try result.get()) }
  }
  return values
}

/// The value of `body`, with an error of a decomposition told as one of `measure`.
func decomposing<Value>(
  _ measure: String, _ body: () throws(NumericsError) -> Value
) throws(MeasureError) -> Value {
  do throws(NumericsError) {
    return try body()
  } catch {
    throw .numerics(measure: measure, error)
  }
}
