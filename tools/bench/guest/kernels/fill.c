/* memset of 16 bytes to one mebibyte, with zero and other bytes; the short sizes get a sixteenth of the bytes. */
#include "bench.h"
#include <string.h>

enum { LARGEST = 1 << 20 };

static uint8_t target[LARGEST + 64];

/* Not inlined, so that neither byte nor length is known to the compiler. */
__attribute__((noipa)) static void fill(uint8_t *to, uint8_t byte, uint64_t length) { memset(to, byte, length); }

CASE(120, 1) {
  static const uint32_t sizes[] = {16, 100, 256, 1000, 4096, 65536, LARGEST};
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    for (unsigned each = 0; each < sizeof sizes / sizeof *sizes; each++) {
      uint32_t size = sizes[each];
      uint32_t bytes = size < 4096 ? 8 * LARGEST / 16 : 8 * LARGEST;
      uint32_t offset = 0;
      for (uint32_t done = 0; done < bytes; done += size) {
        fill(target + offset, offset & 1 ? (uint8_t)(round + offset) : 0, size);
        offset = (offset + 7) & 63;
      }
      sum = mix(sum, target[size / 2] | (uint32_t)target[size - 1] << 8 | (uint32_t)target[size + 63] << 16);
    }
  }
  return sum;
}
