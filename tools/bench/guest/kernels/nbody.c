/* Floating point, double: five bodies that attract each other, moved in small steps. */
#include "bench.h"
#include <math.h>

enum { BODIES = 5 };

static double place[BODIES][3], velocity[BODIES][3], mass[BODIES];

static void move(double step) {
  for (int one = 0; one < BODIES; one++) {
    for (int other = one + 1; other < BODIES; other++) {
      double distance[3];
      double square = 0.01;
      for (int axis = 0; axis < 3; axis++) {
        distance[axis] = place[one][axis] - place[other][axis];
        square += distance[axis] * distance[axis];
      }
      double pull = step / (square * sqrt(square));
      for (int axis = 0; axis < 3; axis++) {
        velocity[one][axis] -= distance[axis] * mass[other] * pull;
        velocity[other][axis] += distance[axis] * mass[one] * pull;
      }
    }
  }
  for (int body = 0; body < BODIES; body++)
    for (int axis = 0; axis < 3; axis++) place[body][axis] += step * velocity[body][axis];
}

CASE(180000, 1) {
  uint64_t state = 10;
  for (int body = 0; body < BODIES; body++) {
    mass[body] = 1.0 + (double)(next_random(&state) & 7);
    for (int axis = 0; axis < 3; axis++) {
      place[body][axis] = (double)(next_random(&state) & 0xff) / 16.0;
      velocity[body][axis] = (double)(next_random(&state) & 0xff) / 512.0;
    }
  }
  for (uint64_t round = 0; round < rounds; round++) move(0.001);
  uint64_t sum = 0;
  for (int body = 0; body < BODIES; body++)
    for (int axis = 0; axis < 3; axis++) sum = mix(sum, bits_of(place[body][axis]));
  return sum;
}
