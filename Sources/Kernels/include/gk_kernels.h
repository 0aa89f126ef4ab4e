// The vectorised inner loops of the package.
//
// One table of functions per precision and instruction level; `gk_kernels_best` picks the best level
// that the processor supports. Arrays are `const void *` because one table type serves both
// precisions; scalars are always `double` and are rounded once to the table's precision. Counts are in
// elements. No function allocates, keeps state, or reads outside the ranges it is given. Unless a
// comment says otherwise the output may be the same array as an input, but not overlap it in part.
// The order of every summation depends on the element count alone.
//
// The exponential, logarithm, error function and the activations are within 4 units in the last
// place of the exact value for every argument, infinities, denormals and the far tails included; the
// same element gives the same result wherever it stands in an array. Levels may differ in the last
// places, because multiplications and additions are fused where the processor can. Not-a-number
// passes through every function unless its comment says otherwise.
#ifndef GK_KERNELS_H
#define GK_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum gk_type { GK_FLOAT = 0, GK_DOUBLE = 1 } gk_type;

// Instruction levels: portable C; AVX2 + FMA (x86-64-v3); AVX-512 (x86-64-v4).
typedef enum gk_level { GK_PORTABLE = 0, GK_AVX2 = 1, GK_AVX512 = 2 } gk_level;
enum { GK_LEVEL_COUNT = 3 };

typedef enum gk_activation {
  GK_IDENTITY = 0,
  GK_RELU = 1,
  GK_LEAKY_RELU = 2,  // slope for negative inputs in `parameter`
  GK_TANH = 3,
  GK_SIGMOID = 4,
  GK_GELU = 5,       // x Φ(x), Φ through erf (PyTorch's default)
  GK_GELU_TANH = 6,  // the tanh approximation
} gk_activation;

#include "gk_operands.h"

