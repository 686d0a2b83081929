/* Threads of one process: sums by compare-and-swap and by a lock, and a barrier that all of them pass many times. */
#define _GNU_SOURCE
#include "../stress.h"
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { THREADS = 4, STEPS = 4000, ROUNDS = 40 };

static uint64_t swapped, locked, phases[THREADS];
static uint32_t added;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static void *run(void *argument) {
  uint64_t number = (uint64_t)argument;
  for (uint64_t round = 1; round <= ROUNDS; round++) {
    for (int step = 0; step < STEPS / ROUNDS; step++) {
      uint64_t old = __atomic_load_n(&swapped, __ATOMIC_RELAXED);
      while (!__atomic_compare_exchange_n(&swapped, &old, old + number + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
      }
      __atomic_fetch_add(&added, 3, __ATOMIC_SEQ_CST);
      pthread_mutex_lock(&lock);
      uint64_t value = locked;
      if (step % 16 == 0) sched_yield();
      locked = value + 1;
      pthread_mutex_unlock(&lock);
    }
    phases[number] = round;
    pthread_barrier_wait(&barrier);
    for (int other = 0; other < THREADS; other++)
      CHECK(phases[other] == round, "thread %d in round %lu, not %lu", other, phases[other], round);
    pthread_barrier_wait(&barrier);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (uint64_t number = 0; number < THREADS; number++)
    CHECK(pthread_create(&threads[number], NULL, run, (void *)number) == 0, "pthread_create");
  for (int number = 0; number < THREADS; number++) pthread_join(threads[number], NULL);
  CHECK(swapped == (uint64_t)STEPS * THREADS * (THREADS + 1) / 2, "%lu swapped", swapped);
  CHECK(added == 3 * THREADS * STEPS, "%u added", added);
  CHECK(locked == THREADS * STEPS, "%lu under the lock", locked);
  return 0;
}
