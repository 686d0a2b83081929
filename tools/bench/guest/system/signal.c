/* Signals: a process sends itself one that it handles. */
#define _DEFAULT_SOURCE
#include "bench.h"
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int number) { caught += number == SIGUSR1; }

CASE(15000, 1) {
  struct sigaction action = {.sa_handler = on_signal};
  require(sigaction(SIGUSR1, &action, 0) == 0, "sigaction");
  pid_t self = getpid();
  for (uint64_t round = 0; round < rounds; round++) require(kill(self, SIGUSR1) == 0, "kill");
  return (uint64_t)caught;
}
