/* Processes: fork, exit and wait, of a small program. */
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

CASE(600, 1) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    pid_t child = fork();
    require(child >= 0, "fork");
    if (child == 0) _exit((int)(round & 0x7f));
    int status = 0;
    require(waitpid(child, &status, 0) == child, "waitpid");
    sum = mix(sum, (uint64_t)WEXITSTATUS(status));
  }
  return sum;
}
