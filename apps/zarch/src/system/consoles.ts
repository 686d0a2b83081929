/** The consoles of `-serial`, of the defaults and of `-device`, and the character devices behind them. */
import type { ChardevOptions } from '../chardev/chardev.ts';
import { usageError } from '../command-error.ts';
import type { ConsoleDevice } from './device-options.ts';

export interface Console {
  readonly device: 'vt220' | 'line';
  readonly chardev: ChardevOptions;
}

/** What the options have said of consoles. */
export interface ConsoleDraft {
  /** A string is the name of a `-chardev`, undefined is no console. */
  readonly serials: readonly (ChardevOptions | string | undefined)[];
  readonly devices: readonly ConsoleDevice[];
  readonly defaults: boolean;
  readonly nographic: boolean;
  readonly display: 'none' | undefined;
}

/** Finds a character device for an option, which is the only one that may have it. */
export type ChardevOf = (option: string, id: string) => ChardevOptions;

export function chardevTaker(chardevs: ReadonlyMap<string, ChardevOptions>): ChardevOf {
  const used = new Set<string>();
  return (option, id) => {
    const found = chardevs.get(id);
    if (!found) throw usageError(`${option}: chardev '${id}' not found`);
    if (used.has(id)) throw usageError(`${option}: chardev '${id}' is already in use`);
    used.add(id);
    return found;
  };
}

/** Only one device can have the terminal. */
export function checkTerminal(chardevs: readonly ChardevOptions[]): void {
  if (chardevs.filter(({ kind }) => kind === 'stdio').length > 1) {
    throw usageError('cannot use stdio by multiple character devices');
  }
}

/** The consoles of `-serial` and of the defaults, in QEMU's order, then those of `-device`. */
export function consolesOf(draft: ConsoleDraft, chardevOf: ChardevOf): readonly Console[] {
  const serials = [...draft.serials];
  // Without a display of any kind the console is on the terminal.
  const onTerminal = draft.nographic || draft.display === undefined;
  if (serials.length === 0 && draft.defaults && onTerminal && draft.devices.length === 0) {
    serials.push({ kind: 'stdio', mux: true, signal: false });
  }
  if (serials.length > 2) throw usageError('-serial: at most two are supported');
  const consoles: Console[] = [];
  for (const [index, serial] of serials.entries()) {
    if (serial === undefined) continue;
    const options = typeof serial === 'string' ? chardevOf(`-serial chardev:${serial}`, serial) : serial;
    consoles.push({ device: index === 0 ? 'vt220' : 'line', chardev: options });
  }
  for (const { device: kind, chardev: id, text } of draft.devices) {
    consoles.push({
      device: kind,
      chardev: id === undefined ? { kind: 'null' } : chardevOf(`-device ${text}`, id),
    });
  }
  for (const kind of ['vt220', 'line'] as const) {
    if (consoles.filter(({ device: d }) => d === kind).length > 1) {
      throw usageError(
        `-device ${kind === 'vt220' ? 'sclpconsole' : 'sclplmconsole'}: at most one is supported`,
      );
    }
  }
  return consoles;
}
