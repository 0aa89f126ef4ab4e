// What the body needs from outside. These headers come before the body's target attribute, which
// must not reach their functions.
#ifndef GK_HEADERS_H
#define GK_HEADERS_H

#include <math.h>
#include <string.h>

#include "../Levels/gk_tables.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Vectors wider than a level's registers only pass between inlined functions, where the convention
// of calls that this warning speaks of does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
// Each table uses only some of the inline helpers.
#pragma clang diagnostic ignored "-Wunused-function"

// A helper that always becomes part of the loop that calls it. Helpers of one name may serve Float
// and Double vectors.
#define GK_INLINE static inline __attribute__((always_inline, overloadable))

#endif
