/* System calls: getpid, past what the C library might remember. */
#define _GNU_SOURCE
#include "bench.h"
#include <sys/syscall.h>
#include <unistd.h>

CASE(60000, 1) {
  uint64_t same = 0;
  long pid = getpid();
  for (uint64_t round = 0; round < rounds; round++) same += syscall(SYS_getpid) == pid;
  return same;
}
