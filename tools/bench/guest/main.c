/* All compiled cases in one program: `cases NAME [ROUNDS]` prints the checksum and the number of operations. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct bench_case *const __start_bench_cases[];
extern const struct bench_case *const __stop_bench_cases[];

void require(int condition, const char *what) {
  if (condition) return;
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: cases NAME [ROUNDS]\n");
    return 2;
  }
  for (const struct bench_case *const *each = __start_bench_cases; each < __stop_bench_cases; each++) {
    const struct bench_case *found = *each;
    if (strcmp(found->name, argv[1]) != 0) continue;
    uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : found->rounds;
    uint64_t sum = found->run(rounds);
    printf("%016llx %llu\n", (unsigned long long)sum, (unsigned long long)(rounds * found->operations));
    return 0;
  }
  fprintf(stderr, "no case is named %s\n", argv[1]);
  return 2;
}
