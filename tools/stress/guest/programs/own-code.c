/* A program that writes its own code: functions made anew, single instructions changed in a loop, pages of two mappings. */
#define _GNU_SOURCE
#include "../stress.h"
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, FUNCTIONS = 120, CALLS = 400, PATCHES = 300, MOST = 40 };

typedef uint64_t function(uint64_t one, uint64_t other);

/* Where code is written and where it is run: often two mappings of the same pages. */
static uint8_t *writable, *executable;
static uint8_t *at;

static void halfwords(uint64_t value, int count) {
  for (int shift = 16 * (count - 1); shift >= 0; shift -= 16) {
    *at++ = (uint8_t)(value >> (shift + 8));
    *at++ = (uint8_t)(value >> shift);
  }
}

/* Serialization: a store by one address need not be seen by fetches from another one before it. */
static function *entry(uint32_t offset) {
  __sync_synchronize();
  return (function *)(executable + offset);
}

/* One instruction with r2 as its result and r3 as an operand, and the same in C. */
static uint64_t step(uint64_t number, int kind, uint64_t *two, uint64_t three) {
  int16_t small = (int16_t)number;
  switch (kind) {
    case 0: /* AGR */
      halfwords(0xb9080023, 2);
      return *two + three;
    case 1: /* AGHI */
      halfwords(0xa72b0000 | (uint16_t)small, 2);
      return *two + (uint64_t)(int64_t)small;
    case 2: /* XGR */
      halfwords(0xb9820023, 2);
      return *two ^ three;
    case 3: /* AHI */
      halfwords(0xa72a0000 | (uint16_t)small, 2);
      return (*two & 0xffffffff00000000) | (uint32_t)((uint32_t)*two + (uint32_t)small);
    case 4: /* RLLG by a constant */
      halfwords(0xeb22 * 0x100000000 | (number & 63) << 16 | 0x001c, 3);
      return (number & 63) == 0 ? *two : *two << (number & 63) | *two >> (64 - (number & 63));
    case 5: /* XILF */
      halfwords(0xc027 * 0x100000000 | (uint32_t)number, 3);
      return *two ^ (uint32_t)number;
    case 6: /* MSGR */
      halfwords(0xb90c0023, 2);
      return *two * three;
    case 7: /* SLR */
      halfwords(0x1f23, 1);
      return (*two & 0xffffffff00000000) | (uint32_t)((uint32_t)*two - (uint32_t)three);
    default: /* LCGR */
      halfwords(0xb9030022, 2);
      return -*two;
  }
}

/* Makes a function of random steps at a random place, calls it, and compares with the same steps in C. */
static void make_function(uint64_t *random) {
  uint32_t offset = (uint32_t)(next_random(random) % (3 * PAGE)) & ~1u;
  int steps = 1 + (int)(next_random(random) % MOST);
  uint64_t seed = *random;
  for (int call = 0; call < CALLS; call++) {
    uint64_t one = call == 0 ? 0 : next_random(random), other = next_random(random);
    uint64_t state = seed, wanted = one;
    at = writable + offset;
    /* Written at the first call, and then the same bytes once more every fifty. */
    uint8_t scratch[MOST * 6 + 2];
    if (call % 50 != 0) at = scratch;
    for (int each = 0; each < steps; each++) {
      uint64_t number = next_random(&state);
      wanted = step(number >> 8, (int)(number % 9), &wanted, other);
    }
    halfwords(0x07fe, 1);
    uint64_t result = entry(offset)(one, other);
    CHECK(result == wanted, "call %d of %d steps at %x: %016lx, not %016lx", call, steps, offset, result, wanted);
  }
}

/* A loop (AGHI, BRCTG) whose constant changes between calls. */
static void patch(uint64_t *random) {
  uint32_t offset = 3 * PAGE + ((uint32_t)(next_random(random) % (PAGE - 64)) & ~1u);
  at = writable + offset;
  halfwords(0xa72b0000, 2);
  halfwords(0xa737fffe, 2);
  halfwords(0x07fe, 1);
  for (int number = 0; number < PATCHES; number++) {
    uint16_t constant = (uint16_t)(next_random(random) & 0x3fff);
    uint64_t count = 1 + next_random(random) % 30;
    writable[offset + 2] = (uint8_t)(constant >> 8);
    writable[offset + 3] = (uint8_t)constant;
    uint64_t result = entry(offset)(5, count);
    CHECK(result == 5 + count * constant, "%lu, not %lu", result, 5 + count * constant);
  }
}

static void run(uint64_t *random) {
  for (int number = 0; number < FUNCTIONS; number++) {
    make_function(random);
    if (number % 4 == 0) patch(random);
  }
}

int main(int argc, char **argv) {
  uint64_t random = random_state(round_of(argc, argv));
  size_t length = 4 * PAGE;
  int both = PROT_READ | PROT_WRITE;
  writable = executable = mmap(NULL, length, both | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(writable != MAP_FAILED, "mmap");
  run(&random);
  int file = memfd_create("code", 0);
  CHECK(file >= 0 && ftruncate(file, (off_t)length) == 0, "memfd_create");
  writable = mmap(NULL, length, both, MAP_SHARED, file, 0);
  executable = mmap(NULL, length, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
  CHECK(writable != MAP_FAILED && executable != MAP_FAILED, "mmap of a file");
  run(&random);
  /* A child writes what its parent then runs. */
  for (int number = 0; number < 20; number++) {
    uint16_t constant = (uint16_t)(next_random(&random) & 0x3fff);
    pid_t child = fork();
    CHECK(child >= 0, "fork");
    if (child == 0) {
      at = writable + 64;
      halfwords(0xa72b0000 | constant, 2);
      halfwords(0x07fe, 1);
      _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0, "status %x", (unsigned)status);
    uint64_t result = entry(64)(7, 0);
    CHECK(result == 7u + constant, "%lu, not %u", result, 7u + constant);
  }
  return 0;
}
