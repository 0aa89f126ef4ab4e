// Products of matrices at the vector levels of this processor (AVX-512 is needed) next to OpenBLAS on
// one thread, and the peak of Float multiply-adds in registers, in GFLOP/s by the shortest thread time of
// many calls. Arguments: calls, first shape. -DIN_DOUBLE measures Double.
#define _GNU_SOURCE
#include <cblas.h>
#include <immintrin.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gk_kernels.h"
#ifndef IN_DOUBLE
#define REAL float
#define GEMM cblas_sgemm
#define TYPE GK_FLOAT
#else
#define REAL double
#define GEMM cblas_dgemm
#define TYPE GK_DOUBLE
#endif
enum { TILES = 4 };  // rows of tiles in a call

void openblas_set_num_threads(int count);

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

__attribute__((target("avx512f"))) static double peak_flops(void) {
  double best = 1e9;
  volatile float sink;
  for (int repeat = 0; repeat < 200; repeat++) {
    __m512 s[12], x = _mm512_set1_ps(1e-9f);
    for (int i = 0; i < 12; i++) s[i] = _mm512_set1_ps(i);
    double start = seconds();
    for (int k = 0; k < 20000; k++) {
#pragma clang loop unroll(full)
      for (int i = 0; i < 12; i++) {
        s[i] = _mm512_fmadd_ps(s[i], x, x);
        __asm__ volatile("" : "+v"(s[i]));
      }
    }
    double elapsed = seconds() - start;
    if (elapsed < best) best = elapsed;
    for (int i = 0; i < 12; i++) sink = s[i][0];
  }
  (void)sink;
  return 20000.0 * 12 * 32 / best;
}

typedef struct shape { int m, n, k; bool ta, tb; } shape;

static REAL *random_array(size_t n) {
  REAL *x = aligned_alloc(64, (n * sizeof(REAL) + 63) / 64 * 64);
  for (size_t i = 0; i < n; i++) x[i] = (REAL)rand() / (REAL)RAND_MAX - 0.5f;
  return x;
}

int main(int count, char **arguments) {
  openblas_set_num_threads(1);
  const shape shapes[] = {
    {200, 200, 784, 0, 1}, {200, 784, 200, 1, 0}, {200, 200, 200, 0, 1}, {200, 200, 200, 0, 0},
    {200, 200, 200, 1, 0}, {200, 10, 200, 0, 1}, {200, 200, 10, 0, 0}, {10, 200, 200, 1, 0},
    {3830, 512, 128, 0, 1}, {3830, 128, 512, 0, 1}, {512, 128, 3830, 1, 0}, {128, 512, 3830, 1, 0},
    {3830, 128, 512, 0, 0}, {3830, 512, 128, 0, 0},
    {3830, 114, 128, 0, 0}, {3830, 128, 114, 0, 1}, {128, 114, 3830, 1, 0},
  };
  int rounds = count > 1 ? atoi(arguments[1]) : 60;
  printf("peak %.1f GFLOP/s\n", peak_flops() * 1e-9);
  printf("%-22s%10s%10s%10s%10s%12s%12s\n", "shape", "openblas", "avx2", "avx512", "pack us", "error", "ratio");
  for (size_t s = count > 2 ? atoi(arguments[2]) : 0; s < sizeof shapes / sizeof *shapes; s++) {
    const shape h = shapes[s];
    REAL *a = random_array((size_t)h.m * h.k), *b = random_array((size_t)h.k * h.n);
    REAL *expected = random_array((size_t)h.m * h.n), *c = random_array((size_t)h.m * h.n);
    REAL *workspace = random_array((size_t)h.k * (h.n + 15) + (size_t)(h.m + 8) * h.k);
    int lda = h.ta ? h.m : h.k, ldb = h.tb ? h.k : h.n;
    double best[3] = {1e9, 1e9, 1e9}, packing = 1e9, error = 0;
    gk_product p = {h.m, h.n, h.k, a, b, c, lda, ldb, h.n, h.ta, h.tb, false, false, workspace};
    for (int round = 0; round < rounds; round++) {
      double start = seconds();
      GEMM(CblasRowMajor, h.ta ? CblasTrans : CblasNoTrans, h.tb ? CblasTrans : CblasNoTrans, h.m,
                  h.n, h.k, 1, a, lda, b, ldb, 0, expected, h.n);
      double elapsed = seconds() - start;
      if (elapsed < best[0]) best[0] = elapsed;
      for (int level = 1; level <= 2; level++) {
        const gk_kernels *k = gk_kernels_at(TYPE, level);
        start = seconds();
        k->product_pack(&p, 0, k->product_panels(&p));
        double middle = seconds();
        for (int r = 0; r < h.m; r += TILES * k->product_tile) {
          int end = r + TILES * (int)k->product_tile;
          k->product_rows(&p, r, end < h.m ? end : h.m);
        }
        elapsed = seconds() - start;
        if (elapsed < best[level]) best[level] = elapsed;
        if (level == 2 && middle - start < packing) packing = middle - start;
        if (round == 0)
          for (int i = 0; i < h.m * h.n; i++) error = fmax(error, fabs(c[i] - expected[i]));
      }
    }
    double work = 2e-9 * h.m * h.n * h.k;
    printf("%4d x%4d x%4d %c%c    %10.1f%10.1f%10.1f%10.1f%12.1e%12.2f\n", h.m, h.n, h.k, h.ta ? 'T' : 'N',
           h.tb ? 'T' : 'N', work / best[0], work / best[1], work / best[2], packing * 1e6, error, best[0] / best[2]);
    free(a), free(b), free(c), free(expected), free(workspace);
  }
}
