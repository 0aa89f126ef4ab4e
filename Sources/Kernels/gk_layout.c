#include "gk_layout.h"

#include <string.h>

#define REAL float
#define NAME(f) f##_float
#include "gk_layout.inc"
#undef REAL
#undef NAME
#define REAL double
#define NAME(f) f##_double
#include "gk_layout.inc"

// A loop over no axes is one over a single element.
static gk_axes at_least_one_axis(const gk_axes *axes) {
  gk_axes a = *axes;
  if (a.rank == 0) {
    a.rank = 1;
    a.extents[0] = 1;
    a.x[0] = a.y[0] = a.out[0] = 0;
  }
  return a;
}

void gk_broadcast(
    gk_type type, gk_binary operation, const gk_axes *axes, const void *x, const void *y, void *out) {
  gk_axes a = at_least_one_axis(axes);
  if (type == GK_FLOAT) broadcast_float(operation, &a, 0, x, y, out);
  else broadcast_double(operation, &a, 0, x, y, out);
}

void gk_copy(gk_type type, const gk_axes *axes, const void *x, void *out) {
  gk_axes a = at_least_one_axis(axes);
  if (type == GK_FLOAT) copy_float(&a, 0, x, out);
  else copy_double(&a, 0, x, out);
}

void gk_accumulate(gk_type type, const gk_axes *axes, const void *x, void *out) {
  gk_axes a = at_least_one_axis(axes);
  if (type == GK_FLOAT) accumulate_float(&a, 0, x, out);
  else accumulate_double(&a, 0, x, out);
}
