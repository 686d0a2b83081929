import { expect, test } from 'vitest';
import { declare } from './declare.ts';

const row = 'lg e3..04 RXY-a z900 - - R1:gr64 S2(X2) | load (64-bit)';

test('a row declares an instruction', () => {
  const [insn] = declare('general', row);
  expect(insn?.mnemonic).toBe('lg');
  expect(insn?.description).toBe('load (64-bit)');
});

test.each([
  ['a column is missing', 'lg e3..04 RXY-a z900 - R1:gr64 S2(X2)', 'not a row'],
  ['the description is missing', 'lg e3..04 RXY-a z900 - - R1:gr64 S2(X2) |', 'not a row'],
  ['the operation code is malformed', row.replace('e3..04', 'e3:04'), 'not an operation code'],
  ['the format is unknown', row.replace('RXY-a', 'RXY-z'), 'no instruction format RXY-z'],
  ['the privilege is unknown', row.replace('- - R1', '- root R1'), 'not a privilege: root'],
  ['a register has no kind', row.replace('R1:gr64', 'R1'), 'not an operand: R1'],
  ['a kind is unknown', row.replace('R1:gr64', 'R1:gr65'), 'not an operand: R1:gr65'],
  ['the format lacks the field', row.replace('R1:gr64', 'R2:gr64'), 'format RXY-a has no field R2'],
  ['the format lacks the part of a storage operand', row.replace('X2', 'L2'), 'format RXY-a has no field L2'],
])('a table is refused if %s', (_, text, message) => {
  expect(() => declare('general', text)).toThrow(message);
});
