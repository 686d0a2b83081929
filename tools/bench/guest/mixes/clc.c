/* Comparing storage, 16 and 64 bytes that are equal: CLC. */
#include "mix.h"

static uint8_t bytes[512];

CASE(60000, INSTRUCTIONS(3)) {
  uint64_t equal = 0;
  __asm__ volatile(LOOP("clc 0(16,%[bytes]),256(%[bytes])\n\t"
                        "clc 64(64,%[bytes]),320(%[bytes])\n\t"
                        "ipm %[equal]")
                   : [equal] "+d"(equal), [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  return equal >> 28 & 3;
}
