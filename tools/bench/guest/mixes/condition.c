/* Condition codes that are used: carries and borrows (ALCGR, SLBGR) and LOCGR. */
#include "mix.h"

CASE(8000000, INSTRUCTIONS(6)) {
  uint64_t low = 0x9e3779b97f4a7c15, high = 5, sum = 0, step = 0xf123456789abcdef;
  __asm__ volatile(LOOP("algr %[low],%[step]\n\t"
                        "alcgr %[high],%[sum]\n\t"
                        "slgr %[sum],%[low]\n\t"
                        "slbgr %[high],%[step]\n\t"
                        "clgr %[low],%[high]\n\t"
                        "locgrh %[sum],%[low]")
                   : [low] "+d"(low), [high] "+d"(high), [sum] "+d"(sum), [rounds] "+d"(rounds)
                   : [step] "d"(step)
                   : "cc");
  return mix(mix(low, high), sum);
}
