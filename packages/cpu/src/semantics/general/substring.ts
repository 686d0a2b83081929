/** COMPARE UNTIL SUBSTRING EQUAL (Principles of Operation, chapter 7). */
import type { Assist } from '../assist.ts';
import type { DefinitionTable } from '../semantics.ts';
import { addressIn, field4, lengthIn, setAddressIn, setIn, tableAt } from './assist-operands.ts';

/** Bytes after which an execution ends with condition code 3, unless it is within equal bytes. */
const UNIT = 1024;

export function defineSubstring(table: DefinitionTable): void {
  table.define('cuse', (s) => {
    s.requireEven('R1', 'R2');
    s.assist(compareUntilSubstringEqual);
  });
}

/** 0 equal bytes of the substring's length found, 1 the last bytes are equal, 2 they are not, 3 not at the end. */
const compareUntilSubstringEqual: Assist = (context, text) => {
  const registers = [field4(text, 24), field4(text, 28)] as const;
  const wanted = Number(context.gr(0) & 0xffn);
  const padding = Number(context.gr(1) & 0xffn);
  if (wanted === 0) {
    context.cc = 0;
    return 0;
  }
  const operands = registers.map((register) => {
    const address = addressIn(context, register);
    return {
      register,
      address,
      length: lengthIn(context, register + 1),
      at: tableAt(context, address, register),
    };
  });
  // An operand that has ended goes on with padding bytes, and its registers stay.
  const settle = (position: number): void => {
    for (const { register, address, length } of operands) {
      const used = BigInt(position) < length ? BigInt(position) : length;
      setAddressIn(context, register, address + used);
      setIn(context, register + 1, length - used);
    }
  };

  let equal = 0;
  for (let position = 0; ; position++) {
    if (operands.every(({ length }) => BigInt(position) >= length)) {
      settle(position - equal);
      context.cc = equal > 0 ? 1 : 2;
      return 0;
    }
    if (position >= UNIT && equal === 0) {
      settle(position);
      context.cc = 3;
      return 0;
    }
    const bytes = operands.map(({ at, length }) => (BigInt(position) < length ? at(position) : padding));
    if (bytes.includes(undefined)) {
      settle(position - equal);
      return context.accessException();
    }
    equal = bytes[0] === bytes[1] ? equal + 1 : 0;
    if (equal === wanted) {
      settle(position + 1 - equal);
      context.cc = 0;
      return 0;
    }
  }
};
