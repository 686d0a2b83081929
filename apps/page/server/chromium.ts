/** Debian's Chromium, headless, with the page: what a test or a benchmark sees of a machine there. */
/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { GuestFiles } from './guest.ts';
import { type PageServer, servePage } from './server.ts';

/** What Debian's package `chromium` installs. */
const CHROMIUM = '/usr/bin/chromium';

export interface PageOptions {
  readonly files: GuestFiles;
  /** Told of text as it comes on the console. */
  readonly onOutput?: (text: string) => void;
}

/** What the page's address asks for, beside the files; the page has its own defaults. */
export interface StartOptions {
  /** The kernel's command line. */
  readonly commandLine?: string;
  /** MiB. */
  readonly memory?: number;
  readonly tier?: string;
}

/** How a machine ended, and its counts by name. */
export interface PageEnd {
  readonly status: string;
  readonly counters: Readonly<Record<string, unknown>>;
}

/** Undefined where there is no Chromium. No flags change how it runs the page. */
export async function launchChromium(): Promise<Browser | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  // Its sandbox does not work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

export class PageMachine {
  /** What has been on the console. */
  text = '';
  /** What the page says of the machine. */
  status = '';
  readonly page: Page;
  readonly #server: PageServer;
  readonly #onOutput: (text: string) => void;
  readonly #waiting = new Set<() => void>();

  private constructor(page: Page, server: PageServer, onOutput: (text: string) => void) {
    this.page = page;
    this.#server = server;
    this.#onOutput = onOutput;
  }

  /** Makes a page in a browser, ready for {@link start}. */
  static async open(browser: Browser, options: PageOptions): Promise<PageMachine> {
    const server = await servePage({ ...options.files });
    const page = await browser.newPage();
    const machine = new PageMachine(page, server, options.onOutput ?? (() => {}));
    await page.exposeFunction('onConsole', (text: string) => machine.#output(text));
    await page.exposeFunction('onStatus', (text: string) => machine.#changeStatus(text));
    await page.addInitScript(watchPage);
    return machine;
  }

  /** Loads the page, which starts the machine. */
  async start({ commandLine, memory, tier }: StartOptions = {}): Promise<void> {
    const parameters = new URLSearchParams({ kernel: 'kernel', initrd: 'initrd' });
    if (commandLine !== undefined) parameters.set('append', commandLine);
    if (memory !== undefined) parameters.set('memory', String(memory));
    if (tier !== undefined) parameters.set('tier', tier);
    await this.page.goto(`${this.#server.address}?${parameters}`);
  }

  /**
   * Waits until the console has some text on it, after as many characters as are to be passed over.
   *
   * @throws {Error} When the machine ends before.
   */
  async until(text: string, from = 0): Promise<void> {
    await this.#when(() => {
      if (this.text.includes(text, from)) return true;
      if (this.#isOver()) throw new Error(`${this.status} before "${text}":\n${this.text}`);
      return false;
    });
  }

  /** Waits for the end. */
  async ended(): Promise<PageEnd> {
    await this.#when(() => this.#isOver());
    const text = (await this.page.locator('#counters').textContent()) || '{}';
    return { status: this.status, counters: JSON.parse(text) as PageEnd['counters'] };
  }

  /** Types on the page's keyboard. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.#server.close();
  }

  #isOver(): boolean {
    return !['', 'loading', 'running'].includes(this.status);
  }
  #output(text: string): void {
    this.text += text;
    this.#onOutput(text);
    this.#changed();
  }
  #changeStatus(text: string): void {
    this.status = text;
    this.#changed();
  }
  #changed(): void {
    for (const look of [...this.#waiting]) look();
  }
  #when(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          if (!condition()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** Runs in the page: passes on what appears on it. */
function watchPage(): void {
  const { onConsole, onStatus } = globalThis as unknown as Record<string, (text: string) => void>;
  document.addEventListener('DOMContentLoaded', () => {
    const screen = document.getElementById('console');
    const status = document.getElementById('status');
    if (!screen || !status) return;
    new MutationObserver((changes) => {
      const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      onConsole?.(nodes.map((node) => node.textContent).join(''));
    }).observe(screen, { childList: true });
    const tellStatus = (): void => onStatus?.(status.textContent ?? '');
    new MutationObserver(tellStatus).observe(status, { childList: true });
    // The page's script has run already.
    tellStatus();
  });
}
