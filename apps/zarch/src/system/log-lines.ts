/** The lines that `-d` writes about what happens. */
import { crashText, type SessionEvent } from '@zarch/session';
import type { LogItem } from './log-items.ts';

/** Diagnose functions that the machine answers; any other one is logged as not implemented. */
const diagnoses: ReadonlySet<number> = new Set([0x288, 0x308, 0x500]);

export function logLines(event: SessionEvent, items: ReadonlySet<LogItem>): readonly string[] {
  switch (event.kind) {
    case 'start':
      return items.has('cpu_reset') ? [`CPU reset (CPU 0), start at 0x${event.address.toString(16)}`] : [];
    case 'crash':
      return items.has('guest_errors') ? [crashText(event.crash)] : [];
    case 'exit': {
      const { exit, outcome } = event;
      const lines = items.has('exit') ? [`exit: ${plain(exit)} -> ${outcome.kind}`] : [];
      if (items.has('unimp') && exit.reason === 'diagnose' && !diagnoses.has(exit.code)) {
        lines.push(`DIAGNOSE 0x${exit.code.toString(16)} is not implemented`);
      }
      return lines;
    }
    case 'trace':
      return [event.text.trimEnd()];
    default:
      return [];
  }
}

/** An exit's fields on one line, numbers in hexadecimal. */
function plain(exit: object): string {
  return JSON.stringify(exit, (_, value: unknown) =>
    typeof value === 'bigint' || typeof value === 'number' ? `0x${value.toString(16)}` : value,
  );
}
