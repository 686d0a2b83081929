/** The devices of `-device`. */
import { usageError } from '../command-error.ts';
import { checkKeys, parseKeyList } from './parse.ts';

export interface ConsoleDevice {
  readonly kind: 'console';
  readonly device: 'vt220' | 'line';
  readonly id: string | undefined;
  /** The name of its `-chardev`. */
  readonly chardev: string | undefined;
  /** As the user wrote it. */
  readonly text: string;
}

export interface WatchdogDevice {
  readonly kind: 'watchdog';
  readonly id: string | undefined;
}

/** The models that there are, and what they are. */
export const deviceModels: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'sclpconsole', description: 'the VT220 console (ttysclp0 in Linux)' },
  { name: 'sclplmconsole', description: 'the line-mode console (ttyS0 in Linux)' },
  { name: 'diag288', description: 'the watchdog of DIAGNOSE 288' },
];

/** Parses `-device MODEL,key=value,...`. */
export function parseDevice(option: string, text: string): ConsoleDevice | WatchdogDevice {
  const list = parseKeyList(option, text, 'driver');
  const id = list.get('id');
  switch (list.get('driver')) {
    case 'sclpconsole':
    case 'sclplmconsole':
      checkKeys(`${option} ${text}`, list, ['driver', 'id', 'chardev']);
      return {
        kind: 'console',
        device: list.get('driver') === 'sclpconsole' ? 'vt220' : 'line',
        id,
        chardev: list.get('chardev'),
        text,
      };
    case 'diag288':
      checkKeys(`${option} ${text}`, list, ['driver', 'id']);
      return { kind: 'watchdog', id };
    default:
      throw usageError(
        `${option} ${text}: '${list.get('driver') ?? text}' is not a supported device: see -device help`,
      );
  }
}
