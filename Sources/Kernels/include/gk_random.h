// Streams of random numbers in bulk: the Philox4x32-10 blocks of consecutive counters, and normal
// numbers made from them. Every level gives the same bits: the arithmetic is on integers, or on
// doubles in one order without fused multiply-adds.
#ifndef GK_RANDOM_H
#define GK_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "gk_kernels.h"

typedef struct gk_random {
  gk_level level;
  // out[2 j] and out[2 j + 1], for j in 0 ..< pairs: the block with counter (first_pair + j, stream),
  // its first two words as one number and its last two as another, the first of two most significant.
  void (*_Nonnull bits)(
      uint64_t key, uint64_t stream, uint64_t first_pair, uint64_t *_Nonnull out, ptrdiff_t pairs);
  // The two independent standard normal numbers that the Box-Muller transform makes of each block.
  void (*_Nonnull normal)(
      uint64_t key, uint64_t stream, uint64_t first_pair, double *_Nonnull out, ptrdiff_t pairs);
} gk_random;

// The functions of `level`, or NULL where this processor (or this build) lacks it. There is no
// version for AVX-512: its processors take the one for AVX2.
const gk_random *_Nullable gk_random_at(gk_level level);
// The fastest functions for this processor.
const gk_random *_Nonnull gk_random_best(void);

#endif
