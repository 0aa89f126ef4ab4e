// Time per element of the kernels at every level of this processor, next to plain loops over the C
// library. See README.md for how to build it.
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gk_kernels.h"

enum { VECTOR = 16384, PARAMETERS = 200000, ROWS = 512, WIDTH = 113, SIDE = 512 };

typedef struct arrays {
  void *a, *b, *c, *d, *positive;
  int32_t *labels;
  double *losses;
} arrays;

// MARK: Cases

typedef void (*run)(const gk_kernels *k, arrays s);

#define CASE(name, call) \
  static void name(const gk_kernels *k, arrays s) { call; }

static volatile double sink;

CASE(run_add, k->add(s.a, s.b, s.c, VECTOR))
CASE(run_relu, k->activate(GK_RELU, 0, s.a, s.c, VECTOR))
CASE(run_relu_gradient, k->activation_gradient(GK_RELU, 0, NULL, s.a, s.b, s.c, VECTOR))
CASE(run_exp, k->exponential(s.a, s.c, VECTOR))
CASE(run_log, k->logarithm(s.positive, s.c, VECTOR))
CASE(run_erf, k->error_function(s.a, s.c, VECTOR))
CASE(run_tanh, k->activate(GK_TANH, 0, s.a, s.c, VECTOR))
CASE(run_sigmoid, k->activate(GK_SIGMOID, 0, s.a, s.c, VECTOR))
CASE(run_gelu, k->activate(GK_GELU, 0, s.a, s.c, VECTOR))
CASE(run_gelu_gradient, k->activation_gradient(GK_GELU, 0, s.a, NULL, s.b, s.c, VECTOR))
CASE(run_gelu_tanh, k->activate(GK_GELU_TANH, 0, s.a, s.c, VECTOR))
CASE(run_gelu_tanh_gradient, k->activation_gradient(GK_GELU_TANH, 0, s.a, NULL, s.b, s.c, VECTOR))
CASE(run_bias_relu, k->bias_activate(GK_RELU, 0, s.a, s.b, NULL, s.c, 128, 128))
CASE(run_bias_gelu_tanh, k->bias_activate(GK_GELU_TANH, 0, s.a, s.b, NULL, s.c, 128, 128))
CASE(run_sum, sink = k->sum(s.a, VECTOR))
CASE(run_dot, sink = k->dot(s.a, s.b, VECTOR))
CASE(run_all_finite, sink = k->all_finite(s.a, VECTOR))
CASE(run_maximum_magnitude, sink = k->maximum_magnitude(s.a, VECTOR))
CASE(run_column_sums, k->column_sums(s.a, WIDTH, s.c, ROWS, WIDTH))
CASE(run_row_argmax, k->row_argmax(s.a, WIDTH, s.labels + ROWS, ROWS, WIDTH))
CASE(run_softmax, k->softmax_rows(s.a, s.c, ROWS, WIDTH, false))
CASE(run_softmax_in_double, k->softmax_rows(s.a, s.c, ROWS, WIDTH, true))
CASE(run_log_softmax, k->log_softmax_rows(s.a, s.c, ROWS, WIDTH, false))
CASE(run_cross_entropy,
     k->cross_entropy_rows(s.a, s.labels, s.losses, s.c, 1e-3, ROWS, WIDTH, WIDTH, false))
CASE(run_cross_entropy_in_double,
     k->cross_entropy_rows(s.a, s.labels, s.losses, s.c, 1e-3, ROWS, WIDTH, WIDTH, true))
CASE(run_loss_in_double,
     k->cross_entropy_rows(s.a, s.labels, s.losses, NULL, 1, ROWS, WIDTH, WIDTH, true))
CASE(run_gather, k->gather_rows(s.a, s.labels, s.c, ROWS, WIDTH))
CASE(run_scatter, k->scatter_add_rows(s.a, s.labels, s.c, ROWS, WIDTH))
CASE(run_transpose, k->transpose(s.a, SIDE, s.c, SIDE, SIDE, SIDE))
CASE(run_transpose_odd, k->transpose(s.a, WIDTH, s.c, ROWS, ROWS, WIDTH))
CASE(run_adamw, k->adam(s.a, s.b, s.d, s.positive, PARAMETERS, 1e-9, 0.9, 0.98, 1e-8, 1, true, 0.1, 0.02))
CASE(run_sgd, k->sgd(s.a, s.b, s.d, PARAMETERS, 1e-9, 0.9, 0, 0, false, false))

