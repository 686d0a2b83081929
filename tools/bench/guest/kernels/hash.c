/* A hash table with open addressing: insertions, look-ups and removals of 64-bit keys. */
#include "bench.h"
#include <string.h>

enum { SLOTS = 1 << 17, KEYS = 80000 };

static uint64_t keys[SLOTS];
static uint32_t counts[SLOTS];

static uint32_t home(uint64_t key) { return (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 47); }

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t find(uint64_t key) {
  uint32_t slot = home(key);
  while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) % SLOTS;
  return slot;
}

/* Closes the gap: later keys of the run move up if the gap lies between their home and them. */
static void take_out(uint32_t gap) {
  for (uint32_t slot = (gap + 1) % SLOTS; keys[slot] != 0; slot = (slot + 1) % SLOTS) {
    uint32_t distance = (slot - home(keys[slot])) % SLOTS;
    if (distance < (slot - gap) % SLOTS) continue;
    keys[gap] = keys[slot];
    counts[gap] = counts[slot];
    gap = slot;
  }
  keys[gap] = 0;
  counts[gap] = 0;
}

CASE(128, 1) {
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    memset(keys, 0, sizeof keys);
    memset(counts, 0, sizeof counts);
    uint64_t state = 6 + round;
    for (int step = 0; step < KEYS; step++) {
      uint64_t key = next_random(&state);
      uint32_t slot = find(key);
      keys[slot] = key;
      counts[slot] += (uint32_t)step;
    }
    state = 6 + round;
    for (int step = 0; step < KEYS; step++) {
      uint64_t key = next_random(&state);
      uint32_t slot = find(step % 3 == 0 ? key ^ 1 : key);
      if (keys[slot] == 0) continue;
      sum = mix(sum, counts[slot]);
      if (step % 4 == 1) take_out(slot);
    }
  }
  return sum;
}
