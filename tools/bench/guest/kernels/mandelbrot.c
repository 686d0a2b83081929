/* Floating point, double: the Mandelbrot set on a grid of 64 x 64 points, up to 200 iterations each. */
#include "bench.h"

enum { SIZE = 64, LIMIT = 200 };

CASE(15, 1) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    double scale = 2.5 / SIZE / (double)(1 + round % 4);
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        double real = -0.75 + (column - SIZE / 2) * scale;
        double imaginary = (row - SIZE / 2) * scale;
        double x = 0;
        double y = 0;
        int count = 0;
        for (; count < LIMIT && x * x + y * y <= 4.0; count++) {
          double next = x * x - y * y + real;
          y = 2 * x * y + imaginary;
          x = next;
        }
        sum = mix(sum, (uint64_t)count);
      }
    }
  }
  return sum;
}
