import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TranslationStore } from '@zarch/cpu';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TranslationFile } from './translation-file.ts';

const layout = 'a machine';

let folder: string;
let kernel: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-translations-'));
  kernel = join(folder, 'kernel');
  writeFileSync(kernel, 'the code of a kernel');
});
afterEach(() => rmSync(folder, { recursive: true }));

const directory = () => join(folder, 'kept', 'translations');
const file = (machine = 'z', build = 'build', commandLine = '') => {
  const guest = { kernel, machine, commandLine, initrd: undefined };
  const found = TranslationFile.of({ directory: directory(), guest }, build);
  if (!found) throw new Error('no file');
  return found;
};

/** A store with one region. */
function contents(): Iterable<Uint8Array> {
  const store = new TranslationStore();
  store.begin(layout);
  const body = { bytes: new Uint8Array(100), hints: [], start: 1 };
  store.add({ name: 'region', pointer: 1000, code: [], instructions: 5, inside: [], body });
  return store.encode([1, 2]);
}
const names = () => readdirSync(directory());
const isKept = (kept: TranslationFile) => kept.read().segments.length === 1;

describe('TranslationFile', () => {
  it('gives the next run what one has written', () => {
    expect(isKept(file())).toBe(false);
    file().write(contents());
    expect(isKept(file())).toBe(true);
    expect(names()).toHaveLength(1);
  });

  it('tells builds, machines and kernels apart', () => {
    file().write(contents());
    expect([isKept(file('y')), isKept(file('z', 'other'))]).toEqual([false, false]);
    writeFileSync(kernel, 'the code of a Kernel');
    expect(isKept(file())).toBe(false);
  });

  it('gives a new workload what another one of the same kernel has left, and then its own', () => {
    const workload = (commandLine: string) => file('z', 'build', commandLine);
    workload('one').write(contents());
    const inherited = workload('two').read();
    expect(inherited.segments).toHaveLength(1);
    inherited.begin(layout);
    // However little is new, it keeps what it has used of it, which is nothing.
    expect(inherited.isWorthWriting).toBe(true);
    workload('two').write(inherited.encode([]));
    expect([isKept(workload('one')), isKept(workload('two'))]).toEqual([true, false]);
    expect(names()).toHaveLength(2);
  });

  it('tells workloads apart by their initial RAM disks, too', () => {
    const initrd = join(folder, 'initrd');
    const of = (content: string) => {
      writeFileSync(initrd, content);
      const guest = { kernel, machine: 'z', commandLine: '', initrd };
      TranslationFile.of({ directory: directory(), guest }, 'build')?.write(contents());
    };
    of('one');
    of('one');
    expect(names()).toHaveLength(1);
    of('two');
    expect(names()).toHaveLength(2);
  });

  it.each([
    ['a bit that has changed', (bytes: Buffer) => bytes.fill((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1)],
    ['an end that is missing', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('makes nothing of a file with %s', (_, damage) => {
    file().write(contents());
    const path = join(directory(), names()[0] ?? '');
    writeFileSync(path, damage(readFileSync(path)));
    expect(isKept(file())).toBe(false);
    file().write(contents());
    expect(isKept(file())).toBe(true);
  });

  it('keeps the files used last', () => {
    for (let i = 0; i < 18; i++) {
      file(`machine ${i}`).write(contents());
      for (const name of names()) {
        const path = join(directory(), name);
        utimesSync(path, 1000 + i, 1000 + i);
      }
      file('machine 0').read();
    }
    expect(names()).toHaveLength(16);
    expect(isKept(file('machine 0'))).toBe(true);
  });

  it('does without a directory that cannot be made', () => {
    writeFileSync(join(folder, 'kept'), '');
    expect(() => file().write(contents())).not.toThrow();
    expect(isKept(file())).toBe(false);
  });

  it('is not there for a kernel that is not, nor in the source tree', () => {
    const guest = { kernel, machine: 'z', commandLine: '', initrd: undefined };
    const missing = { ...guest, kernel: join(folder, 'none') };
    expect(TranslationFile.of({ directory: directory(), guest: missing }, 'build')).toBeUndefined();
    expect(TranslationFile.of({ directory: directory(), guest })).toBeUndefined();
  });
});
