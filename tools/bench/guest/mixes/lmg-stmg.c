/* Many registers at once, as at the start and end of functions: STMG and LMG of eight. */
#include "mix.h"

static uint64_t area[16];

CASE(1000000, INSTRUCTIONS(2)) {
  __asm__ volatile(LOOP("stmg %%r6,%%r13,48(%[area])\n\t"
                        "lmg %%r6,%%r13,40(%[area])")
                   : [rounds] "+d"(rounds)
                   : [area] "a"(area)
                   : "cc", "memory", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13");
  return area[5];
}
