/* Logic on storage: XC of a field with itself, which clears it, and of two, NC and OC. */
#include "mix.h"

static uint8_t bytes[512];

CASE(150000, INSTRUCTIONS(4)) {
  for (int at = 0; at < 512; at++) bytes[at] = (uint8_t)(at * 5 + 1);
  __asm__ volatile(LOOP("xc 0(32,%[bytes]),0(%[bytes])\n\t"
                        "oc 0(16,%[bytes]),256(%[bytes])\n\t"
                        "nc 8(16,%[bytes]),300(%[bytes])\n\t"
                        "xc 64(8,%[bytes]),0(%[bytes])")
                   : [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  uint64_t sum = 0;
  for (int at = 0; at < 512; at++) sum = mix(sum, bytes[at]);
  return sum;
}
