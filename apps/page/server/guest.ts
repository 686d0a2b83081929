/** Debian's kernel and RAM disk, as `zarch guest fetch` gets them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ZARCH = join(import.meta.dirname, '../../zarch/src/cli.ts');

export interface GuestFiles {
  readonly kernel: string;
  readonly initrd: string;
}

export function fetchGuestFiles(): GuestFiles {
  const args = ['--conditions=zarch-source', ZARCH, 'guest', 'fetch', '--json'];
  const text = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { kernel, initrd } = JSON.parse(text) as GuestFiles;
  return { kernel, initrd };
}
