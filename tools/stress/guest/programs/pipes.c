/* A chain of processes joined by pipes, each of which changes what goes through; pieces of all sizes, sums at both ends. */
#define _GNU_SOURCE
#include "../stress.h"
#include <sys/wait.h>
#include <unistd.h>

enum { STAGES = 4, TOTAL = 1 << 20, MOST = 20000 };

static uint8_t buffer[MOST];

static uint64_t add(uint64_t sum, const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at++) sum = (sum ^ bytes[at]) * 0x100000001b3u;
  return sum;
}

static void put(int file, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = write(file, bytes, length);
    CHECK(done > 0, "write");
    bytes += done;
    length -= (size_t)done;
  }
}

/* Each stage turns bytes by one place; eight of them would be none. */
static void stage(int from, int to, uint64_t random) {
  for (;;) {
    ssize_t length = read(from, buffer, 1 + next_random(&random) % MOST);
    CHECK(length >= 0, "read");
    if (length == 0) _exit(0);
    for (ssize_t at = 0; at < length; at++) buffer[at] = (uint8_t)(buffer[at] << 1 | buffer[at] >> 7);
    put(to, buffer, (size_t)length);
  }
}

int main(int argc, char **argv) {
  uint64_t random = random_state(round_of(argc, argv));
  int ends[2];
  CHECK(pipe(ends) == 0, "pipe");
  int input = ends[0], output = ends[1];
  for (int at = 0; at < STAGES; at++) {
    CHECK(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    CHECK(child >= 0, "fork");
    if (child == 0) {
      close(output);
      close(ends[0]);
      stage(input, ends[1], random + (uint64_t)at);
    }
    close(input);
    close(ends[1]);
    input = ends[0];
  }
  uint64_t sum = 0;
  pid_t writer = fork();
  if (writer == 0) close(input);
  /* Writer and reader make the same numbers. */
  uint8_t piece[MOST];
  uint64_t got = 0;
  if (writer != 0) close(output);
  for (size_t done = 0; done < TOTAL;) {
    size_t length = 1 + next_random(&random) % MOST;
    for (size_t at = 0; at < length; at++) piece[at] = (uint8_t)next_random(&random);
    done += length;
    if (writer == 0) {
      put(output, piece, length);
      continue;
    }
    for (size_t at = 0; at < length; at++) piece[at] = (uint8_t)(piece[at] << STAGES | piece[at] >> (8 - STAGES));
    sum = add(sum, piece, length);
    for (size_t missing = length; missing > 0;) {
      ssize_t count = read(input, buffer, missing);
      CHECK(count > 0, "read");
      got = add(got, buffer, (size_t)count);
      missing -= (size_t)count;
    }
    CHECK(got == sum, "%016lx, not %016lx", got, sum);
  }
  if (writer == 0) _exit(0);
  CHECK(read(input, buffer, 1) == 0, "more than was written");
  for (int at = 0; at <= STAGES; at++) {
    int status;
    CHECK(wait(&status) > 0 && status == 0, "status %x", (unsigned)status);
  }
  return 0;
}
