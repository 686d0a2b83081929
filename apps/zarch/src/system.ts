/** The program `zarch-system-s390x`: QEMU's command line. */
import process from 'node:process';
import { keepCompiledSources, startThreads } from './run/early-threads.ts';

keepCompiledSources();
startThreads();
const [{ systemCommand }, { main }] = await Promise.all([
  import('./commands/system.ts'),
  import('./main.ts'),
]);

const program = 'zarch-system-s390x';
void main(program, () => systemCommand(program, process.argv.slice(2)));