static const struct {
  const char *name;
  run run;
  double elements;
} cases[] = {
  {"add", run_add, VECTOR},
  {"relu", run_relu, VECTOR},
  {"relu gradient", run_relu_gradient, VECTOR},
  {"exp", run_exp, VECTOR},
  {"log", run_log, VECTOR},
  {"erf", run_erf, VECTOR},
  {"tanh", run_tanh, VECTOR},
  {"sigmoid", run_sigmoid, VECTOR},
  {"gelu", run_gelu, VECTOR},
  {"gelu gradient", run_gelu_gradient, VECTOR},
  {"gelu (tanh)", run_gelu_tanh, VECTOR},
  {"gelu (tanh) gradient", run_gelu_tanh_gradient, VECTOR},
  {"bias + relu, 128 x 128", run_bias_relu, 128 * 128},
  {"bias + gelu (tanh), 128 x 128", run_bias_gelu_tanh, 128 * 128},
  {"sum", run_sum, VECTOR},
  {"dot", run_dot, VECTOR},
  {"all finite", run_all_finite, VECTOR},
  {"maximum magnitude", run_maximum_magnitude, VECTOR},
  {"column sums, 512 x 113", run_column_sums, ROWS * WIDTH},
  {"row argmax, 512 x 113", run_row_argmax, ROWS * WIDTH},
  {"softmax, 512 x 113", run_softmax, ROWS * WIDTH},
  {"softmax in double, 512 x 113", run_softmax_in_double, ROWS * WIDTH},
  {"log softmax, 512 x 113", run_log_softmax, ROWS * WIDTH},
  {"cross-entropy + gradient, 512 x 113", run_cross_entropy, ROWS * WIDTH},
  {"the same in double", run_cross_entropy_in_double, ROWS * WIDTH},
  {"losses alone in double", run_loss_in_double, ROWS * WIDTH},
  {"gather rows of 113", run_gather, ROWS * WIDTH},
  {"scatter rows of 113", run_scatter, ROWS * WIDTH},
  {"transpose, 512 x 512", run_transpose, SIDE * SIDE},
  {"transpose, 512 x 113", run_transpose_odd, ROWS * WIDTH},
  {"AdamW, 200,000", run_adamw, PARAMETERS},
  {"SGD with momentum, 200,000", run_sgd, PARAMETERS},
};

// MARK: Measuring

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// The least time of many windows: what the code needs when nothing disturbs it.
static double nanoseconds_per_element(run run, const gk_kernels *k, arrays s, double elements) {
  const int repeats = 1 + (int)(2e5 / elements);
  double best = 1e30;
  for (int window = 0; window < 100; window++) {
    const double start = seconds();
    for (int i = 0; i < repeats; i++) run(k, s);
    const double time = (seconds() - start) / (repeats * elements);
    best = time < best ? time : best;
  }
  return 1e9 * best;
}

static void fill(arrays s, gk_type type) {
  srand(1);
  for (int i = 0; i < SIDE * SIDE; i++) {
    const double u = rand() / (double)RAND_MAX, v = rand() / (double)RAND_MAX;
    if (type == GK_FLOAT) {
      ((float *)s.a)[i] = (float)(8 * u - 4);
      ((float *)s.b)[i] = (float)(v - 0.5);
      ((float *)s.d)[i] = (float)(0.1 * v);
      ((float *)s.positive)[i] = (float)(10 * v + 1e-3);
    } else {
      ((double *)s.a)[i] = 8 * u - 4;
      ((double *)s.b)[i] = v - 0.5;
      ((double *)s.d)[i] = 0.1 * v;
      ((double *)s.positive)[i] = 10 * v + 1e-3;
    }
  }
}

// MARK: Plain loops

static void plain(gk_type type, arrays s) {
#define PLAIN(label, real, statement)                                                       \
  do {                                                                                      \
    double best = 1e30;                                                                     \
    const real *x = s.a, *p = s.positive;                                                   \
    real *y = s.c;                                                                          \
    (void)x, (void)p, (void)y;                                                              \
    for (int window = 0; window < 20; window++) {                                           \
      const double start = seconds();                                                       \
      for (int i = 0; i < VECTOR; i++) statement;                                           \
      const double time = (seconds() - start) / VECTOR;                                     \
      best = time < best ? time : best;                                                     \
    }                                                                                       \
    printf("| %s | %.3f |\n", label, 1e9 * best);                                           \
  } while (0)
  puts("\n| plain loop | ns |\n|---|---|");
  if (type == GK_FLOAT) {
    PLAIN("expf", float, y[i] = expf(x[i]));
    PLAIN("logf", float, y[i] = logf(p[i]));
    PLAIN("erff", float, y[i] = erff(x[i]));
    PLAIN("tanhf", float, y[i] = tanhf(x[i]));
    PLAIN("gelu through erff", float, y[i] = 0.5f * x[i] * (1 + erff(0.70710678f * x[i])));
  } else {
    PLAIN("exp", double, y[i] = exp(x[i]));
    PLAIN("log", double, y[i] = log(p[i]));
    PLAIN("erf", double, y[i] = erf(x[i]));
    PLAIN("tanh", double, y[i] = tanh(x[i]));
    PLAIN("gelu through erf", double, y[i] = 0.5 * x[i] * (1 + erf(0.7071067811865476 * x[i])));
  }
}

int main(int count, char **arguments) {
  const size_t bytes = sizeof(double) * SIDE * SIDE;
  arrays s = {
    aligned_alloc(64, bytes), aligned_alloc(64, bytes), aligned_alloc(64, bytes),
    aligned_alloc(64, bytes), aligned_alloc(64, bytes), aligned_alloc(64, 2 * ROWS * sizeof(int32_t)),
    aligned_alloc(64, ROWS * sizeof(double)),
  };
  for (int i = 0; i < ROWS; i++) s.labels[i] = (i * 37) % WIDTH;
  for (gk_type type = GK_FLOAT; type <= GK_DOUBLE; type++) {
    printf("\n| %s, ns per element | portable | AVX2 | AVX-512 |\n|---|---|---|---|\n",
           type == GK_FLOAT ? "Float" : "Double");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      if (count > 1 && !strstr(cases[i].name, arguments[1])) continue;
      printf("| %s |", cases[i].name);
      for (gk_level level = GK_PORTABLE; level <= GK_AVX512; level++) {
        const gk_kernels *k = gk_kernels_at(type, level);
        fill(s, type);
        if (k) printf(" %.3f |", nanoseconds_per_element(cases[i].run, k, s, cases[i].elements));
        else printf(" – |");
        fflush(stdout);
      }
      puts("");
    }
    if (count == 1) plain(type, s);
  }
}
