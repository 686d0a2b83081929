/** The program `zarch-system-s390x`: QEMU's command line. */
import { systemCommand } from './commands/system.ts';
import { main } from './main.ts';

const program = 'zarch-system-s390x';

void main(program, () => systemCommand(program, process.argv.slice(2)));
