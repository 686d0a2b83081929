/**
 * Counters that do not depend on the machine's load. An emulator that has them prints one line on standard error when
 * it ends, `{"counters": {"name": number, ...}}`; one that has none prints nothing.
 */

export type Counters = Readonly<Record<string, number>>;

/** The counters in what a process wrote to standard error, from the last such line; undefined if there is none. */
export function readCounters(text: string): Counters | undefined {
  const lines = text.split('\n').filter((line) => line.startsWith('{"counters"'));
  for (const line of lines.reverse()) {
    const counters = parse(line);
    if (counters !== undefined) return counters;
  }
  return undefined;
}

function parse(line: string): Counters | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('counters' in value)) return undefined;
  const { counters } = value;
  if (typeof counters !== 'object' || counters === null) return undefined;
  const numbers = Object.entries(counters).filter(([, number]) => Number.isFinite(number));
  return Object.fromEntries(numbers) as Counters;
}
