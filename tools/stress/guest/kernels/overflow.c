/* Sums and differences that overflow, carry and borrow, in 32, 64 and 128 bits, and what their condition codes decide. */
#include "bench.h"

CASE(40000, 1) {
  uint64_t state = 77, sum = 0;
  int32_t low = 1;
  int64_t high = 1;
  uint32_t plain = 1;
  unsigned __int128 wide = 1;
  __int128 negative = -1;
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t value = next_random(&state) >> (state & 31);
    if (__builtin_add_overflow(low, (int32_t)value, &low)) sum = mix(sum, 1);
    if (__builtin_sub_overflow(high, (int64_t)(value << 3), &high)) sum = mix(sum, 2);
    if (__builtin_add_overflow(plain, (uint32_t)(value >> 7), &plain)) sum = mix(sum, 3);
    if (__builtin_sub_overflow(plain, (uint32_t)(value >> 22), &plain)) sum = mix(sum, 4);
    if (__builtin_mul_overflow((int32_t)value, low | 1, &low)) low ^= 0x1234567;
    if (__builtin_mul_overflow((int64_t)value, high | 1, &high)) high ^= 0x123456789;
    wide += (unsigned __int128)value << 50;
    wide -= plain;
    wide *= 3;
    negative = negative * 5 + (int64_t)value - (negative >> 77);
    if (low > 0) sum++;
    if (low == 0 || high < 0) sum += 5;
    if (negative < 0) sum ^= (uint64_t)(negative >> 64);
    sum = mix(sum, (uint64_t)low ^ (uint64_t)high ^ plain ^ (uint64_t)(wide >> 64) ^ (uint64_t)wide);
  }
  return mix(sum, (uint64_t)negative);
}
