import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCommand } from './testing/run-command.ts';

test('the commands in the README print what it says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const block = /```console\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const examples = block.split(/^\$ /m).filter((example) => example !== '');
  expect(examples).toHaveLength(3);
  for (const example of examples) {
    const [line = '', ...output] = example.split('\n');
    const [program, ...args] = line.split(' ');
    expect(program).toBe('zarch-system-s390x');
    const { stdout, stderr } = await runCommand('system', ...args);
    expect(stdout + stderr).toBe(output.join('\n'));
  }
});
