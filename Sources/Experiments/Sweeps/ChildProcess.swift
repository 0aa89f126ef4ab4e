#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// A process that this one started, and the pipe that it may write to.
///
/// The pipe is empty and closed when the process has ended, however it ended; so a parent that waits for its
/// pipes misses no end and looks at nothing in between.
final class ChildProcess {
  /// How a process ended.
  enum End: Equatable {
    /// By itself, with a status.
    case exited(Int32)
    /// By a signal.
    case killed(Int32)
  }

  /// What the pipe is connected to in the child.
  enum Connection {
    /// The standard output; the standard error too where `withErrors`.
    case output(withErrors: Bool)
    /// A descriptor of its own; the standard output goes nowhere.
    case descriptor(Int32)
  }

  let process: pid_t
  /// The end of the pipe to read from.
  let descriptor: Int32

  /// Starts a program, in a process group of its own: what a terminal sends to its foreground reaches this
  /// process alone, which passes it on.
  ///
  /// - Parameter program: A path, or a name that is looked for as the shell does.
  /// - Throws: ``SweepError/cannotStart(program:reason:)``.
  init(_ program: String, _ arguments: [String], pipe connection: Connection) throws(SweepError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Self.failure(program, errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
      close(ends[1])
    }
    switch connection {
    case .output(let withErrors):
      posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
      if withErrors { posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO) }
    case .descriptor(let number):
      posix_spawn_file_actions_adddup2(&actions, ends[1], number)
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var (none, defaults) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGUSR1, SIGPIPE] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawnp(&process, program, &actions, &attributes, words, environ)
    guard code == 0 else {
      close(ends[0])
      throw Self.failure(program, code)
    }
    self.process = process
    descriptor = ends[0]
  }

  deinit { close(descriptor) }

  private static func failure(_ program: String, _ code: Int32) -> SweepError {
    .cannotStart(program: program, reason: String(cString: strerror(code)))
  }

  func send(_ signal: Int32) { kill(process, signal) }

  /// What is in the pipe, waiting until there is something; nothing at its end.
  func read() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      if count < 0 && errno == EINTR { continue }
      return Array(bytes.prefix(max(0, count)))
    }
  }

  /// Waits for the end of the process.
  func end() -> End {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)
  }

  /// Runs a program to its end: status (or 128 + signal) and what it wrote to both outputs.
  static func run(_ program: String, _ arguments: [String]) throws(SweepError) -> (
    status: Int32, output: String
  ) {
    let child = try ChildProcess(program, arguments, pipe: .output(withErrors: true))
    var bytes: [UInt8] = []
    while true {
      let piece = child.read()
      if piece.isEmpty { break }
      bytes += piece
    }
    let text = String(decoding: bytes, as: UTF8.self)
    switch child.end() {
    case .exited(let status): return (status, text)
    case .killed(let signal): return (128 + signal, text)
    }
  }
}
