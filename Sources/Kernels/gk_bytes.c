#include "gk_bytes.h"

void gk_floats_from_bytes(const uint8_t *restrict x, float *restrict out, ptrdiff_t n, float divisor) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (float)x[i] / divisor;
}
