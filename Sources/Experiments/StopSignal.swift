import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Turns SIGINT and SIGTERM into a question that the training asks before each step, so that it ends
/// with a checkpoint. A second signal ends the program at once.
enum StopSignal {
  // A signal handler can reach nothing else.
  private static let received = Atomic<Int32>(0)

  private static let isPatient = Atomic<Bool>(false)

  static func listen(to numbers: [Int32] = [SIGINT, SIGTERM]) {
    // A program that starts this one from one of its worker threads may hand on a mask that blocks both.
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in numbers {
      sigaddset(&mask, number)
      signal(number) { number in
        let before = StopSignal.received.exchange(number, ordering: .relaxed)
        if before != 0 && !StopSignal.isPatient.load(ordering: .relaxed) { _exit(128 + number) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// From here on a second signal does nothing: those who stop a job of a sweep may tell it more than once.
  static func becomePatient() { isPatient.store(true, ordering: .relaxed) }

  /// Asks the training to end as a signal would.
  static func request(_ number: Int32) { received.store(number, ordering: .relaxed) }

  /// The signal that came, `nil` while there was none.
  static var number: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
