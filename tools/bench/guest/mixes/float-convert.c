/* Conversions and comparisons: CDGBR, CGDBR, LEDBR, LDEBR, CDBR. */
#include "mix.h"

CASE(400000, INSTRUCTIONS(6)) {
  uint64_t whole = 123456789;
  double value = 0;
  __asm__ volatile(LOOP("cdgbr %[value],%[whole]\n\t"
                        "ledbr %%f1,%[value]\n\t"
                        "ldebr %%f1,%%f1\n\t"
                        "cdbr %%f1,%[value]\n\t"
                        "cgdbr %[whole],5,%%f1\n\t"
                        "aghi %[whole],3")
                   : [whole] "+d"(whole), [value] "+f"(value), [rounds] "+d"(rounds)
                   :
                   : "cc", "f1");
  return mix(whole, bits_of(value));
}