typedef struct gk_kernels {
  gk_type type;
  gk_level level;

  // MARK: Element by element, n elements
  void (*_Nonnull fill)(void *_Nonnull y, double value, ptrdiff_t n);
  void (*_Nonnull add)(const void *_Nonnull x, const void *_Nonnull y, void *_Nonnull out, ptrdiff_t n);
  void (*_Nonnull subtract)(const void *_Nonnull x, const void *_Nonnull y, void *_Nonnull out, ptrdiff_t n);
  void (*_Nonnull multiply)(const void *_Nonnull x, const void *_Nonnull y, void *_Nonnull out, ptrdiff_t n);
  void (*_Nonnull divide)(const void *_Nonnull x, const void *_Nonnull y, void *_Nonnull out, ptrdiff_t n);
  // out = a x + b
  void (*_Nonnull affine)(double a, const void *_Nonnull x, double b, void *_Nonnull out, ptrdiff_t n);
  // out = a x + b y
  void (*_Nonnull combine)(double a, const void *_Nonnull x, double b, const void *_Nonnull y, void *_Nonnull out, ptrdiff_t n);
  // y += a x
  void (*_Nonnull accumulate)(double a, const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull exponential)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull logarithm)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull square_root)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull reciprocal)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull absolute)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  // -1, 0 or 1; not-a-number and the sign of 0 stay
  void (*_Nonnull sign)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  // y = 1 where x > 0, else 0, for not-a-number too
  void (*_Nonnull step)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull error_function)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  void (*_Nonnull activate)(gk_activation f, double parameter, const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);
  // dx = f'(x) dy, with f(x) = y given as well. Of x and y only the one that f needs is read: y for
  // ReLU, leaky ReLU, tanh and sigmoid, x for the GELUs, neither for the identity; the other may be
  // NULL. dx may be dy. The derivative of ReLU and leaky ReLU at 0 is 0 and the slope, as in PyTorch,
  // and so it is where y is not a number.
  void (*_Nonnull activation_gradient)(
      gk_activation f, double parameter, const void *_Nullable x, const void *_Nullable y,
      const void *_Nonnull dy, void *_Nonnull dx, ptrdiff_t n);

  // MARK: Rows of a row-major matrix; `stride` is the distance between rows in elements
  // y[r, c] = f(x[r, c] + bias[c]) for contiguous rows; bias may be NULL. Where `before` is not NULL
  // it receives x + bias.
  void (*_Nonnull bias_activate)(
      gk_activation f, double parameter, const void *_Nonnull x, const void *_Nullable bias,
      void *_Nullable before, void *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns);
  // out[r, c] = x[r, c] + v[c], and x[r, c] v[c]
  void (*_Nonnull add_row)(const void *_Nonnull x, const void *_Nonnull v, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  void (*_Nonnull multiply_row)(const void *_Nonnull x, const void *_Nonnull v, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // out[r, c] = x[r, c] + v[r], and x[r, c] v[r]
  void (*_Nonnull add_column)(const void *_Nonnull x, const void *_Nonnull v, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  void (*_Nonnull multiply_column)(const void *_Nonnull x, const void *_Nonnull v, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // out[c] = Σ_r x[r, c], the sum in row order; out[r] = Σ_c x[r, c]; both accumulated in Double
  void (*_Nonnull column_sums)(const void *_Nonnull x, ptrdiff_t stride, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  void (*_Nonnull row_sums)(const void *_Nonnull x, ptrdiff_t stride, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // −∞ for rows without columns. Not-a-number counts as the largest.
  void (*_Nonnull row_maxima)(const void *_Nonnull x, ptrdiff_t stride, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // Index of the first largest element of each row, −1 for rows without columns. Not-a-number counts
  // as the largest.
  void (*_Nonnull row_argmax)(const void *_Nonnull x, ptrdiff_t stride, int32_t *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // Contiguous rows. With in_double the exponentials and sums are in Double whatever the type, and
  // Float results are within 4 units in the last place; without it the rounding of x − maximum adds
  // as many units as the maximum exceeds x by.
  void (*_Nonnull softmax_rows)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns, bool in_double);
  void (*_Nonnull log_softmax_rows)(const void *_Nonnull x, void *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns, bool in_double);
  // losses[r] = −log softmax(x[r, :])[labels[r]] over `columns` columns of rows `stride` apart. Where
  // `gradient` is not NULL it receives scale (softmax(x[r, :]) − onehot(labels[r])), rows also
  // `stride` apart, columns beyond `columns` up to `stride` set to zero; gradient may be x. The
  // row maximum is subtracted before exponentials; with in_double they, their sum and the logarithm
  // are in Double, so that losses near 0 keep full relative precision (log1p of the other terms' sum
  // when the label holds the maximum). A row has at least one column. Where a label is negative, loss and
  // gradient of the row are 0.
  void (*_Nonnull cross_entropy_rows)(
      const void *_Nonnull x, const int32_t *_Nonnull labels, double *_Nonnull losses,
      void *_Nullable gradient, double scale, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride,
      bool in_double);

  // MARK: Reductions of n elements, accumulated in Double
  double (*_Nonnull sum)(const void *_Nonnull x, ptrdiff_t n);
  double (*_Nonnull dot)(const void *_Nonnull x, const void *_Nonnull y, ptrdiff_t n);
  double (*_Nonnull sum_of_squares)(const void *_Nonnull x, ptrdiff_t n);
  // Σ (x − y)²; where `gradient` is not NULL it receives scale (x − y). gradient may be x.
  double (*_Nonnull squared_error)(
      const void *_Nonnull x, const void *_Nonnull y, void *_Nullable gradient, double scale, ptrdiff_t n);
  // 0 of no elements; not-a-number if there is one.
  double (*_Nonnull maximum_magnitude)(const void *_Nonnull x, ptrdiff_t n);
  bool (*_Nonnull all_finite)(const void *_Nonnull x, ptrdiff_t n);

  // MARK: Moving rows
  // out[i, :] = x[index[i], :]; out[index[i], :] += x[i, :]. Indices are not checked here.
  void (*_Nonnull gather_rows)(const void *_Nonnull x, const int32_t *_Nonnull index, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  void (*_Nonnull scatter_add_rows)(const void *_Nonnull x, const int32_t *_Nonnull index, void *_Nonnull out, ptrdiff_t rows, ptrdiff_t columns);
  // out[p] += Σ_b ± x[b, (p + r_b) mod width] for x [blocks, width], out [width], width a multiple of 64, in the order of the
  // blocks. Of the width/64 + 1 words of a block the first hold the signs, − where bit p is 1; r_b is the upper half of the
  // last times width over 2^32.
  void (*_Nonnull fold_blocks)(
      const void *_Nonnull x, const uint64_t *_Nonnull words, double *_Nonnull out, ptrdiff_t blocks,
      ptrdiff_t width);
  // out [columns, rows] = x [rows, columns] transposed, in cache-sized tiles, rows of each `stride` apart; out
  // must not be x.
  void (*_Nonnull transpose)(
      const void *_Nonnull x, ptrdiff_t stride_x, void *_Nonnull out, ptrdiff_t stride_out, ptrdiff_t rows,
      ptrdiff_t columns);

  // MARK: Products of matrices
  // First all panels are packed, none unless B is transposed, then rows are computed; both by ranges,
  // from any threads. The first row of a range is a multiple of `product_tile`. C must not be A or B.
  // Elements are summed in the order of the inner index, in stretches that depend on columns and inner.
  ptrdiff_t product_tile;
  ptrdiff_t (*_Nonnull product_workspace)(const gk_product *_Nonnull p);
  ptrdiff_t (*_Nonnull product_panels)(const gk_product *_Nonnull p);
  void (*_Nonnull product_pack)(const gk_product *_Nonnull p, ptrdiff_t first, ptrdiff_t last);
  void (*_Nonnull product_rows)(const gk_product *_Nonnull p, ptrdiff_t first, ptrdiff_t last);
  // The longest stretch of the inner index that a product with so many columns sums at once: the elements of workspace
  // that one row needs at most where A is transposed and B is not.
  ptrdiff_t (*_Nonnull product_longest)(ptrdiff_t columns);

  // MARK: Products of slabs
  // First all panels are packed, then pixels are computed, for some of the examples; both by ranges, from
  // any threads. The first example of a range is a multiple of `product_tile`.
  ptrdiff_t (*_Nonnull slab_workspace)(const gk_slab_product *_Nonnull p);
  ptrdiff_t (*_Nonnull slab_panels)(const gk_slab_product *_Nonnull p);
  void (*_Nonnull slab_pack)(const gk_slab_product *_Nonnull p, ptrdiff_t first, ptrdiff_t last);
  void (*_Nonnull slab_pixels)(
      const gk_slab_product *_Nonnull p, ptrdiff_t first_pixel, ptrdiff_t last_pixel,
      ptrdiff_t first_example, ptrdiff_t last_example);
  // out[j, k, t] = Σ_band x[band, t, k, j] for k in first ..< last: [columns, inner, taps] of
  // [bands, taps, inner, columns]; 0 for taps that `reads` has not, whose x is not looked at.
  void (*_Nonnull gather_taps)(
      const void *_Nonnull x, const bool *_Nonnull reads, void *_Nonnull out, ptrdiff_t bands,
      ptrdiff_t taps, ptrdiff_t inner, ptrdiff_t columns, ptrdiff_t first, ptrdiff_t last);

  // MARK: Largest of several arrays
  // y = x and winner = mark where x > y or x is not a number
  void (*_Nonnull take_larger)(
      const void *_Nonnull x, double mark, void *_Nonnull y, void *_Nonnull winner, ptrdiff_t n);
  // y += x where winner is mark
  void (*_Nonnull accumulate_where)(
      const void *_Nonnull winner, double mark, const void *_Nonnull x, void *_Nonnull y, ptrdiff_t n);

  // MARK: Channels: columns of contiguous rows
  // sums[c] = Σ_r (x[r, c] − shift[c]), sums[columns + c] = Σ_r (x[r, c] − shift[c])², in Double
  void (*_Nonnull channel_moments)(
      const void *_Nonnull x, const void *_Nonnull shift, double *_Nonnull sums, ptrdiff_t rows,
      ptrdiff_t columns);
  // y[r, c] = f(a[c] x[r, c] + b[c] + z[r, c]), f the identity or ReLU; z may be NULL
  void (*_Nonnull channel_affine)(
      bool relu, const void *_Nonnull x, const void *_Nonnull a, const void *_Nonnull b,
      const void *_Nullable z, void *_Nonnull y, ptrdiff_t rows, ptrdiff_t columns);
  // With g = dy, or dy where y > 0 and else 0 if y is given: sums[c] = Σ_r g[r, c],
  // sums[columns + c] = Σ_r g[r, c] (x[r, c] − shift[c]), in Double
  void (*_Nonnull channel_gradient_sums)(
      const void *_Nonnull dy, const void *_Nullable y, const void *_Nonnull x,
      const void *_Nonnull shift, double *_Nonnull sums, ptrdiff_t rows, ptrdiff_t columns);
  // dx[r, c] = a[c] g[r, c] + b[c] x[r, c] + d[c], with the same g, which dz receives where it is not NULL
  void (*_Nonnull channel_gradient)(
      const void *_Nonnull dy, const void *_Nullable y, const void *_Nonnull x,
      const void *_Nonnull a, const void *_Nonnull b, const void *_Nonnull d, void *_Nonnull dx,
      void *_Nullable dz, ptrdiff_t rows, ptrdiff_t columns);

  // MARK: Products with a matrix of many zeros, with the same bits as those above
  // W [outputs, inputs] packed for nonzeros_product: [inputs, outputs in whole vectors of 64 bytes]; by ranges of inputs.
  void (*_Nonnull nonzeros_pack)(
      const void *_Nonnull w, ptrdiff_t outputs, ptrdiff_t inputs, void *_Nonnull packed,
      ptrdiff_t first, ptrdiff_t last);
  // out = x Wᵀ, by ranges of rows.
  void (*_Nonnull nonzeros_product)(
      const gk_nonzeros *_Nonnull x, const void *_Nonnull packed, ptrdiff_t outputs,
      void *_Nonnull out, ptrdiff_t first, ptrdiff_t last);
  // out [outputs, inputs] = dzᵀ x for the inputs of one block; dz [rows, outputs].
  void (*_Nonnull nonzeros_gradient)(
      const gk_nonzeros *_Nonnull x, const void *_Nonnull dz, ptrdiff_t rows, ptrdiff_t outputs,
      void *_Nonnull out, ptrdiff_t block);

  // MARK: Neighbours in the maximum norm, max |x − y| over columns in Double; for the samples of some leaves
  // distances and neighbors [rows, k]: the k nearest other samples of each and their rows, ascending by distance and then by row;
  // k is below the number of samples. The same in both tables.
  void (*_Nonnull nearest_neighbors)(
      const gk_neighbor_tree *_Nonnull t, ptrdiff_t k, ptrdiff_t first_leaf, ptrdiff_t last_leaf,
      double *_Nonnull distances, int32_t *_Nonnull neighbors);
  // counts [rows]: the number of other samples whose distance is below radii [rows], or not above it unless `strict`.
  void (*_Nonnull count_neighbors)(
      const gk_neighbor_tree *_Nonnull t, const double *_Nonnull radii, bool strict,
      ptrdiff_t first_leaf, ptrdiff_t last_leaf, int32_t *_Nonnull counts);

  // MARK: Attention over gathered rows
  // One query per example, keys and values as rows of tables that examples share. For each example e
  // and head h, with head h the columns h·width ..< (h+1)·width of a row:
  //   s[c] = scale Σ q[query[e]] k[key[e, c]],  w = softmax(s) over the context,  out = Σ_c w[c] v[key[e, c]]
  // query [examples], key [examples, context], weights [examples, heads, context] (kept for the
  // gradient), out [examples, heads·width]. Indices are not checked here.
  void (*_Nonnull attend)(
      const gk_attention *_Nonnull shape, const void *_Nonnull q, const void *_Nonnull k,
      const void *_Nonnull v, const int32_t *_Nonnull query, const int32_t *_Nonnull key,
      void *_Nonnull weights, void *_Nonnull out);
  // Adds the gradients of one head to dq, dk and dv (shaped as q, k and v), given that of `out`.
  void (*_Nonnull attend_gradient)(
      const gk_attention *_Nonnull shape, ptrdiff_t head, const void *_Nonnull q,
      const void *_Nonnull k, const void *_Nonnull v, const int32_t *_Nonnull query,
      const int32_t *_Nonnull key, const void *_Nonnull weights, const void *_Nonnull upstream,
      void *_Nonnull dq, void *_Nonnull dk, void *_Nonnull dv);

  // MARK: Attention within sequences
  // Pairs of example and head, pair = example · heads + head, from `first` to `last`. q, k, v, out and their
  // gradients are [examples, context, heads·width], rows of q, k, v and their gradients `row` apart; `kept`
  // has `attend_sequences_kept` elements a pair, and 16 more, for what the gradient wants. The workspace has
  // `attend_sequences_workspace` elements and belongs to one call at a time.
  ptrdiff_t (*_Nonnull attend_sequences_workspace)(const gk_sequences *_Nonnull shape);
  ptrdiff_t (*_Nonnull attend_sequences_kept)(const gk_sequences *_Nonnull shape);
  void (*_Nonnull attend_sequences)(
      const gk_sequences *_Nonnull shape, const void *_Nonnull q, const void *_Nonnull k,
      const void *_Nonnull v, void *_Nonnull out, void *_Nonnull kept, ptrdiff_t first,
      ptrdiff_t last, void *_Nonnull workspace);
  void (*_Nonnull attend_sequences_gradient)(
      const gk_sequences *_Nonnull shape, const void *_Nonnull q, const void *_Nonnull k,
      const void *_Nonnull v, const void *_Nonnull out, const void *_Nonnull kept,
      const void *_Nonnull upstream, void *_Nonnull dq, void *_Nonnull dk, void *_Nonnull dv,
      ptrdiff_t first, ptrdiff_t last, void *_Nonnull workspace);

  // MARK: Layer normalization and long short-term memory
  // y = (x − mean) / √(variance + ε) · gain + bias of each row; bias may be NULL. statistics [rows, 2] receives
  // the mean and 1/√(variance + ε).
  void (*_Nonnull layer_norm_rows)(
      const void *_Nonnull x, const void *_Nonnull gain, const void *_Nullable bias, void *_Nonnull y,
      void *_Nonnull statistics, ptrdiff_t rows, ptrdiff_t columns, double epsilon);
  // dx of given dy, and added to sums [2, columns] the gradients of gain and bias; either may be NULL.
  void (*_Nonnull layer_norm_gradient)(
      const void *_Nonnull x, const void *_Nonnull statistics, const void *_Nonnull gain,
      const void *_Nonnull dy, void *_Nullable dx, double *_Nullable sums, ptrdiff_t rows,
      ptrdiff_t columns);
  // One step: gates [rows, 4·units] in the order input, forget, candidate, output, before their functions and
  // after; cells and hidden [rows, units]; `before`, the cells of the step before, NULL for zeros. Rows of gates
  // are 4·stride apart, those of the others `stride`.
  void (*_Nonnull lstm_cell)(
      void *_Nonnull gates, const void *_Nullable before, void *_Nonnull cells, void *_Nonnull hidden,
      ptrdiff_t rows, ptrdiff_t units, ptrdiff_t stride);
  // Its gradient: slopes, as gates, by what the functions of the gates are of. dh and cell_slopes are
  // [rows, units]; cell_slopes comes in from the step after and leaves for the step before.
  void (*_Nonnull lstm_cell_gradient)(
      const void *_Nonnull gates, const void *_Nullable before, const void *_Nonnull cells,
      const void *_Nonnull dh, void *_Nonnull cell_slopes, void *_Nonnull slopes, ptrdiff_t rows,
      ptrdiff_t units, ptrdiff_t stride);

  // MARK: Optimizers over one flat vector, one pass; arithmetic as PyTorch's single-tensor code orders it
  // AdamW (decoupled = true): θ ← θ (1 − lr λ), then the Adam update with the raw gradient.
  // Adam (decoupled = false): g ← g + λ θ first.
  // m ← β1 m + (1 − β1) g (as m + (1−β1)(g − m)); v ← β2 v + (1 − β2) g²;
  // θ ← θ − (lr / c1) m / (√v / √c2 + ε), with c1 = 1 − β1^t and c2 = 1 − β2^t passed in.
  void (*_Nonnull adam)(
      void *_Nonnull theta, const void *_Nonnull gradient, void *_Nonnull m, void *_Nonnull v, ptrdiff_t n,
      double learning_rate, double beta1, double beta2, double epsilon, double weight_decay,
      bool decoupled, double correction1, double correction2);
  // SGD: g ← g + λ θ; b ← g if first else μ b + (1 − dampening) g; g ← g + μ b if nesterov else b;
  // θ ← θ − lr g. buffer may be NULL when momentum is 0.
  void (*_Nonnull sgd)(
      void *_Nonnull theta, const void *_Nonnull gradient, void *_Nullable buffer, ptrdiff_t n,
      double learning_rate, double momentum, double dampening, double weight_decay, bool nesterov, bool first);

  // MARK: Motion
  // Adds to each of the GK_MOTION_SUMS sums, taken in Double; those whose inputs are NULL stay.
  void (*_Nonnull motion)(const gk_motion *_Nonnull motion, ptrdiff_t n, double *_Nonnull sums);
} gk_kernels;

// The table of `level`, or NULL where this processor (or this build) lacks it.
const gk_kernels *_Nullable gk_kernels_at(gk_type type, gk_level level);
// The best table for this processor.
const gk_kernels *_Nullable gk_kernels_best(gk_type type);

#endif
