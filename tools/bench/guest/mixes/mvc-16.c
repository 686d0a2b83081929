/* Moving 16 bytes: MVC. */
#include "mix.h"

static uint8_t bytes[1024];

CASE(700000, INSTRUCTIONS(1)) {
  for (int at = 0; at < 1024; at++) bytes[at] = (uint8_t)(at * 7);
  __asm__ volatile(LOOP("mvc 512(16,%[bytes]),0(%[bytes])")
                   : [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  return mix(bytes[512], bytes[512 + 16 - 1]);
}
