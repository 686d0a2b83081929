/* Recursive calls: Fibonacci numbers by their definition. */
#include "bench.h"

__attribute__((noipa)) static uint64_t fib(uint64_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

CASE(12, 1) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) sum = mix(sum, fib(32 + (round & 1)));
  return sum;
}
