import { describe, expect, it } from 'vitest';
import type { Boot } from './boot.ts';
import type { CommandLine, Emulator } from './emulator.ts';
import { measure } from './measure.ts';

const images = { kernel: 'kernel', initrd: 'initrd' };
const cases = ['a', 'b', 'c'].map((name) => ({ group: 'kernels' as const, name, description: '' }));
const deviceCase = { group: 'disk' as const, name: 'd', description: '' };

const emulator = (name: string): Emulator => ({
  name,
  version: '1',
  hasDevices: name !== 'Hercules',
  command: ({ kernelOptions, devices, endsAt }) => ({
    program: name,
    args: [...devices, ...kernelOptions, ...(endsAt ? ['until login'] : [])],
  }),
});

/** A boot in which every case takes a second; in `hangs` the process has to be ended. */
function fakeBoot({ program, args }: CommandLine, hangs: ReadonlySet<string>): Boot {
  const names = args.join(' ').split('bench=')[1]?.split(',') ?? [];
  const stop = names.findIndex((name) => hangs.has(`${program} ${name}`));
  const ended = stop < 0 ? names : names.slice(0, stop);
  return {
    kernel: 1,
    ready: 3,
    login: 7,
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
    selection: { boot, debian: false, cases },
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

  it('boot once more with devices where cases need them, and until a login of Debian', async () => {
    const started: string[] = [];
    const samples = await measure({
      emulators: [emulator('QEMU'), emulator('Hercules')],
      images,
      devices: { images, kernelOptions: ['port=1'], devices: ['a disk'] },
      debian: { images, kernelOptions: ['root=x'], devices: ['a root'] },
      selection: { boot: false, debian: true, cases: [...cases, deviceCase] },
      runs: 1,
      limit: 1,
      boot: async (command) => {
        started.push([command.program, ...command.args].join(' '));
        return fakeBoot({ ...command, args: command.args.slice(0, -1) }, new Set());
      },
      progress: () => {},
    });
    expect(started).toEqual([
      'QEMU a root root=x until login',
      'QEMU quiet bench=a,b,c',
      'QEMU a disk quiet bench=d port=1',
      'Hercules quiet bench=a,b,c',
    ]);
    expect(samples.get('QEMU')?.of('login').values).toEqual([7]);
    for (const name of ['login', 'd'])
      expect(samples.get('Hercules')?.of(name)).toMatchObject({
        values: [],
        failure: 'it has no such devices',
      });
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
