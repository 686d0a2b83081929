/** The cases of the benchmark: which there are, and which a command line selects. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The groups, in the order in which they run. */
export const groups = [
  ...(['boot', 'debian', 'kernels', 'busybox', 'system', 'mixes'] as const),
  ...(['disk', 'network', 'browser'] as const),
] as const;
export type Group = (typeof groups)[number];

/** What one figure of a group is. */
export type Unit = 'seconds' | 'nanoseconds per operation' | 'MiB';

/** One program or script that runs in the guest. */
export interface Case {
  readonly group: Group;
  /** Unique among all groups: the file's name without its ending. */
  readonly name: string;
  /** The file's first comment. */
  readonly description: string;
}

/** Where the guest's programs are. */
export const guestDirectory = join(import.meta.dirname, '../guest');

/** How the times of a group are given. */
export function unitOf(group: Group): Unit {
  return group === 'system' || group === 'mixes' ? 'nanoseconds per operation' : 'seconds';
}

/** Groups without cases in the guest: they are the boot itself. */
const boots: readonly Group[] = ['boot', 'debian', 'browser'];

/** Whether a case needs disks and a network, which the others are not slowed down by. */
export function needsDevices({ group }: Case): boolean {
  return group === 'disk' || group === 'network';
}

/** All cases that run in the guest, by group and name: one for each file. */
export function findCases(directory = guestDirectory): readonly Case[] {
  return groups
    .filter((group) => !boots.includes(group))
    .flatMap((group) =>
      readdirSync(join(directory, group))
        .filter((file) => /\.(c|sh)$/.test(file))
        .sort()
        .map((file) => ({
          group,
          name: file.replace(/\.\w+$/, ''),
          description: descriptionOf(readFileSync(join(directory, group, file), 'utf8')),
        })),
    );
}

/** A file's first comment, in C or in shell, on one line. */
export function descriptionOf(text: string): string {
  const comment = /^\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? /^(?:#.*\n)+/.exec(text)?.[0] ?? '';
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*[#*]?\s*/, '').trim())
    .join(' ')
    .trim();
}

/** What is to be run. */
export interface Selection {
  readonly boot: boolean;
  /** Whether zarch in Chromium is to be compared with zarch in Node. */
  readonly browser: boolean;
  /** The boot of a full Debian. */
  readonly debian: boolean;
  readonly cases: readonly Case[];
}

/**
 * The cases of the groups named, or of all if none is, and of those the ones that `only` names.
 * @throws RangeError for a name that is not known
 */
export function select(
  cases: readonly Case[],
  wanted: readonly string[],
  only: readonly string[],
): Selection {
  for (const name of wanted) {
    if (!groups.some((group) => group === name))
      throw new RangeError(`no group is named ${name}: there are ${groups.join(', ')}`);
  }
  for (const name of only) {
    if (!boots.some((group) => group === name) && !cases.some((each) => each.name === name))
      throw new RangeError(`no case is named ${name}: --list shows all`);
  }
  const inGroup = (group: Group): boolean => wanted.length === 0 || wanted.includes(group);
  const named = (name: string): boolean => only.length === 0 || only.includes(name);
  const selection = {
    boot: inGroup('boot') && named('boot'),
    debian: inGroup('debian') && named('debian'),
    browser: inGroup('browser') && named('browser'),
    cases: cases.filter(({ group, name }) => inGroup(group) && named(name)),
  };
  const boot = selection.boot || selection.debian || selection.browser;
  if (!boot && selection.cases.length === 0)
    throw new RangeError(`${only.join(', ')} is not in ${wanted.join(', ')}`);
  return selection;
}
