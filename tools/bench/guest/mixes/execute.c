/* EXRL and EX of an MVC whose length is in a register. An EX and its target count as one instruction. */
#include "mix.h"

static uint8_t bytes[512];

CASE(250000, INSTRUCTIONS(3)) {
  uint64_t length = 0;
  bytes[0] = 7;
  __asm__ volatile("j 0f\n"
                   "1:\tmvc 256(1,%[bytes]),0(%[bytes])\n"
                   "0:\tlarl %%r1,1b\n" LOOP("exrl %[length],1b\n\t"
                                             "ex %[length],0(%%r1)\n\t"
                                             "xilf %[length],31")
                   : [length] "+a"(length), [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory", "r1");
  return mix(bytes[256], length);
}
