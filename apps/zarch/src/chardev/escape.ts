/** The escape character of a console on the terminal (QEMU chardev/char-mux.c): Ctrl-a x leaves. */

export const DEFAULT_ESCAPE = 0x01;

export interface EscapeActions {
  /** Ctrl-a x. */
  readonly quit: () => void;
  /** Text for the user, not from the guest. */
  readonly say: (text: string) => void;
}

export class EscapeFilter {
  readonly #escape: number;
  readonly #actions: EscapeActions;
  #escaped = false;

  constructor(actions: EscapeActions, code: number = DEFAULT_ESCAPE) {
    this.#actions = actions;
    this.#escape = code;
  }

  /** Does what the escapes in the input ask for, and gives what is for the guest. */
  filter(bytes: Uint8Array): Uint8Array {
    const kept: number[] = [];
    for (const byte of bytes) {
      if (!this.#escaped) {
        if (byte === this.#escape) this.#escaped = true;
        else kept.push(byte);
        continue;
      }
      this.#escaped = false;
      if (byte === this.#escape) kept.push(byte);
      else this.#command(byte);
    }
    return Uint8Array.from(kept);
  }

  #command(byte: number): void {
    switch (String.fromCharCode(byte)) {
      case 'x':
        this.#actions.quit();
        return;
      case 'h':
      case '?':
        this.#actions.say(this.#help());
        return;
      case 'c':
        this.#actions.say('There is no monitor.\n');
    }
  }

  #help(): string {
    const key = escapeName(this.#escape);
    return ['', `${key} h  this help`, `${key} x  end the program`, `${key} ${key}  send ${key}`, ''].join(
      '\n',
    );
  }
}

/** The name of the key that gives a control character. */
export function escapeName(code: number): string {
  return code > 0 && code < 27 ? `Ctrl-${String.fromCharCode(0x60 + code)}` : `character ${code}`;
}
