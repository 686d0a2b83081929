/* 64-bit multiplications and divisions in turn: modular powers and decimal digits. */
#include "bench.h"

static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus) {
  uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

static uint64_t digits(uint64_t value) {
  uint64_t sum = 0;
  for (; value != 0; value /= 10) sum = sum * 3 + value % 10;
  return sum;
}

static int64_t signs(int64_t value, int64_t divisor) { return value / divisor * 3 - value % divisor; }

CASE(5000000, 1) {
  uint64_t state = 12;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t value = next_random(&state);
    sum = mix(sum, power(value & 0xffffffff, value >> 40, (value >> 33 & 0xffffff) | 0x1000001));
    sum = mix(sum, digits(value));
    sum = mix(sum, (uint64_t)signs((int64_t)value, (int64_t)(value >> 48) * 2 - 0xffff));
  }
  return sum;
}
