/* Instruction mixes: loops in assembler in which one kind of instruction is repeated, so that its own time shows. */
#ifndef MIX_H
#define MIX_H

#include "bench.h"

/* How often a body is repeated in one round of the loop. */
#define REPEATS 20

/* Instructions in one round: the bodies' and the branch at the end. */
#define INSTRUCTIONS(IN_BODY) (REPEATS * (IN_BODY) + 1)

#define TEXT_OF(VALUE) #VALUE
#define TEXT(VALUE) TEXT_OF(VALUE)

/* Assembler text of a loop that runs [rounds] times. Its body must not change that register. */
#define LOOP(BODY) "0:\n\t.rept " TEXT(REPEATS) "\n\t" BODY "\n\t.endr\n\tbrctg %[rounds],0b\n"

#endif
