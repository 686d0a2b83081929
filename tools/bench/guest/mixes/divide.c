/* Divisions: DLGR of 128 bits by 64, DSGR of 64 by 64, DLR of 64 by 32. */
#include "mix.h"

CASE(1500000, INSTRUCTIONS(6)) {
  uint64_t divisor = 1000003, sum = 0;
  __asm__ volatile("lghi %%r1,12345\n\t" LOOP("lghi %%r0,99\n\t"
                                             "dlgr %%r0,%[divisor]\n\t"
                                             "dsgr %%r0,%[divisor]\n\t"
                                             "agr %[sum],%%r0\n\t"
                                             "lhi %%r0,77\n\t"
                                             "dlr %%r0,%[divisor]") "agr %[sum],%%r1"
                   : [sum] "+d"(sum), [rounds] "+d"(rounds)
                   : [divisor] "d"(divisor)
                   : "cc", "r0", "r1");
  return sum;
}
