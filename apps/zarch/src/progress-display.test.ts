import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProgressDisplay } from './progress-display.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function display(isTTY: boolean) {
  const written: string[] = [];
  const shown = new ProgressDisplay({ isTTY, write: (text) => written.push(text) }, () => Date.now());
  return { shown, written };
}

test.each([true, false])('a short step is not shown (terminal: %s)', (terminal) => {
  const { shown, written } = display(terminal);
  shown.step('Fetching');
  vi.advanceTimersByTime(900);
  shown.end();
  vi.advanceTimersByTime(9000);
  expect(written).toEqual([]);
});

test('a long step has a plain line for its start and one for its end', () => {
  const { shown, written } = display(false);
  shown.step('Fetching', { done: 1, total: 2 });
  vi.advanceTimersByTime(4000);
  shown.step('Unpacking');
  expect(written).toEqual(['Fetching ...\n', 'Fetching: done (4 s)\n']);
});

test('on a terminal the line is redrawn, makes room, and goes', () => {
  const { shown, written } = display(true);
  shown.step('Fetching');
  shown.step('Fetching', { done: 2 ** 20, total: 2 ** 22 });
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['\rFetching 25% of 4.0 MiB 1 s\u001b[K']);
  shown.giveWay();
  vi.advanceTimersByTime(200);
  shown.end();
  expect(written.slice(1)).toEqual(['\r\u001b[K', '\rFetching 25% of 4.0 MiB 1 s\u001b[K', '\r\u001b[K']);
});
