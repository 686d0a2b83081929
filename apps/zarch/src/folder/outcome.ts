/** Errors of the host's file system, as 9P tells them: by Linux's numbers. */
import { Errno, type Outcome } from '@zarch/virtio';

/** Does something with the host's file system. Errors that are not the system's are thrown. */
export async function attempt<Value>(action: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await action() };
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const numbers: Readonly<Record<string, number>> = Errno;
    return { errno: numbers[String(error.code)] ?? Errno.EIO };
  }
}
