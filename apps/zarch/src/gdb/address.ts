/** Where `-gdb` listens: `tcp:[HOST]:PORT` or `unix:PATH`, with QEMU's `server` and `wait` (QEMU qemu-options.hx). */
import type { SocketAddress } from '../chardev/chardev.ts';
import { usageError } from '../command-error.ts';

const LOOPBACK = '127.0.0.1';

/** What `-s` stands for. */
export const DEFAULT_GDB_ADDRESS: SocketAddress = { host: LOOPBACK, port: 1234 };

/**
 * Parses the argument of `-gdb`.
 *
 * @returns Undefined for `none`.
 * @throws {CommandError}
 */
export function parseGdbAddress(argument: string): SocketAddress | undefined {
  if (argument === 'none') return undefined;
  const [device = '', ...flags] = argument.split(',');
  for (const flag of flags) {
    if (!/^(server(=on)?|(no)?wait|wait=(on|off)|nodelay(=(on|off))?|ipv4(=on)?)$/.test(flag)) {
      throw usageError(`-gdb ${argument}: '${flag}' is not supported`);
    }
  }
  if (device.startsWith('unix:') && device.length > 5) return { path: device.slice(5) };
  const match = /^tcp:(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(device);
  const port = Number(match?.[2]);
  if (!match || port > 65535)
    throw usageError(`-gdb ${argument}: expected tcp:[HOST]:PORT, unix:PATH or none`);
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? LOOPBACK : host, port };
}
