/* A walk over a linked list whose 65536 nodes lie in storage in no order. */
#include "bench.h"

enum { NODES = 1 << 16 };

struct node {
  struct node *next;
  uint64_t value;
  uint64_t unused[2];
};

static struct node nodes[NODES];
static uint32_t order[NODES];

CASE(1200, 1) {
  uint64_t state = 3;
  for (uint32_t index = 0; index < NODES; index++) order[index] = index;
  for (uint32_t index = NODES - 1; index > 0; index--) {
    uint32_t other = (uint32_t)(next_random(&state) % (index + 1));
    uint32_t moved = order[index];
    order[index] = order[other];
    order[other] = moved;
  }
  for (uint32_t index = 0; index < NODES; index++) {
    nodes[order[index]].next = &nodes[order[(index + 1) % NODES]];
    nodes[order[index]].value = next_random(&state);
  }
  uint64_t sum = 0;
  const struct node *at = &nodes[order[0]];
  for (uint64_t step = 0; step < rounds * NODES; step++) {
    sum += at->value;
    at = at->next;
  }
  return mix(sum, (uint64_t)(at - nodes));
}
