/* Context switches: two processes hand a byte to and fro through pipes. */
#include "bench.h"
#include <sys/wait.h>
#include <unistd.h>

CASE(5000, 2) {
  int there[2], back[2];
  require(pipe(there) == 0 && pipe(back) == 0, "pipe");
  pid_t child = fork();
  require(child >= 0, "fork");
  uint8_t byte = 0;
  if (child == 0) {
    for (uint64_t round = 0; round < rounds; round++) {
      if (read(there[0], &byte, 1) != 1) _exit(1);
      byte = (uint8_t)(byte * 5 + 1);
      if (write(back[1], &byte, 1) != 1) _exit(1);
    }
    _exit(0);
  }
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    require(write(there[1], &byte, 1) == 1, "write");
    require(read(back[0], &byte, 1) == 1, "read");
    sum = mix(sum, byte);
  }
  int status = 0;
  require(waitpid(child, &status, 0) == child && status == 0, "waitpid");
  return sum;
}
