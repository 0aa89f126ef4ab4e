// What the kernels of gk_kernels.h read and write where arrays and counts are not enough.
#ifndef GK_OPERANDS_H
#define GK_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gk_attention {
  ptrdiff_t examples, context, heads, width;  // width of one head
  double scale;
} gk_attention;
enum { GK_MAXIMUM_CONTEXT = 64 };

// Attention within sequences of `context` positions.
typedef struct gk_sequences {
  ptrdiff_t context, heads, width;  // width of one head
  ptrdiff_t row;                    // distance between rows of queries, keys and values
  double scale;
  bool causal;  // each position sees those up to itself
} gk_sequences;

// C [rows, columns] = op(A) op(B), rows of each matrix `stride` apart. Transposed, the memory of A is
// [inner, rows] and that of B [columns, inner]. The workspace has `product_workspace` elements. With
// `adds` the product is added to C. With `upper` tiles that lie below the diagonal are left out; of the
// others all is computed, so that near the diagonal elements below it are written too.
typedef struct gk_product {
  ptrdiff_t rows, columns, inner;
  const void *_Nonnull a, *_Nonnull b;
  void *_Nonnull c;
  ptrdiff_t stride_a, stride_b, stride_c;
  bool transposed_a, transposed_b;
  bool adds, upper;
  void *_Nullable workspace;
} gk_product;

// Pictures of a batch with the examples inside: [pixels, examples, channels]. The matrix of one pixel,
// [examples, channels], is its slab. The slab product makes, of each pixel o,
//   c_o [examples, columns] = Σ_t a_i [examples, inner] · w_t [inner, columns],  i = sources[o, t],
// where −1 for i leaves a term out. Element (k, j) of w_t is weights[t·stride_tap + k·stride_inner +
// j·stride_column]; rows of slabs are `stride_a` and `stride_c` apart. `reads` [taps] says whether any pixel has a
// term of that tap; weights of others are not looked at. The workspace, of `slab_workspace` elements, holds the
// packed weights.
typedef struct gk_slab_product {
  ptrdiff_t examples, inner, columns, taps;
  const void *_Nonnull a, *_Nonnull weights;
  void *_Nonnull c;
  ptrdiff_t stride_a, stride_c, stride_tap, stride_inner, stride_column;
  const int32_t *_Nonnull sources;
  const bool *_Nonnull reads;
  void *_Nullable workspace;
} gk_slab_product;

// The elements of a matrix [table rows, columns] that are not zero, row by row with rising columns, for a selection of its
// rows. `starts` [table rows, blocks + 1] says where those of each block of `width` columns (at most 32) begin, and where those of the row
// end.
typedef struct gk_nonzeros {
  ptrdiff_t columns, blocks, width;
  const int32_t *_Nonnull starts, *_Nonnull column;
  const void *_Nonnull values;
  const int32_t *_Nullable rows;  // of the table; NULL: those from first_row on
  ptrdiff_t first_row;
  ptrdiff_t stride;  // of rows of the result of nonzeros_product
} gk_nonzeros;

// Samples sorted into the 2^depth leaves of a binary tree, each at most GK_LEAF_SAMPLES, for neighbours in the maximum norm.
// With m vectors of 16 samples, the last one perhaps not full, node j of level l (after l halvings) has the vectors
// ⌊m j/2^l⌋ up to ⌊m (j+1)/2^l⌋.
//   values [samples, columns]: as they came, in the order of the leaves; rows [samples]: where they came from
//   points: (values − a shift of each column) · scale in Float, at most 1 in magnitude; leaf after leaf, [padded, samples of it],
//     infinity in places without a sample. From four columns on they are padded with zeros to a multiple of four.
//   boxes: the ends of the boxes around nodes, as points are, for the levels depth, depth − 4, … above 0 (level 0 if depth is
//     0), the topmost first; of each level groups of 16 nodes, [padded, 2, 16], infinity in places without a node
// `scale` is a power of two.
typedef struct gk_neighbor_tree {
  ptrdiff_t columns, padded, samples;
  int depth;
  double scale;
  const double *_Nonnull values;
  const int32_t *_Nonnull rows;
  const float *_Nonnull points, *_Nonnull boxes;
} gk_neighbor_tree;
enum { GK_LEAF_SAMPLES = 32 };

// One update of n weights: those before and after it, and the gradient. For alignment also the update and the gradient of
// the step before, both or neither; with `keeps_update` the update then takes the place of the one before. For the distance from the
// start also the weights there.
typedef struct gk_motion {
  const void *_Nonnull before, *_Nonnull after, *_Nonnull gradient;
  void *_Nullable previous_update;
  const void *_Nullable previous_gradient;
  bool keeps_update;
  const void *_Nullable origin;
  const void *_Nullable momentum;  // where the step reads it; called for ahead of the next chunk
} gk_motion;

// The sums over the weights w, with gradient g, update d, the update e and gradient f of the step before.
enum {
  GK_MOTION_GG = 0,  // g·g
  GK_MOTION_DD,      // d·d
  GK_MOTION_WW,      // w·w, before the update
  GK_MOTION_GD,      // g·d
  GK_MOTION_WD,      // w·d
  GK_MOTION_DE,      // d·e
  GK_MOTION_GF,      // g·f
  GK_MOTION_GE,      // g·e
  GK_MOTION_EE,      // e·e
  GK_MOTION_FF,      // f·f
  GK_MOTION_AWAY,    // |w − origin|²
  GK_MOTION_SUMS
};

#endif
