/* Filling 256 bytes with the first of them: MVC to one byte further on. */
#include "mix.h"

static uint8_t bytes[512];

CASE(600000, INSTRUCTIONS(2)) {
  __asm__ volatile(LOOP("mvi 0(%[bytes]),37\n\t"
                        "mvc 1(255,%[bytes]),0(%[bytes])")
                   : [rounds] "+d"(rounds)
                   : [bytes] "a"(bytes)
                   : "cc", "memory");
  return mix(bytes[255], bytes[256]);
}
