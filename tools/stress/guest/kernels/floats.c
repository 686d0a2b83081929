/* Binary floating point in both formats: sums, quotients, roots, fused steps, comparisons, conversions both ways. */
#include "bench.h"
#include <math.h>

CASE(40000, 1) {
  uint64_t state = 79, sum = 0;
  double real = 1.0;
  float small = 1.0f;
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t value = next_random(&state);
    double other = (double)(int64_t)value;
    float part = (float)(int32_t)value;
    real = fma(real, 0.37, other / (1.0 + fabs(part)));
    small = sqrtf(fabsf(small * part)) - (float)(value & 0xff);
    if (real > 1e30 || real != real) real = 3.25;
    if (!(small < 1e20f)) small = 2.5f;
    if (real < (double)small) sum = mix(sum, 1);
    if (real == floor(real)) sum = mix(sum, 2);
    sum = mix(sum, bits_of(real) ^ bits_of((double)small));
    if (fabs(real) < 1e18) sum += (uint64_t)(int64_t)real;
    if (fabsf(small) < 1e9f) sum += (uint64_t)(int64_t)(int32_t)small + (uint32_t)fabsf(small);
    sum = mix(sum, bits_of(ldexp(real, (int)(value & 31) - 1060)));
    sum = mix(sum, bits_of(trunc(real / 3.0) + rint(other / 1024.0)));
  }
  return sum;
}
