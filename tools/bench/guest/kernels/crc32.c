/* CRC-32 (IEEE 802.3) of a buffer, a byte and a table look-up at a time. */
#include "bench.h"

enum { LENGTH = 1 << 16 };

static uint32_t table[256];
static uint8_t data[LENGTH];

static uint32_t crc(uint32_t value, const uint8_t *bytes, uint64_t length) {
  value = ~value;
  for (uint64_t at = 0; at < length; at++) value = value >> 8 ^ table[(value ^ bytes[at]) & 0xff];
  return ~value;
}

CASE(2400, 1) {
  for (uint32_t index = 0; index < 256; index++) {
    uint32_t value = index;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    table[index] = value;
  }
  uint64_t state = 2;
  for (int at = 0; at < LENGTH; at++) data[at] = (uint8_t)next_random(&state);
  uint32_t value = 0;
  for (uint64_t round = 0; round < rounds; round++) value = crc(value, data, LENGTH);
  return value;
}
