import { describe, expect, it } from 'vitest';
import type { Boot } from './boot.ts';
import type { CommandLine, Emulator } from './emulator.ts';
import { measure } from './measure.ts';

const images = { kernel: 'kernel', initrd: 'initrd' };
const cases = ['a', 'b', 'c'].map((name) => ({ group: 'kernels' as const, name, description: '' }));

const emulator = (name: string): Emulator => ({
  name,
  version: '1',
  command: (_, kernelOptions) => ({ program: name, args: kernelOptions }),
});

/** A boot in which every case takes a second; in `hangs` the process has to be ended. */
function fakeBoot({ program, args }: CommandLine, hangs: ReadonlySet<string>): Boot {
  const names = args.join(' ').split('bench=')[1]?.split(',') ?? [];
  const stop = names.findIndex((name) => hangs.has(`${program} ${name}`));
  const ended = stop < 0 ? names : names.slice(0, stop);
  return {
    kernel: 1,
    ready: 3,
    end: 4,
    memory: 2 ** 20,
    counters: program === 'zarch' ? { instructions: 5 } : undefined,
    ends: ended.map((name) => ({ kind: 'ended', name, seconds: 1, checksum: name, operations: 2 })),
    broken: stop < 0 ? undefined : { reason: 'over the limit', name: names[stop] },
  };
}

async function run(runs: number, boot: boolean, hangs: readonly string[] = []) {
  const started: string[] = [];
  const samples = await measure({
    emulators: [emulator('zarch'), emulator('QEMU')],
    images,
    selection: { boot, cases },
    runs,
    limit: 1,
    boot: async (command) => {
      started.push([command.program, ...command.args].join(' '));
      return fakeBoot(command, new Set(hangs));
    },
    progress: () => {},
  });
  return { started, samples };
}

describe('the runs', () => {
  it('take turns, and change who is first', async () => {
    const { started } = await run(2, false);
    expect(started).toEqual([
      'zarch quiet bench=a,b,c',
      'QEMU quiet bench=a,b,c',
      'QEMU quiet bench=a,b,c',
      'zarch quiet bench=a,b,c',
    ]);
  });

  it('boot once without cases where the boot itself is measured', async () => {
    const { started, samples } = await run(1, true);
    expect(started.slice(0, 2)).toEqual(['zarch', 'zarch quiet bench=a,b,c']);
    expect(samples.get('QEMU')?.of('user-space').values).toEqual([2]);
    expect(samples.get('QEMU')?.of('memory').values).toEqual([2 ** 20]);
    expect(samples.get('zarch')?.counters).toEqual([{ instructions: 5 }]);
  });

  it('boot again after a case that had to be ended, and leave it out from then on', async () => {
    const { started, samples } = await run(2, false, ['zarch b']);
    expect(started.filter((line) => line.startsWith('zarch'))).toEqual([
      'zarch quiet bench=a,b,c',
      'zarch quiet bench=c',
      'zarch quiet bench=a,c',
    ]);
    expect(samples.get('zarch')?.of('b')).toMatchObject({ values: [], failure: 'over the limit' });
    expect(samples.get('zarch')?.of('c').values).toEqual([1, 1]);
    expect(samples.get('QEMU')?.of('b').values).toEqual([1, 1]);
  });
});
