/* Short pieces of three kinds in turn: a state machine that reads numbers, a small matrix, a list that is reversed. */
#include "bench.h"

enum { TEXT = 400, SIZE = 10, NODES = 60 };

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_DIGITS, INVALID, STATES };

struct node {
  struct node *next;
  int16_t key;
  int16_t value;
};

static char text[TEXT];
static int16_t cells[SIZE][SIZE], factors[SIZE][SIZE];
static struct node nodes[NODES];

static enum state step(enum state state, char symbol) {
  int digit = symbol >= '0' && symbol <= '9';
  switch (state) {
    case START:
      return digit ? INTEGER : symbol == '+' || symbol == '-' ? SIGN : symbol == '.' ? POINT : INVALID;
    case SIGN:
      return digit ? INTEGER : symbol == '.' ? POINT : INVALID;
    case INTEGER:
      return digit ? INTEGER : symbol == '.' ? FRACTION : symbol == 'e' ? EXPONENT : INVALID;
    case POINT:
    case FRACTION:
      return digit ? FRACTION : symbol == 'e' && state == FRACTION ? EXPONENT : INVALID;
    case EXPONENT:
      return digit || symbol == '-' ? EXPONENT_DIGITS : INVALID;
    case EXPONENT_DIGITS:
      return digit ? EXPONENT_DIGITS : INVALID;
    default:
      return INVALID;
  }
}

static uint64_t machine(void) {
  uint32_t ends[STATES] = {0};
  enum state state = START;
  for (int at = 0; at < TEXT; at++) {
    if (text[at] == ',') {
      ends[state]++;
      state = START;
    } else if (state != INVALID) {
      state = step(state, text[at]);
    }
  }
  uint64_t sum = 0;
  for (int each = 0; each < STATES; each++) sum = mix(sum, ends[each]);
  return sum;
}

static uint64_t matrix(int16_t seed) {
  uint64_t sum = 0;
  for (int row = 0; row < SIZE; row++) {
    for (int column = 0; column < SIZE; column++) {
      int32_t cell = seed;
      for (int each = 0; each < SIZE; each++) cell += cells[row][each] * factors[each][column];
      sum += (uint32_t)(cell >> 3 & 0x7fff);
    }
  }
  cells[seed & 7][seed >> 3 & 7] = (int16_t)sum;
  return sum;
}

static uint64_t list(struct node **head, int16_t wanted) {
  struct node *reversed = 0;
  for (struct node *at = *head; at;) {
    struct node *next = at->next;
    at->next = reversed;
    reversed = at;
    at = next;
  }
  *head = reversed;
  uint64_t place = 0;
  struct node *at = reversed;
  for (; at && at->key != wanted; at = at->next) place++;
  if (at) at->value++;
  return place << 16 | (uint16_t)(at ? at->value : -1);
}

CASE(170000, 1) {
  static const char symbols[] = "0123456789012345678901234567+-..ee,,,,x";
  uint64_t state = 7;
  for (int at = 0; at < TEXT; at++) text[at] = symbols[next_random(&state) % (sizeof symbols - 1)];
  for (int row = 0; row < SIZE; row++) {
    for (int column = 0; column < SIZE; column++) {
      cells[row][column] = (int16_t)next_random(&state);
      factors[row][column] = (int16_t)(next_random(&state) & 0xff);
    }
  }
  for (int at = 0; at < NODES; at++)
    nodes[at] = (struct node){at + 1 < NODES ? &nodes[at + 1] : 0, (int16_t)(at * 7 % NODES), 0};
  struct node *head = nodes;
  uint64_t sum = 0;
  for (uint64_t round = 0; round < rounds; round++) {
    sum = mix(sum, machine());
    sum = mix(sum, matrix((int16_t)round));
    sum = mix(sum, list(&head, (int16_t)(round % (NODES + 2))));
    text[round % TEXT] = symbols[sum % (sizeof symbols - 1)];
  }
  return sum;
}
