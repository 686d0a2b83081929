/* Shifts, rotations, fields, counts of bits and bytes in other orders, in every width. */
#include "bench.h"

struct fields {
  uint64_t one : 3, two : 17, three : 1, four : 29, five : 14;
};

CASE(60000, 1) {
  uint64_t state = 78, sum = 0;
  struct fields fields = {0};
  uint32_t word = 1;
  uint16_t half = 1;
  int8_t byte = 1;
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t value = next_random(&state);
    unsigned by = value & 63;
    fields.two += value >> 5;
    fields.four ^= value >> 11 ^ fields.five;
    fields.five -= fields.one;
    fields.one = (uint64_t)__builtin_popcountll(value);
    fields.three = (uint64_t)(byte < 0);
    word = (word << (by & 31) | word >> (-by & 31)) + (uint32_t)__builtin_clzll(value | 1);
    half = (uint16_t)(half * 3 + __builtin_ctzll(value | 1ull << 63));
    byte = (int8_t)(byte + (int8_t)(value >> by));
    sum = mix(sum, __builtin_bswap64(value) >> by ^ __builtin_bswap32(word) ^ __builtin_bswap16(half));
    sum = mix(sum, (uint64_t)((int64_t)value >> by) + (uint64_t)((int32_t)value >> (by & 31)) + (uint64_t)byte);
    sum ^= fields.two ^ (uint64_t)fields.four << 20 ^ (uint64_t)fields.three << 63;
    if ((value & 0x00ff00) == 0x003300 || (word & 0x8001) == 0x8001) sum = ~sum;
  }
  return sum;
}
