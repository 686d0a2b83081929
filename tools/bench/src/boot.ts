/** One boot of a guest, timed from the start of the process. */
import { spawn } from 'node:child_process';

/** Seconds from process start. */
export interface BootTimes {
  /** To the kernel's first line. */
  readonly kernel: number;
  /** To the first line that user space prints. */
  readonly userSpace: number;
}

const KERNEL = 'Linux version';
const USER_SPACE = 'the guest is ready';
const LIMIT = 300_000;

/** Boots by a command line in QEMU's spelling and ends the process at the first line of user space. */
export function boot(
  command: readonly string[],
  images: { kernel: string; initrd: string },
): Promise<BootTimes> {
  const [program = '', ...rest] = command;
  const options = ['-M', 's390-ccw-virtio', '-m', '512', '-smp', '1', '-nographic', '-no-reboot'];
  const guest = ['-kernel', images.kernel, '-initrd', images.initrd, '-append', 'console=ttysclp0'];
  const started = performance.now();
  const child = spawn(program, [...rest, ...options, ...guest], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    let kernel: number | undefined;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${program} did not reach user space in ${LIMIT / 1000} s`));
    }, LIMIT);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('exit', () => {
      clearTimeout(timer);
      reject(new Error(`${program} ended before user space:\n${text.slice(-400)}`));
    });
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      const now = (performance.now() - started) / 1000;
      if (kernel === undefined && text.includes(KERNEL)) kernel = now;
      if (!text.includes(USER_SPACE)) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      child.on('exit', () => resolve({ kernel: kernel ?? now, userSpace: now }));
    });
  });
}
