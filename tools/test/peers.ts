/** Makes sure that the programs which conformance, boot and browser tests need are there: installs them with apt as root. */
import { execFileSync, spawnSync } from 'node:child_process';

const peers = {
  'qemu-s390x-static': 'qemu-user-static',
  's390x-linux-gnu-as': 'binutils-s390x-linux-gnu',
  's390x-linux-gnu-gcc': 'gcc-s390x-linux-gnu',
  'gdb-multiarch': 'gdb-multiarch',
  mke2fs: 'e2fsprogs',
  chromium: 'chromium',
} as const;

const missing = Object.entries(peers)
  .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
  .map(([, name]) => name);

if (missing.length > 0) {
  if (process.getuid?.() !== 0) {
    console.error(
      `conformance, boot and browser tests need ${missing.join(', ')}: install them (apt-get install ${missing.join(' ')})`,
    );
    process.exit(1);
  }
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const;
  console.log(`installing ${missing.join(', ')}`);
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
}
