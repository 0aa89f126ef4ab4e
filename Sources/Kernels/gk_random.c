// Bulk random numbers for each instruction level.
#include "gk_random.h"

#include <string.h>

// The bits must not depend on whether a processor can fuse a product and a sum.
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

// Eight blocks at a time, a word of each in a 64-bit lane: two or four registers, so that the
// latency of one product is hidden behind the others.
enum { LANES = 8 };
typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));
typedef double reals __attribute__((vector_size(8 * LANES)));

#define INLINE static inline __attribute__((always_inline))
#define JOIN(a, b) a##b
#define NAME(a, b) JOIN(a, b)

#define LEVEL portable
#define LEVEL_VALUE GK_PORTABLE
#include "gk_random.inc"
#undef LEVEL
#undef LEVEL_VALUE

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LEVEL avx2
#define LEVEL_VALUE GK_AVX2
#include "gk_random.inc"
#undef LEVEL
#undef LEVEL_VALUE
#pragma clang attribute pop
#endif

const gk_random *gk_random_at(gk_level level) {
  if (level == GK_PORTABLE) return &NAME(table_, portable);
#if defined(__x86_64__)
  if (level == GK_AVX2 && __builtin_cpu_supports("x86-64-v3")) return &NAME(table_, avx2);
#endif
  return NULL;
}

const gk_random *gk_random_best(void) {
  const gk_random *table = gk_random_at(GK_AVX2);
  return table ? table : &NAME(table_, portable);
}
