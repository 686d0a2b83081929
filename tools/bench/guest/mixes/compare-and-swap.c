/* Interlocked updates as locks and counters make them: CS and CSG after a load. */
#include "mix.h"

static uint64_t words[4];

CASE(4000000, INSTRUCTIONS(6)) {
  __asm__ volatile(LOOP("l %%r0,0(%[words])\n\t"
                        "ahik %%r1,%%r0,1\n\t"
                        "cs %%r0,%%r1,0(%[words])\n\t"
                        "lg %%r0,8(%[words])\n\t"
                        "aghik %%r1,%%r0,1\n\t"
                        "csg %%r0,%%r1,8(%[words])")
                   : [rounds] "+d"(rounds)
                   : [words] "a"(words)
                   : "cc", "memory", "r0", "r1");
  return mix(words[0], words[1]);
}
