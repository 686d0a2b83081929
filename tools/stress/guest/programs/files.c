/* Files that are written, read, cut, mapped and renamed, each byte known; and a mapping that sees what write() does. */
#define _GNU_SOURCE
#include "../stress.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 1 << 17, STEPS = 400, MOST = 9000 };

static uint8_t wanted[SIZE], buffer[SIZE];

int main(int argc, char **argv) {
  uint64_t random = random_state(round_of(argc, argv));
  char name[64], other[80];
  snprintf(name, sizeof name, "/tmp/files.%d", (int)getpid());
  snprintf(other, sizeof other, "%s.renamed", name);
  int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
  CHECK(file >= 0 && ftruncate(file, SIZE) == 0, "open");
  uint8_t *mapping = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  CHECK(mapping != MAP_FAILED, "mmap");
  for (int step = 0; step < STEPS; step++) {
    size_t length = 1 + next_random(&random) % MOST;
    size_t offset = next_random(&random) % (SIZE - MOST);
    for (size_t at = 0; at < length; at++) wanted[offset + at] = (uint8_t)(next_random(&random) >> 9);
    if (step % 2 == 0) {
      CHECK(pwrite(file, wanted + offset, length, (off_t)offset) == (ssize_t)length, "pwrite");
    } else {
      memcpy(mapping + offset, wanted + offset, length);
    }
    CHECK(pread(file, buffer, length, (off_t)offset) == (ssize_t)length, "pread");
    CHECK(memcmp(buffer, wanted + offset, length) == 0, "at %zu, %zu bytes by read", offset, length);
    CHECK(memcmp(mapping + offset, wanted + offset, length) == 0, "at %zu, %zu bytes in the mapping", offset, length);
    if (step % 50 == 49) {
      CHECK(rename(step % 100 == 99 ? other : name, step % 100 == 99 ? name : other) == 0, "rename");
      off_t end = (off_t)(next_random(&random) % SIZE);
      CHECK(ftruncate(file, end) == 0 && ftruncate(file, SIZE) == 0, "ftruncate");
      memset(wanted + end, 0, (size_t)(SIZE - end));
    }
  }
  CHECK(pread(file, buffer, SIZE, 0) == SIZE && memcmp(buffer, wanted, SIZE) == 0, "all of it");
  CHECK(memcmp(mapping, wanted, SIZE) == 0, "all of the mapping");
  CHECK(unlink(STEPS / 50 % 2 == 0 ? name : other) == 0, "unlink");
  return 0;
}
