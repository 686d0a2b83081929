/** What our tools say of their command lines. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whole } from './command.ts';

const tools = join(import.meta.dirname, '../..');

function run(tool: string, ...args: readonly string[]) {
  const main = join(tools, tool, 'src/main.ts');
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  return spawnSync(process.execPath, ['--conditions=zarch-source', main, ...args], options);
}

describe.each(['bench', 'differential', 'fuzz', 'stress'])('%s', (tool) => {
  it('shows its usage', () => {
    const { status, stdout } = run(tool, '--help');
    expect(stdout).toContain(`Usage: ${tool} `);
    expect(status).toBe(0);
  });
  it.each([
    ['an option that there is not', ['--nonsense'], "unknown option '--nonsense'"],
    ['a number that is none', ['--number', 'x'], "argument 'x' is invalid. a whole number"],
  ])('names %s, with status 2', (_, args, message) => {
    const number = { bench: '--runs', differential: '--count', fuzz: '--count', stress: '--minutes' }[tool];
    const { status, stderr } = run(tool, ...args.map((each) => (each === '--number' ? `${number}` : each)));
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
  });
});

describe('what is chosen by its name', () => {
  it.each([
    ['bench', ['nonsense'], 'no group is named nonsense'],
    ['differential', ['--only', 'nonsense'], 'no instruction is named nonsense'],
    ['fuzz', ['nonsense'], 'nothing is named nonsense'],
    ['stress', ['--tier', 'nonsense'], "argument 'nonsense' is invalid"],
  ])('%s names what there is not', (tool, args, message) => {
    const { status, stderr } = run(tool, ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('a whole number', () => {
  it.each([
    ['0', 0],
    ['12', 12],
    ['1e3', 1000],
  ])('is %s', (text, value) => {
    expect(whole(0)(text)).toBe(value);
  });
  it.each([
    ['', 'a whole number from 1 to 9'],
    ['1.5', 'a whole number from 1 to 9'],
    ['0', 'a whole number from 1 to 9'],
    ['10', 'a whole number from 1 to 9'],
    ['Infinity', 'a whole number from 1 to 9'],
  ])('is not %s', (text, message) => {
    expect(() => whole(1, 9)(text)).toThrow(message);
  });
});
