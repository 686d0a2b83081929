/* Multiplications: MSGR, MSR, MLGR, MGHI. */
#include "mix.h"

CASE(8000000, INSTRUCTIONS(4)) {
  uint64_t one = 0x9e3779b97f4a7c15, other = 3;
  __asm__ volatile("lgr %%r1,%[one]\n\t" LOOP("msgr %[other],%[one]\n\t"
                                             "mlgr %%r0,%[one]\n\t"
                                             "msr %[other],%%r0\n\t"
                                             "mghi %%r1,77") "agr %[other],%%r1"
                   : [other] "+d"(other), [rounds] "+d"(rounds)
                   : [one] "d"(one)
                   : "cc", "r0", "r1");
  return other;
}
