/** The values in QEMU's options: lists of `key=value`, sizes, numbers, switches (QEMU util/qemu-option.c, cutils.c). */
import { usageError } from '../command-error.ts';

/** A list of properties in the order given; a later one replaces an earlier one of the same key. */
export type KeyList = ReadonlyMap<string, string>;

/**
 * Parses `key=value,key=value`. In a value `,,` is a comma. A key alone is a switch that is on, or off after `no`;
 * the first element alone is the value of `implied`, where an option has such a key.
 */
export function parseKeyList(option: string, text: string, implied?: string): KeyList {
  const list = new Map<string, string>();
  let first = true;
  for (const element of splitElements(text)) {
    const at = element.indexOf('=');
    const key = at < 0 ? element : element.slice(0, at);
    if (key === '') throw usageError(`${option} ${text}: a property without a name`);
    if (at >= 0) list.set(key, element.slice(at + 1));
    else if (first && implied !== undefined) list.set(implied, element);
    else if (key.startsWith('no') && key.length > 2) list.set(key.slice(2), 'off');
    else list.set(key, 'on');
    first = false;
  }
  return list;
}

/** The elements between commas, with `,,` made a comma. */
export function splitElements(text: string): string[] {
  const elements: string[] = [];
  let element = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== ',') element += text[at];
    else if (text[at + 1] === ',') {
      element += ',';
      at += 1;
    } else {
      elements.push(element);
      element = '';
    }
  }
  // A comma at the end adds nothing.
  if (element !== '' || elements.length === 0) elements.push(element);
  return elements;
}

/** All values of a key that may come several times. */
export function valuesOf(text: string, key: string): readonly string[] {
  const start = `${key}=`;
  return splitElements(text).flatMap((element) =>
    element.startsWith(start) ? [element.slice(start.length)] : [],
  );
}

/** Refuses the keys of a list that its option does not have. */
export function checkKeys(option: string, list: KeyList, known: readonly string[]): void {
  for (const key of list.keys()) {
    if (!known.includes(key)) throw usageError(`${option}: property '${key}' is not supported`);
  }
}

/** `on`, `yes`, `true`, `y` and their opposites. */
export function parseSwitch(what: string, text: string): boolean {
  if (/^(on|yes|true|y)$/.test(text)) return true;
  if (/^(off|no|false|n)$/.test(text)) return false;
  throw usageError(`${what}: '${text}' is neither 'on' nor 'off'`);
}

export function switchOf(option: string, list: KeyList, key: string, otherwise: boolean): boolean {
  const text = list.get(key);
  return text === undefined ? otherwise : parseSwitch(`${option}: ${key}`, text);
}

/** A whole number in decimal, or in hexadecimal after `0x`. */
export function parseNumber(what: string, text: string, least: number, most: number): number {
  const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw usageError(`${what}: '${text}' is not a number`);
  if (value < least || value > most) throw usageError(`${what}: ${text} is not between ${least} and ${most}`);
  return value;
}

const SUFFIXES = 'bkmgtpe';

/** Bytes, from a number with a suffix b, k, m, g, t, p or e; without one it counts `unit` bytes. */
export function parseSize(what: string, text: string, unit: number): number {
  const match = /^(\d+(?:\.\d+)?|0x[\da-f]+)([bkmgtpe])?(?:i?b)?$/i.exec(text);
  if (match?.[1] === undefined) {
    throw usageError(`${what}: '${text}' is not a size: a number with k, m, g or t behind it is`);
  }
  const suffix = match[2]?.toLowerCase();
  return Math.floor(Number(match[1]) * (suffix === undefined ? unit : 1024 ** SUFFIXES.indexOf(suffix)));
}

export function parseUuid(what: string, text: string): Uint8Array {
  if (!/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)) {
    throw usageError(`${what}: '${text}' is not a UUID`);
  }
  const digits = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** One of a few words. */
export function parseWord<T extends string>(what: string, text: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw usageError(`${what}: '${text}' is not one of ${words.join(', ')}`);
  return word;
}
