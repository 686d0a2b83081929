/* Additions, comparisons and branches of which one is taken and one is not: AGHI, AGR, CGR, BRC. */
#include "mix.h"

CASE(6000000, INSTRUCTIONS(6)) {
  uint64_t one = 1, other = 0;
  __asm__ volatile(LOOP("aghi %[one],3\n\t"
                        "agr %[other],%[one]\n\t"
                        "cgr %[one],%[other]\n\t"
                        "je 1f\n\t"
                        "cghi %[one],0\n\t"
                        "jne 1f\n\t"
                        "1:")
                   : [one] "+d"(one), [other] "+d"(other), [rounds] "+d"(rounds)
                   :
                   : "cc");
  return mix(one, other);
}
