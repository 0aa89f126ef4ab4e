// Chooses the table of kernels that suits the processor, at run time and without any state.
#include "gk_kernels.h"

#include "Levels/gk_tables.h"

static bool is_supported(gk_level level) {
  switch (level) {
    case GK_PORTABLE: return true;
#if defined(__x86_64__)
    case GK_AVX2: return __builtin_cpu_supports("x86-64-v3");
    case GK_AVX512: return __builtin_cpu_supports("x86-64-v4");
#endif
    default: return false;
  }
}

const gk_kernels *gk_kernels_at(gk_type type, gk_level level) {
  if ((type != GK_FLOAT && type != GK_DOUBLE) || !is_supported(level)) return NULL;
  switch (level) {
#if defined(__x86_64__)
    case GK_AVX2: return type == GK_FLOAT ? &gk_float_avx2 : &gk_double_avx2;
    case GK_AVX512: return type == GK_FLOAT ? &gk_float_avx512 : &gk_double_avx512;
#endif
    default: return type == GK_FLOAT ? &gk_float_portable : &gk_double_portable;
  }
}

const gk_kernels *gk_kernels_best(gk_type type) {
  for (int level = GK_LEVEL_COUNT - 1; level > GK_PORTABLE; level--) {
    const gk_kernels *table = gk_kernels_at(type, (gk_level)level);
    if (table) return table;
  }
  return gk_kernels_at(type, GK_PORTABLE);
}
