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

  static func listen() {
    // A program that starts this one from one of its worker threads may hand on a mask that blocks both.
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&mask, number)
      signal(number) { number in
        if StopSignal.received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// The signal that came, `nil` while there was none.
  static var number: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
