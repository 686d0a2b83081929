/* Floating point, single: products of 64 x 64 matrices. */
#include "bench.h"

enum { SIZE = 64 };

static float left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

CASE(130, 1) {
  uint64_t state = 11;
  for (int row = 0; row < SIZE; row++) {
    for (int column = 0; column < SIZE; column++) {
      left[row][column] = (float)(next_random(&state) & 0xfff) / 4096.0f;
      right[row][column] = (float)(next_random(&state) & 0xfff) / 2048.0f;
    }
  }
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        float cell = 0;
        for (int step = 0; step < SIZE; step++) cell += left[row][step] * right[step][column];
        product[row][column] = cell;
      }
    }
    float carried = product[round % SIZE][(round * 3) % SIZE];
    left[(round * 5) % SIZE][round % SIZE] = carried / 128.0f;
    sum = mix(sum, bits_of(carried));
  }
  return sum;
}
