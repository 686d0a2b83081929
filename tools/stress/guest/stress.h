/* What the programs share: random numbers by round, and an end with a message when a result is wrong. */
#ifndef STRESS_H
#define STRESS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The round of the loop that runs the program; each has other numbers. */
static inline uint64_t round_of(int argc, char **argv) {
  return argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
}

static inline uint64_t random_state(uint64_t round) {
  return (round + 1) * 0x9e3779b97f4a7c15u | 1;
}

/* Marsaglia's xorshift with 64 bits of state, which may not be 0. */
static inline uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

#define CHECK(CONDITION, ...)                                      \
  do {                                                             \
    if (!(CONDITION)) {                                            \
      printf("%s:%d: %s: ", __FILE__, __LINE__, #CONDITION);       \
      printf(__VA_ARGS__);                                         \
      printf("\n");                                                \
      fflush(stdout);                                              \
      _exit(1);                                                    \
    }                                                              \
  } while (0)

#endif
