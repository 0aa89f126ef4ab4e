import ArgumentParser
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs a command's work; an error becomes one line on the standard error and the exit status: 64 for
/// settings that cannot be used, 1 for everything else.
func reportingErrors(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    printError("error: \(error)")
    throw ExitCode(error is ConfigurationError ? 64 : 1)
  }
}

/// A line on the standard error.
func printError(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Bytes to the standard output, all of them.
func writeToStandardOutput(_ bytes: [UInt8]) throws {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes {
      write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
    }
    if count < 0 && errno == EINTR { continue }
    if count <= 0 {
      throw RunError.system(
        path: "standard output", operation: "write", reason: String(cString: strerror(errno)))
    }
    written += count
  }
}

/// A line on the standard output that is there at once, also in a pipe.
func printOutput(_ line: String) throws {
  try writeToStandardOutput(Array((line + "\n").utf8))
}

/// Makes a folder inside an existing one, if it is not there.
func makeFolder(_ path: String) throws {
  if mkdir(path, 0o777) != 0 && errno != EEXIST {
    throw RunError.system(
      path: path, operation: "make this folder", reason: String(cString: strerror(errno)))
  }
}

/// Whether something is at a path.
func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The folder that the program was started in.
func currentFolder() -> String {
  guard let path = getcwd(nil, 0) else { return "." }
  defer { free(path) }
  return String(cString: path)
}

/// A path that means the same in every folder.
func absolute(_ path: String) -> String {
  path.hasPrefix("/") ? path : currentFolder() + "/" + path
}

/// An environment variable; read by programs only, never by libraries.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
