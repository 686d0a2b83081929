import { expect, it } from 'vitest';
import { keyText } from './keyboard.ts';

it.each([
  ['a', {}, 'a'],
  ['A', {}, 'A'],
  ['ß', {}, 'ß'],
  ['Enter', {}, '\r'],
  ['Backspace', {}, '\x7f'],
  ['ArrowUp', {}, '\x1b[A'],
  ['c', { ctrlKey: true }, '\x03'],
  ['D', { ctrlKey: true }, '\x04'],
  ['Shift', {}, undefined],
  ['F5', {}, undefined],
  ['1', { ctrlKey: true }, undefined],
  ['r', { metaKey: true }, undefined],
  ['x', { altKey: true }, undefined],
])('the key %s with %j is %j', (key, modifiers, text) => {
  expect(keyText({ key, ctrlKey: false, altKey: false, metaKey: false, ...modifiers })).toBe(text);
});
