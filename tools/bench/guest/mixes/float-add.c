/* Binary floating point, long: ADBR and SDBR. */
#include "mix.h"

CASE(500000, INSTRUCTIONS(4)) {
  double one = 1.5, step = 0.25, sum = 0;
  __asm__ volatile(LOOP("adbr %[sum],%[one]\n\t"
                        "adbr %[one],%[step]\n\t"
                        "sdbr %[sum],%[step]\n\t"
                        "sdbr %[one],%[step]")
                   : [one] "+f"(one), [sum] "+f"(sum), [rounds] "+d"(rounds)
                   : [step] "f"(step)
                   : "cc");
  return bits_of(sum);
}
