/** Opens the character devices that a user asks for. */
import type { Chardev, ChardevOptions } from './chardev.ts';
import { EscapeFilter } from './escape.ts';
import { FileChardev, NullChardev } from './file.ts';
import { SocketChardev } from './socket.ts';
import { StdioChardev } from './stdio.ts';

export interface ChardevHost {
  /** The control character that begins an escape. */
  readonly escape: number;
  /** The user wants the program to end. */
  readonly quit: () => void;
  /** A line about the program itself, for the user. */
  readonly report: (line: string) => void;
  /** Aborted when the program is to end before a client has come. */
  readonly signal: AbortSignal;
}

/** @throws {CommandError} When it cannot be opened. */
export async function openChardev(options: ChardevOptions, host: ChardevHost): Promise<Chardev> {
  switch (options.kind) {
    case 'null':
      return new NullChardev();
    case 'file':
      return new FileChardev(options.path, options.append, host.report);
    case 'stdio': {
      if (!options.mux) return new StdioChardev({ signal: options.signal });
      const say = (text: string) => process.stdout.write(text);
      const filter = new EscapeFilter({ quit: host.quit, say }, host.escape);
      return new StdioChardev({ signal: options.signal, filter: (bytes) => filter.filter(bytes) });
    }
    case 'socket': {
      const { address, server, wait } = options;
      if (!server) return SocketChardev.connect(address);
      const waiting = (name: string) => host.report(`waiting for connection on: ${name}`);
      return SocketChardev.listen(address, wait, waiting, host.signal);
    }
  }
}
