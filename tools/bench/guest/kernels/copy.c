/* memcpy of 16 bytes to one mebibyte; each size gets the same number of bytes in all, and the short ones a sixteenth. */
#include "bench.h"
#include <string.h>

enum { LARGEST = 1 << 20 };

static uint8_t source[LARGEST + 64], target[LARGEST + 64];

/* Not inlined, so that the length is not known to the compiler. */
__attribute__((noipa)) static void copy(uint8_t *to, const uint8_t *from, uint64_t length) {
  memcpy(to, from, length);
}

CASE(100, 1) {
  static const uint32_t sizes[] = {16, 100, 256, 1000, 4096, 65536, LARGEST};
  uint64_t state = 9;
  for (int at = 0; at < LARGEST + 64; at++) source[at] = (uint8_t)next_random(&state);
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (unsigned each = 0; each < sizeof sizes / sizeof *sizes; each++) {
      uint32_t size = sizes[each];
      uint32_t bytes = size < 4096 ? 8 * LARGEST / 16 : 8 * LARGEST;
      uint32_t offset = 0;
      for (uint32_t done = 0; done < bytes; done += size) {
        copy(target + offset, source + (offset ^ 1), size);
        offset = (offset + 7) & 63;
      }
      sum = mix(sum, target[size / 2] | (uint32_t)target[size - 1] << 8);
      source[round * 31 % LARGEST] ^= (uint8_t)sum;
    }
  }
  return sum;
}
