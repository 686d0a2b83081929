/* What a case is: one function in one file, named for the file by the build (CASE_NAME). */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

struct bench_case {
  const char *name;
  uint64_t rounds;
  /* Operations in one round: what the time is divided by where it is given for one. */
  uint64_t operations;
  /* Returns the checksum, which is the same on every machine. */
  uint64_t (*run)(uint64_t rounds);
};

/* The linker gathers the cases of all files into one table; a pointer each, so that it has no gaps. */
#define CASE(ROUNDS, OPERATIONS)                                                                  \
  static uint64_t run(uint64_t rounds);                                                           \
  static const struct bench_case this_case = {CASE_NAME, ROUNDS, OPERATIONS, run};                \
  static const struct bench_case *const entry __attribute__((section("bench_cases"), used)) =     \
      &this_case;                                                                                 \
  static uint64_t run(uint64_t rounds)

/* One step of a checksum: order matters, and every bit of the value does. */
static inline uint64_t mix(uint64_t sum, uint64_t value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  return sum ^ (sum >> 29);
}

/* Marsaglia's xorshift with 64 bits of state, which may not be 0. */
static inline uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

/* The bits of a double, for checksums. */
static inline uint64_t bits_of(double value) {
  union {
    double value;
    uint64_t bits;
  } both = {value};
  return both.bits;
}

/* Ends the program with a message when the system refuses what a case needs. */
void require(int condition, const char *what);

#endif
