/** What the guest boots: Debian's kernel as `zarch guest fetch` gets it, and a RAM disk with the cases in it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Images, root } from './emulator.ts';
import type { GuestFiles } from './guest-programs.ts';

/** Builds zarch if it is not built from the present source. */
export function buildZarch(): void {
  const turbo = join(root, 'node_modules/.bin/turbo');
  const filters = ['--filter=@zarch/cli...', '--filter=@zarch/page...'];
  const args = ['run', 'build', ...filters, '--output-logs=errors-only'];
  execFileSync(turbo, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Gets the kernel and busybox, from the cache or the mirror, and makes the RAM disk. */
export function makeImages({ bench, init }: GuestFiles): Images {
  const program = join(root, 'apps/zarch/bin/zarch.js');
  const args = [program, 'guest', 'fetch', '--json', '--file', `${init}:/init`, '--file', `${bench}:/bench`];
  const text = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { kernel, initrd } = JSON.parse(text) as Images;
  return { kernel, initrd };
}
