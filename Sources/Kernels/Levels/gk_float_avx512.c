// The Float kernels, for processors with AVX-512.
#include "../Body/headers.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define GK_IS_FLOAT 1
#define GK_USES_AVX2 0
#define GK_USES_AVX512 1
#define GK_TABLE gk_float_avx512
#include "../Body/body.inc"
#pragma clang attribute pop
#endif
