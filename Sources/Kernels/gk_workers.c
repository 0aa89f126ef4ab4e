#include "gk_workers.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// MARK: Floating-point mode

static uint64_t float_mode(void) {
#if defined(__x86_64__)
  return _mm_getcsr();
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return mode;
#else
  return 0;
#endif
}

void gk_restore_float_mode(uint64_t mode) {
#if defined(__x86_64__)
  _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

uint64_t gk_flush_denormals(void) {
  uint64_t before = float_mode();
#if defined(__x86_64__)
  gk_restore_float_mode(before | 0x8040);  // flush to zero, denormals are zero
#elif defined(__aarch64__)
  gk_restore_float_mode(before | (1u << 24));
#endif
  return before;
}

const char *gk_compiler(void) { return __VERSION__; }

void gk_pause(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// MARK: The pool

// `state` packs a job's generation (32 bits) and the blocks that nobody has claimed: the end of their
// range (16) and its start (16). A block is claimed by compare-and-swap on the whole word, so a late worker
// can never claim a block of a job it has not seen; only after a claim may it read `body` and `context`.
//
// The caller takes the first of the range, workers take the last: with two threads each meets the same blocks
// of one job after the other, and what it wrote in one is in its own cache for the next.
struct gk_workers {
  _Atomic uint64_t state;
  _Atomic uint32_t generation;  // of `state`, alone, for the futex
  _Atomic uint32_t finished;
  _Atomic uint32_t sleepers;
  _Atomic bool busy, ending;
  void (*body)(const void *, int);
  const void *context;
  uint64_t mode;
  int thread_count;  // workers besides the caller
  pthread_t threads[];
};

enum { spin_nanoseconds = 200000, looks_per_clock = 64 };

static uint64_t nanoseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool claim(gk_workers *w, bool is_last, int *block) {
  uint64_t state = atomic_load_explicit(&w->state, memory_order_acquire);
  for (;;) {
    const int start = (int)(state & 0xffff), end = (int)((state >> 16) & 0xffff);
    if (start >= end) return false;
    if (atomic_compare_exchange_weak_explicit(
            &w->state, &state, is_last ? state - 0x10000 : state + 1, memory_order_acq_rel,
            memory_order_acquire)) {
      *block = is_last ? end - 1 : start;
      return true;
    }
  }
}

static void work(gk_workers *w, bool from_end) {
  int block;
  while (claim(w, from_end, &block)) {
    gk_restore_float_mode(w->mode);  // each time: the next claim may belong to another job
    w->body(w->context, block);
    atomic_fetch_add_explicit(&w->finished, 1, memory_order_release);
  }
}

static void *worker(void *argument) {
  gk_workers *w = argument;
  uint32_t seen = 0;
  for (;;) {
    uint64_t start = nanoseconds();
    uint32_t now;
    for (uint64_t looks = 1; (now = atomic_load(&w->generation)) == seen; looks++) {
      gk_pause();
      if (looks % looks_per_clock == 0 && nanoseconds() - start > spin_nanoseconds) {
        atomic_fetch_add(&w->sleepers, 1);
        if (atomic_load(&w->generation) == seen)
          syscall(SYS_futex, &w->generation, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
        atomic_fetch_sub(&w->sleepers, 1);
      }
    }
    seen = now;
    if (atomic_load(&w->ending)) return NULL;
    work(w, true);
  }
}

static void announce(gk_workers *w) {
  atomic_fetch_add(&w->generation, 1);
  if (atomic_load(&w->sleepers) > 0)
    syscall(SYS_futex, &w->generation, FUTEX_WAKE_PRIVATE, w->thread_count, NULL, NULL, 0);
}

gk_workers *gk_workers_create(int threads) {
  int others = threads > 1 ? threads - 1 : 0;
  gk_workers *w = calloc(1, sizeof(gk_workers) + sizeof(pthread_t) * (size_t)others);
  if (!w) return NULL;
  for (int i = 0; i < others; i++) {
    if (pthread_create(&w->threads[i], NULL, worker, w)) {
      gk_workers_destroy(w);
      return NULL;
    }
    w->thread_count++;
  }
  return w;
}

void gk_workers_destroy(gk_workers *w) {
  atomic_store(&w->ending, true);
  announce(w);
  for (int i = 0; i < w->thread_count; i++) pthread_join(w->threads[i], NULL);
  free(w);
}

void gk_workers_run(
    gk_workers *w, int blocks, void (*body)(const void *, int), const void *context) {
  if (blocks <= 1 || w->thread_count == 0 || atomic_exchange(&w->busy, true)) {
    for (int block = 0; block < blocks; block++) body(context, block);
    return;
  }
  w->body = body;
  w->context = context;
  w->mode = float_mode();
  atomic_store(&w->finished, 0);
  uint32_t next = atomic_load(&w->generation) + 1;
  atomic_store(&w->state, (uint64_t)next << 32 | (uint64_t)blocks << 16);
  announce(w);
  work(w, false);
  for (int looks = 1; atomic_load_explicit(&w->finished, memory_order_acquire) < (uint32_t)blocks; looks++) {
    gk_pause();
    if (looks % 4096 == 0) sched_yield();  // a claimed block whose thread the system took away
  }
  atomic_store(&w->busy, false);
}
