// The tables that the files of this folder define, one per precision and instruction level.
#ifndef GK_TABLES_H
#define GK_TABLES_H

#include "gk_kernels.h"

extern const gk_kernels gk_float_portable, gk_double_portable;
#if defined(__x86_64__)
extern const gk_kernels gk_float_avx2, gk_double_avx2, gk_float_avx512, gk_double_avx512;
#endif

#endif
