/** Consoles of the guest, each on a terminal of the host. */
import { type EventDevice, LineModeConsole, Vt220Console } from '@zarch/sclp';

export type ConsoleKind = 'vt220' | 'line';

/** Where a console's output goes to and its input comes from. */
export interface Terminal {
  /** Writes what the guest's console puts out. */
  write(bytes: Uint8Array): void;
  /** Gives input to `take`, which tells how many of the bytes it took. Called once. */
  connect(take: (bytes: Uint8Array) => number): void;
  /** The console has room again for input it did not take. */
  room(): void;
}

/** A console whose output and input are those of a terminal. */
export function makeConsole(
  kind: ConsoleKind,
  terminal: Terminal,
  onOutput?: (bytes: Uint8Array) => void,
): EventDevice {
  const options = {
    onOutput: (bytes: Uint8Array) => {
      onOutput?.(bytes);
      terminal.write(bytes);
    },
    onRoom: () => terminal.room(),
  };
  const console = kind === 'vt220' ? new Vt220Console(options) : new LineModeConsole(options);
  terminal.connect((bytes) => console.input(bytes));
  return console;
}
