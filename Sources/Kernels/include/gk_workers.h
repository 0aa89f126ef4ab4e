// A pool of threads that share the blocks of one job at a time.
//
// The caller takes part: it claims blocks like every worker, so a sleeping worker never delays it. A
// job is cut into blocks by its shape alone, never by the number of threads, so results do not depend
// on who runs which block. Workers spin for a short time after a job and then sleep on a futex.
#ifndef GK_WORKERS_H
#define GK_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gk_workers gk_workers;

// A pool of `threads` threads, the caller being one of them; NULL where a thread cannot be made.
gk_workers *_Nullable gk_workers_create(int threads);
// Ends and joins the threads; no job may be running.
void gk_workers_destroy(gk_workers *_Nonnull workers);

// Calls body(context, b) for every b in 0 ..< blocks, in any order and from any thread of the pool, and
// returns when all have returned. Workers take over the caller's floating-point mode. Where the pool is
// already busy (a nested call, or a second caller) the blocks run in order on the calling thread.
// At most 65,535 blocks.
void gk_workers_run(
    gk_workers *_Nonnull workers, int blocks,
    void (*_Nonnull body)(const void *_Nullable context, int block), const void *_Nullable context);

// Floating-point mode of the calling thread: denormal results and operands are treated as zero.
// Returns the mode before, for `gk_restore_float_mode`.
uint64_t gk_flush_denormals(void);
void gk_restore_float_mode(uint64_t mode);

// The name and version of the compiler that made this.
const char *_Nonnull gk_compiler(void);

// Hint to the processor inside a waiting loop.
void gk_pause(void);

#endif
