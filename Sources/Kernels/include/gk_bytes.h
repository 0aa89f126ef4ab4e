// Bytes of pictures as numbers. In C so that a debug build loads 47 MB of them in a blink.
#ifndef GK_BYTES_H
#define GK_BYTES_H

#include <stddef.h>
#include <stdint.h>

// out[i] = x[i] / divisor, the division rounded once.
void gk_floats_from_bytes(const uint8_t *_Nonnull x, float *_Nonnull out, ptrdiff_t n, float divisor);

#endif
