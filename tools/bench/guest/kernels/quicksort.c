/* Quicksort of 200,000 random 32-bit integers: the middle one of three as pivot, insertion for short parts. */
#include "bench.h"

enum { LENGTH = 200000, SHORT = 12 };

static int32_t values[LENGTH];

static void insert(int32_t *low, int32_t *high) {
  for (int32_t *at = low + 1; at <= high; at++) {
    int32_t value = *at;
    int32_t *hole = at;
    for (; hole > low && hole[-1] > value; hole--) *hole = hole[-1];
    *hole = value;
  }
}

static void swap(int32_t *one, int32_t *other) {
  int32_t value = *one;
  *one = *other;
  *other = value;
}

static void sort(int32_t *low, int32_t *high) {
  while (high - low >= SHORT) {
    int32_t *middle = low + (high - low) / 2;
    if (*middle < *low) swap(middle, low);
    if (*high < *low) swap(high, low);
    if (*high < *middle) swap(high, middle);
    int32_t pivot = *middle;
    int32_t *up = low;
    int32_t *down = high;
    while (up <= down) {
      while (*up < pivot) up++;
      while (*down > pivot) down--;
      if (up <= down) swap(up++, down--);
    }
    /* The shorter part by recursion, so that the stack stays small. */
    if (down - low < high - up) {
      sort(low, down);
      low = up;
    } else {
      sort(up, high);
      high = down;
    }
  }
  insert(low, high);
}

CASE(45, 1) {
  uint64_t state = 4;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (int at = 0; at < LENGTH; at++) values[at] = (int32_t)next_random(&state);
    sort(values, values + LENGTH - 1);
    for (int at = 0; at < LENGTH; at += 97) sum = mix(sum, (uint32_t)values[at]);
  }
  return sum;
}
