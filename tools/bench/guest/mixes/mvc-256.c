/* Moving 256 bytes: MVC. */
#include "mix.h"

static uint8_t bytes[1024];

CASE(600000, INSTRUCTIONS(1)) {
  for (int at = 0; at < 1024; at++) bytes[at] = (uint8_t)(at * 7);
  __asm__ volatile(LOOP("mvc 512(256,%[bytes]),0(%[bytes])")
                   : [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  return mix(bytes[512], bytes[512 + 256 - 1]);
}
