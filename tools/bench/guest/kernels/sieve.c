/* The sieve of Eratosthenes over the numbers below two million, a byte each. */
#include "bench.h"
#include <string.h>

enum { LIMIT = 2000000 };

static uint8_t composite[LIMIT];

CASE(60, 1) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    memset(composite, 0, sizeof composite);
    uint64_t count = 0;
    for (uint32_t number = 2; number < LIMIT; number++) {
      if (composite[number]) continue;
      count++;
      for (uint64_t multiple = (uint64_t)number * number; multiple < LIMIT; multiple += number)
        composite[multiple] = 1;
    }
    sum = mix(sum, count);
  }
  return sum;
}
