// The Double kernels, for processors with AVX2 and FMA.
#include "../Body/headers.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define GK_IS_FLOAT 0
#define GK_USES_AVX2 1
#define GK_USES_AVX512 0
#define GK_TABLE gk_double_avx2
#include "../Body/body.inc"
#pragma clang attribute pop
#endif
