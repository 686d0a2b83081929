/* Page faults: 256 fresh pages are mapped, written to once each, and unmapped. */
#define _DEFAULT_SOURCE
#include "bench.h"
#include <sys/mman.h>

enum { PAGES = 256, PAGE = 4096 };

CASE(60, PAGES) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    uint8_t *pages = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(pages != MAP_FAILED, "mmap");
    for (int page = 0; page < PAGES; page++) pages[page * PAGE + (round & 0xfff)] += (uint8_t)(page + 1);
    sum = mix(sum, pages[(round & 0xff) * PAGE + (round & 0xfff)]);
    require(munmap(pages, PAGES * PAGE) == 0, "munmap");
  }
  return sum;
}
