/* Mappings that come, go and change their protection, with a pattern in every page; stores that fault and are made again. */
#define _GNU_SOURCE
#include "../stress.h"
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, AREAS = 24, MOST_PAGES = 40, STEPS = 1500 };

static struct area {
  uint8_t *start;
  uint32_t pages;
  int writable;
  uint64_t seeds[MOST_PAGES];
} areas[AREAS];

static volatile uint64_t faults;
static uint8_t *volatile fault_address;
static sigjmp_buf after_fault;
static volatile int jump;

/* Either makes the page writable, so that the store is made again, or leaves the store. */
static void on_fault(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  faults++;
  fault_address = info->si_addr;
  if (jump) siglongjmp(after_fault, 1);
  uint8_t *page = (uint8_t *)((uintptr_t)info->si_addr & -(uintptr_t)PAGE);
  if (mprotect(page, PAGE, PROT_READ | PROT_WRITE) != 0) _exit(3);
}

static void fill(uint8_t *page, uint64_t seed) {
  uint64_t state = seed | 1;
  for (int at = 0; at < PAGE; at += 8) {
    uint64_t value = next_random(&state);
    memcpy(page + at, &value, 8);
  }
}

static void verify(const struct area *area, uint32_t page) {
  uint64_t state = area->seeds[page] | 1;
  for (int at = 0; at < PAGE; at += 8) {
    uint64_t value, wanted = area->seeds[page] == 0 ? 0 : next_random(&state);
    memcpy(&value, area->start + (size_t)page * PAGE + at, 8);
    CHECK(value == wanted, "page %u at %d: %016lx, not %016lx", page, at, value, wanted);
  }
}

static void map(struct area *area, uint64_t *random) {
  area->pages = 1 + next_random(random) % MOST_PAGES;
  area->start = mmap(NULL, (size_t)area->pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(area->start != MAP_FAILED, "mmap");
  area->writable = 1;
  memset(area->seeds, 0, sizeof area->seeds);
}

static void unmap(struct area *area) {
  for (uint32_t page = 0; page < area->pages; page++) verify(area, page);
  CHECK(munmap(area->start, (size_t)area->pages * PAGE) == 0, "munmap");
  jump = 1;
  if (sigsetjmp(after_fault, 1) == 0) {
    uint8_t value = *(volatile uint8_t *)area->start;
    CHECK(0, "a byte %02x where nothing is mapped", value);
  }
  jump = 0;
  area->start = NULL;
}

static void protect(struct area *area) {
  area->writable = !area->writable;
  int protection = area->writable ? PROT_READ | PROT_WRITE : PROT_READ;
  CHECK(mprotect(area->start, (size_t)area->pages * PAGE, protection) == 0, "mprotect");
}

static void store(struct area *area, uint64_t *random) {
  uint32_t page = next_random(random) % area->pages;
  uint64_t before = faults;
  area->seeds[page] = next_random(random) | 1;
  fill(area->start + (size_t)page * PAGE, area->seeds[page]);
  if (area->writable) {
    CHECK(faults == before, "a fault in a page that is writable");
  } else {
    CHECK(faults == before + 1, "%lu faults", faults - before);
    CHECK(((uintptr_t)fault_address & -(uintptr_t)PAGE) == (uintptr_t)(area->start + (size_t)page * PAGE), "%p", fault_address);
    CHECK(mprotect(area->start + (size_t)page * PAGE, PAGE, PROT_READ) == 0, "mprotect");
  }
}

/* A store over the end of the writable page changes nothing: storage is as it was. */
static void cross(void) {
  uint8_t *start = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(start != MAP_FAILED, "mmap");
  memset(start, 0x55, 2 * PAGE);
  CHECK(mprotect(start + PAGE, PAGE, PROT_READ) == 0, "mprotect");
  jump = 1;
  for (volatile int distance = 1; distance < 8; distance++) {
    if (sigsetjmp(after_fault, 1) == 0) {
      *(volatile uint64_t *)(start + PAGE - distance) = 0;
      CHECK(0, "no fault");
    }
    for (int at = 1; at < 8; at++) CHECK(start[PAGE - at] == 0x55, "a part of a store was made");
  }
  jump = 0;
  munmap(start, 2 * PAGE);
}

int main(int argc, char **argv) {
  uint64_t random = random_state(round_of(argc, argv));
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0, "sigaction");
  for (int step = 0; step < STEPS; step++) {
    struct area *area = &areas[next_random(&random) % AREAS];
    switch (area->start == NULL ? 8 : next_random(&random) % 8) {
      case 8:
        map(area, &random);
        break;
      case 0:
        unmap(area);
        break;
      case 1:
        protect(area);
        break;
      case 2:
        verify(area, next_random(&random) % area->pages);
        break;
      default:
        store(area, &random);
    }
  }
  for (int at = 0; at < AREAS; at++)
    if (areas[at].start != NULL) unmap(&areas[at]);
  cross();
  return 0;
}
