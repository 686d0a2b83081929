/* Reads of 4 KiB at random places of a disk of 1 GiB, one after the other, past the guest's page cache. */
#define _GNU_SOURCE
#include "bench.h"
#include <fcntl.h>
#include <unistd.h>

#define BLOCK 4096
#define BLOCKS (1 << 18)

static uint8_t buffer[BLOCK] __attribute__((aligned(BLOCK)));

CASE(20000, 1) {
  int disk = open("/dev/disk-to-read", O_RDONLY | O_DIRECT);
  require(disk >= 0, "/dev/disk-to-read");
  uint64_t state = 1;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    off_t at = (off_t)(next_random(&state) % BLOCKS) * BLOCK;
    require(pread(disk, buffer, BLOCK, at) == BLOCK, "reading /dev/disk-to-read");
    sum = mix(sum, *(uint64_t *)buffer);
  }
  close(disk);
  return sum;
}
