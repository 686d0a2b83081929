/* Processes that share pages until one of them stores: parent and children change the same pages and see their own only. */
#define _GNU_SOURCE
#include "../stress.h"
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64, CHILDREN = 4, WORDS = PAGE / 8, DEPTH = 2 };

static uint64_t *words;

static uint64_t wanted(uint32_t page, uint32_t word, uint64_t who) {
  return (page * 0x100000001b3u + word) * 0x9e3779b97f4a7c15u ^ who;
}

static void fill(uint32_t page, uint64_t who) {
  for (uint32_t word = 0; word < WORDS; word++) words[page * WORDS + word] = wanted(page, word, who);
}

static void verify(const uint64_t *who) {
  for (uint32_t page = 0; page < PAGES; page++)
    for (uint32_t word = 0; word < WORDS; word++) {
      uint64_t value = words[page * WORDS + word];
      CHECK(value == wanted(page, word, who[page]), "page %u word %u: %016lx", page, word, value);
    }
}

static void generation(uint64_t *who, uint64_t *random, int depth) {
  pid_t children[CHILDREN];
  for (int at = 0; at < CHILDREN; at++) {
    uint64_t seed = next_random(random) | 1;
    children[at] = fork();
    CHECK(children[at] >= 0, "fork");
    if (children[at] == 0) {
      for (int step = 0; step < PAGES / 2; step++) {
        uint32_t page = next_random(&seed) % PAGES;
        who[page] = seed;
        fill(page, who[page]);
      }
      if (depth > 0 && at == 0) generation(who, &seed, depth - 1);
      verify(who);
      _exit(0);
    }
    uint32_t page = next_random(random) % PAGES;
    who[page] = *random;
    fill(page, who[page]);
  }
  for (int at = 0; at < CHILDREN; at++) {
    int status;
    CHECK(waitpid(children[at], &status, 0) == children[at], "waitpid");
    CHECK(status == 0, "status %x of a child", (unsigned)status);
  }
  verify(who);
}

int main(int argc, char **argv) {
  uint64_t random = random_state(round_of(argc, argv));
  uint64_t who[PAGES];
  words = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(words != MAP_FAILED, "mmap");
  for (uint32_t page = 0; page < PAGES; page++) {
    who[page] = 1;
    fill(page, 1);
  }
  generation(who, &random, DEPTH);
  return 0;
}
