/* Heapsort of 100,000 random 64-bit integers. */
#include "bench.h"

enum { LENGTH = 100000 };

static uint64_t heap[LENGTH];

static void sift(uint64_t at, uint64_t length) {
  uint64_t value = heap[at];
  for (;;) {
    uint64_t child = 2 * at + 1;
    if (child >= length) break;
    if (child + 1 < length && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= value) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = value;
}

CASE(60, 1) {
  uint64_t state = 5;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (int at = 0; at < LENGTH; at++) heap[at] = next_random(&state);
    for (uint64_t at = LENGTH / 2; at-- > 0;) sift(at, LENGTH);
    for (uint64_t length = LENGTH; length-- > 1;) {
      uint64_t largest = heap[0];
      heap[0] = heap[length];
      heap[length] = largest;
      sift(0, length);
    }
    for (int at = 0; at < LENGTH; at += 89) sum = mix(sum, heap[at]);
  }
  return sum;
}
