// The Float kernels, for any processor.
#include "../Body/headers.h"

#define GK_IS_FLOAT 1
#define GK_USES_AVX2 0
#define GK_USES_AVX512 0
#define GK_TABLE gk_float_portable
#include "../Body/body.inc"
