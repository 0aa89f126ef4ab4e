// Loops over n-dimensional arrays whose axes have strides: broadcasting, permuting and summing over
// axes. These are the general paths; contiguous arrays of one shape go through `gk_kernels`.
#ifndef GK_LAYOUT_H
#define GK_LAYOUT_H

#include <stddef.h>
#include "gk_kernels.h"

enum { GK_MAXIMUM_RANK = 8 };

typedef enum gk_binary { GK_ADD, GK_SUBTRACT, GK_MULTIPLY, GK_DIVIDE } gk_binary;

// The axes of a loop: extents, and the strides, in elements, of up to three arrays; a stride of 0
// repeats an element along its axis.
typedef struct gk_axes {
  int rank;
  ptrdiff_t extents[GK_MAXIMUM_RANK];
  ptrdiff_t x[GK_MAXIMUM_RANK];
  ptrdiff_t y[GK_MAXIMUM_RANK];
  ptrdiff_t out[GK_MAXIMUM_RANK];
} gk_axes;

// out[i] = x[i] ∘ y[i]
void gk_broadcast(
    gk_type type, gk_binary operation, const gk_axes *_Nonnull axes, const void *_Nonnull x,
    const void *_Nonnull y, void *_Nonnull out);
// out[i] = x[i]
void gk_copy(gk_type type, const gk_axes *_Nonnull axes, const void *_Nonnull x, void *_Nonnull out);
// out[i] += x[i], in row-major order of the axes; an out stride of 0 sums over the axis
void gk_accumulate(gk_type type, const gk_axes *_Nonnull axes, const void *_Nonnull x, void *_Nonnull out);

#endif
