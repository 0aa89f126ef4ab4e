// SHA-256 (FIPS 180-4), the part that touches every byte. In C so that a debug build, and with it the
// tests and a user's first program, checks 47 MB of pictures in a blink and not in half a minute.
#ifndef GK_SHA256_H
#define GK_SHA256_H

#include <stddef.h>
#include <stdint.h>

// Feeds `count` blocks of 64 bytes into the eight words of `state`.
// By the processor's own instructions for it where it has them.
void gk_sha256_blocks(uint32_t *_Nonnull state, const uint8_t *_Nonnull bytes, ptrdiff_t count);

// The same without them.
void gk_sha256_plain_blocks(uint32_t *_Nonnull state, const uint8_t *_Nonnull bytes, ptrdiff_t count);

#endif
