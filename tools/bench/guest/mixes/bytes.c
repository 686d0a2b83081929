/* Loads and stores of single bytes: LLGC, IC, STC, MVI, CLI, TM. */
#include "mix.h"

static uint8_t bytes[64];

CASE(5000000, INSTRUCTIONS(6)) {
  uint64_t one = 0x1234;
  __asm__ volatile(LOOP("stc %[one],1(%[bytes])\n\t"
                        "llgc %[one],1(%[bytes])\n\t"
                        "ic %[one],2(%[bytes])\n\t"
                        "mvi 3(%[bytes]),7\n\t"
                        "cli 3(%[bytes]),7\n\t"
                        "tm 2(%[bytes]),1")
                   : [one] "+d"(one), [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  return mix(one, bytes[1] | bytes[3] << 8);
}
