/** The peak resident memory of a process: VmHWM in /proc/PID/status (proc_pid_status(5)). */
import { readFileSync } from 'node:fs';

/** Bytes; undefined where there is no /proc or the process has ended. */
export function peakMemory(pid: number): number | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** VmHWM in bytes; a process that has ended and is not yet waited for has none. */
export function parseStatus(text: string): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
