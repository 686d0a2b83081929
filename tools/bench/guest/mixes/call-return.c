/* Calls and returns: BRASL and BR, to three functions in turn. */
#include "mix.h"

CASE(300000, INSTRUCTIONS(12)) {
  uint64_t sum = 0;
  __asm__ volatile("j 0f\n"
                   "1:\taghi %[sum],1\n\tbr %%r14\n"
                   "2:\taghi %[sum],2\n\tbr %%r14\n"
                   "3:\taghi %[sum],3\n\tbr %%r14\n" LOOP("brasl %%r14,1b\n\t"
                                                         "brasl %%r14,2b\n\t"
                                                         "brasl %%r14,3b\n\t"
                                                         "brasl %%r14,1b")
                   : [sum] "+d"(sum), [rounds] "+d"(rounds)
                   :
                   : "cc", "r14");
  return sum;
}
