// Counts heap allocations of a program: preload it, and it prints the count when the program ends.
//   cc -O2 -shared -fPIC Benchmarks/allocations.c -o /tmp/allocations.so -ldl
//   LD_PRELOAD=/tmp/allocations.so .build/release/grokking train.steps=1000
// Run with two numbers of steps that make the same records; the difference of the counts over the
// difference of the steps is what a step allocates.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_long count;
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t n) { atomic_fetch_add(&count, 1); return __libc_malloc(n); }
void *calloc(size_t n, size_t m) { atomic_fetch_add(&count, 1); return __libc_calloc(n, m); }
void *realloc(void *p, size_t n) { atomic_fetch_add(&count, 1); return __libc_realloc(p, n); }
int posix_memalign(void **p, size_t a, size_t n) {
  atomic_fetch_add(&count, 1);
  *p = __libc_memalign(a, n);
  return *p ? 0 : 12;
}

__attribute__((destructor)) static void report(void) {
  fprintf(stderr, "heap allocations: %ld\n", atomic_load(&count));
}
