/* Binary floating point, long: MDBR and MADBR. */
#include "mix.h"

CASE(500000, INSTRUCTIONS(3)) {
  double value = 1.7, factor = 1.0000001, inverse = 0.9999999, sum = 0;
  __asm__ volatile(LOOP("mdbr %[value],%[factor]\n\t"
                        "madbr %[sum],%[value],%[factor]\n\t"
                        "mdbr %[value],%[inverse]")
                   : [value] "+f"(value), [sum] "+f"(sum), [rounds] "+d"(rounds)
                   : [factor] "f"(factor), [inverse] "f"(inverse)
                   : "cc");
  return mix(bits_of(value), bits_of(sum));
}
