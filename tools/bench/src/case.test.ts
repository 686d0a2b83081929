import { describe, expect, it } from 'vitest';
import { descriptionOf, findCases, groups, select } from './case.ts';
import { qemu, zarchCommand } from './emulator.ts';

const cases = findCases();

describe('the cases in the repository', () => {
  it('are in every group but those that are boots', () => {
    const boots: readonly string[] = ['boot', 'debian', 'browser'];
    expect([...new Set(cases.map(({ group }) => group))]).toEqual(
      groups.filter((group) => !boots.includes(group)),
    );
  });

  it('have names that are unique and fit the kernel’s command line together', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
    const images = { kernel: 'kernel', initrd: 'initrd' };
    const kernelOptions = ['quiet', 'netport=65535', 'sinkport=65535', `bench=${names.join(',')}`];
    expect(() => zarchCommand({ images, kernelOptions, devices: [] })).not.toThrow();
  });

  it.each(cases.map((each) => [each.name, each.description]))('%s says what it does', (_, description) => {
    expect(description).toMatch(/^[A-Za-z0-9].*\.$/);
  });
});

it('does not find a program that is not there', () => {
  expect(qemu('/nowhere/qemu-system-s390x')).toBeUndefined();
});

describe('a description', () => {
  it.each([
    ['/* One line. */\n#include "x.h"\n', 'One line.'],
    ['/* Two\n * lines. */\nint x; /* other */\n', 'Two lines.'],
    ['# Shell.\necho\n', 'Shell.'],
    ['# Two\n# lines.\ncase # no\n', 'Two lines.'],
    ['int x;\n', ''],
  ])('of %j is %j', (text, expected) => expect(descriptionOf(text)).toBe(expected));
});

describe('the selection', () => {
  const some = [
    { group: 'kernels', name: 'fib', description: '' },
    { group: 'kernels', name: 'hash', description: '' },
    { group: 'mixes', name: 'clc', description: '' },
  ] as const;
  const all = ['fib', 'hash', 'clc'];

  it.each([
    [[], [], ['boot', 'debian', 'browser'], all],
    [['boot'], [], ['boot'], []],
    [['kernels'], [], [], ['fib', 'hash']],
    [['mixes', 'debian'], [], ['debian'], ['clc']],
    [[], ['hash', 'clc'], [], ['hash', 'clc']],
    [['kernels'], ['hash', 'clc'], [], ['hash']],
    [[], ['boot', 'fib'], ['boot'], ['fib']],
    [['browser'], [], ['browser'], []],
    [[], ['browser'], ['browser'], []],
  ])('of groups %j, only %j', (wanted, only, boots, names) => {
    const selection = select(some, wanted, only);
    const kinds = ['boot', 'debian', 'browser'] as const;
    expect(kinds.filter((name) => selection[name])).toEqual(boots);
    expect(selection.cases.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    [['kernel'], [], /no group is named kernel: there are boot, debian/],
    [[], ['fob'], /no case is named fob/],
    [['boot'], ['fib'], /fib is not in boot/],
  ])('refuses groups %j, only %j', (wanted, only, message) => {
    expect(() => select(some, wanted, only)).toThrow(message);
  });
});
