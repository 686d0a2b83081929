/* Binary floating point, long: DDBR, and SQDBR once for three of them. */
#include "mix.h"

CASE(300000, INSTRUCTIONS(4)) {
  double value = 1.7e6, divisor = 1.0000001, inverse = 0.9999999;
  __asm__ volatile(LOOP("ddbr %[value],%[divisor]\n\t"
                        "ddbr %[value],%[inverse]\n\t"
                        "ddbr %[inverse],%[divisor]\n\t"
                        "sqdbr %[inverse],%[inverse]")
                   : [value] "+f"(value), [inverse] "+f"(inverse), [rounds] "+d"(rounds)
                   : [divisor] "f"(divisor)
                   : "cc");
  return mix(bits_of(value), bits_of(inverse));
}
