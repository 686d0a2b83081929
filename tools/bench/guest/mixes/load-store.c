/* Loads and stores of 8 and 4 bytes: LG, STG, LLGF, ST. */
#include "mix.h"

static uint64_t words[64];

CASE(4000000, INSTRUCTIONS(6)) {
  uint64_t one = 0x123456789abcdef, other = 0;
  __asm__ volatile(LOOP("stg %[one],8(%[words])\n\t"
                        "lg %[other],8(%[words])\n\t"
                        "stg %[other],256(%[words])\n\t"
                        "st %[one],260(%[words])\n\t"
                        "llgf %[one],256(%[words])\n\t"
                        "lg %[one],256(%[words])")
                   : [one] "+d"(one), [other] "+d"(other), [rounds] "+d"(rounds)
                   : [words] "a"(words)
                   : "cc", "memory");
  return mix(mix(one, other), words[32]);
}
