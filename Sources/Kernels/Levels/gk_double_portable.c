// The Double kernels, for any processor.
#include "../Body/headers.h"

#define GK_IS_FLOAT 0
#define GK_USES_AVX2 0
#define GK_USES_AVX512 0
#define GK_TABLE gk_double_portable
#include "../Body/body.inc"
