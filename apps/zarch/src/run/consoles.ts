/** Consoles of the guest, each on its character device. */
import { type EventDevice, LineModeConsole, Vt220Console } from '@zarch/sclp';
import type { Chardev } from '../chardev/chardev.ts';

export type ConsoleKind = 'vt220' | 'line';

/** A console whose output and input are those of a character device. */
export function makeConsole(
  kind: ConsoleKind,
  chardev: Chardev,
  onOutput?: (bytes: Uint8Array) => void,
): EventDevice {
  const options = {
    onOutput: (bytes: Uint8Array) => {
      onOutput?.(bytes);
      chardev.write(bytes);
    },
    onRoom: () => chardev.room(),
  };
  const console = kind === 'vt220' ? new Vt220Console(options) : new LineModeConsole(options);
  chardev.connect((bytes) => console.input(bytes));
  return console;
}
