/* Products of 96 x 96 matrices of 32-bit integers. */
#include "bench.h"

enum { SIZE = 96 };

static int32_t left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];

CASE(320, 1) {
  uint64_t state = 1;
  for (int row = 0; row < SIZE; row++) {
    for (int column = 0; column < SIZE; column++) {
      left[row][column] = (int32_t)(next_random(&state) & 0xffff);
      right[row][column] = (int32_t)(next_random(&state) & 0xffff);
    }
  }
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        uint32_t cell = 0;
        for (int step = 0; step < SIZE; step++) cell += (uint32_t)left[row][step] * (uint32_t)right[step][column];
        product[row][column] = (int32_t)cell;
      }
    }
    left[round % SIZE][(round * 7) % SIZE] = product[(round * 5) % SIZE][round % SIZE];
    sum = mix(sum, (uint32_t)product[round % SIZE][SIZE - 1]);
  }
  return sum;
}
