import GrokKernels

/// What the program runs on, as far as it decides the last bits of its numbers; for run manifests.
package enum Processor {
  /// The vector instructions that the inner loops use: `AVX-512`, `AVX2` or `none`.
  package static var vectorInstructions: String {
    switch Float.kernels.pointee.level {
    case GK_AVX512: "AVX-512"
    case GK_AVX2: "AVX2"
    default: "none"
    }
  }

  /// The name and version of the compiler that made this program.
  package static var compiler: String { String(cString: gk_compiler()) }
}
