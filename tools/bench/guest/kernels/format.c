/* Formatting with snprintf: decimal, hexadecimal, padded, strings and a double. */
#include "bench.h"
#include <stdio.h>

CASE(150000, 1) {
  static const char *const words[] = {"subchannel", "lowcore", "PSW", "storage key"};
  char line[160];
  uint64_t state = 8;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    uint64_t value = next_random(&state);
    int length = snprintf(line, sizeof line, "%d %-12s %016llx %6u|%.3f|%s", (int)(value >> 32), words[value & 3],
                          (unsigned long long)value, (unsigned)(value & 0xfffff), (double)(value >> 40) / 1000.0,
                          words[value >> 2 & 3]);
    for (int at = 0; at < length; at += 3) sum = mix(sum, (uint8_t)line[at]);
  }
  return sum;
}
