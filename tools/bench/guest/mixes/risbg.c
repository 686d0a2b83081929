/* Selected bits: RISBG with and without the rest zeroed, RNSBG, ROSBG, RXSBG. */
#include "mix.h"

CASE(6000000, INSTRUCTIONS(4)) {
  uint64_t one = 0x123456789abcdef, other = 0xfedcba9876543210;
  __asm__ volatile(LOOP("risbg %[one],%[other],12,43,7\n\t"
                        "risbg %[other],%[one],4,60+128,61\n\t"
                        "rxsbg %[one],%[other],0,63,32\n\t"
                        "rosbg %[other],%[one],56,63,8")
                   : [one] "+d"(one), [other] "+d"(other), [rounds] "+d"(rounds)
                   :
                   : "cc");
  return mix(one, other);
}
