/* Shifts and rotations: SLLG, SRLG, SRAG, RLLG, SLL, SRA. */
#include "mix.h"

CASE(8000000, INSTRUCTIONS(6)) {
  uint64_t one = 0x123456789abcdef, other = 0;
  __asm__ volatile(LOOP("sllg %[other],%[one],3\n\t"
                        "rllg %[one],%[other],17\n\t"
                        "srag %[other],%[one],1\n\t"
                        "srlg %[one],%[other],0(%[amount])\n\t"
                        "sll %[other],5\n\t"
                        "xgr %[one],%[other]")
                   : [one] "+d"(one), [other] "+d"(other), [rounds] "+d"(rounds)
                   : [amount] "a"(2)
                   : "cc");
  return mix(one, other);
}
