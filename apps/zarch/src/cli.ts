/** The program `zarch`. */
import process from 'node:process';
import { keepCompiledSources, runsMachine, startThreads } from './run/early-threads.ts';

const args = process.argv.slice(2);
const [command] = args;

keepCompiledSources();
if (command === 'boot' || (command === 'system' && runsMachine(args))) startThreads();
const { main } = await import('./main.ts');

/** QEMU's spelling is not commander's. */
if (command === 'system') {
  const { systemCommand } = await import('./commands/system.ts');
  void main('zarch system', () => systemCommand('zarch system', args.slice(1)));
} else {
  const { runCommand } = await import('./commands/program.ts');
  void main('zarch', () => runCommand(args));
}
