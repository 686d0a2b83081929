/* Signals of a timer and of another process, while registers and condition codes are in use all the time. */
#define _GNU_SOURCE
#include "../stress.h"
#include <math.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 12, STEPS = 60000, SENT = 300 };

static volatile sig_atomic_t ticks, received;

static void on_signal(int number) {
  /* Uses what the interrupted code uses. */
  volatile double value = (double)ticks;
  volatile uint64_t product = (uint64_t)ticks * 0x9e3779b97f4a7c15u;
  if (sqrt(value * value) != value || product == 1) _exit(4);
  if (number == SIGALRM) ticks++;
  else received++;
}

/* Integer and floating-point sums with carries; the same every time. */
__attribute__((noipa)) static uint64_t work(uint64_t state) {
  unsigned __int128 wide = 1;
  double real = 1.0;
  uint32_t narrow = 1;
  for (int step = 0; step < STEPS; step++) {
    uint64_t value = next_random(&state);
    wide += (unsigned __int128)value << (value & 63);
    if (__builtin_add_overflow(narrow, (uint32_t)value, &narrow)) narrow ^= 0x55;
    real = real * 0.5 + (double)(value >> 40);
    if ((int64_t)value < 0 && (int32_t)narrow > 5) wide -= narrow;
  }
  return (uint64_t)wide ^ (uint64_t)(wide >> 64) ^ narrow ^ (uint64_t)real;
}

int main(int argc, char **argv) {
  uint64_t seed = random_state(round_of(argc, argv));
  uint64_t wanted = work(seed);
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0 && sigaction(SIGUSR1, &action, NULL) == 0, "sigaction");
  pid_t self = getpid(), child = fork();
  CHECK(child >= 0, "fork");
  if (child == 0) {
    /* A signal that is pending already is not sent again: the parent says how many it had. */
    for (int sent = 0; sent < SENT; sent++) {
      kill(self, SIGUSR1);
      usleep(200);
    }
    _exit(0);
  }
  struct itimerval interval = {{0, 1000}, {0, 1000}};
  CHECK(setitimer(ITIMER_REAL, &interval, NULL) == 0, "setitimer");
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t sum = work(seed);
    CHECK(sum == wanted, "%016lx, not %016lx", sum, wanted);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0, "status %x", (unsigned)status);
  interval = (struct itimerval){0};
  CHECK(setitimer(ITIMER_REAL, &interval, NULL) == 0, "setitimer");
  CHECK(ticks > 0 && received > 0 && received <= SENT, "%d ticks, %d signals", (int)ticks, (int)received);
  return 0;
}
