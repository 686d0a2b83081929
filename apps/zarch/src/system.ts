/** The program `zarch-system-s390x`: QEMU's command line. */
import process from 'node:process';
import { keepCompiledSources, runsMachine, startThreads } from './run/early-threads.ts';

const args = process.argv.slice(2);

keepCompiledSources();
if (runsMachine(args)) startThreads();
const [{ systemCommand }, { main }] = await Promise.all([
  import('./commands/system.ts'),
  import('./main.ts'),
]);

const program = 'zarch-system-s390x';
void main(program, () => systemCommand(program, args));
