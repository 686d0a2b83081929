/**
 * Moves and comparisons of operands whose lengths are in registers (Principles of Operation, chapter 7, "MOVE LONG",
 * "MOVE LONG EXTENDED", "COMPARE LOGICAL LONG", "COMPARE LOGICAL LONG EXTENDED" and the forms for two-byte
 * characters). Each execution does what lies in one page of each operand: the others are interruptible, or end with
 * condition code 3.
 */
import type { FieldName } from '@zarch/isa';
import { I32, I64 } from '@zarch/wasm';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';

/** MVCL and CLCL have lengths of 24 bits and are interruptible; the extended forms use whole registers. */
type Form = 'long' | 'extended';

interface LongOperand extends StorageOperand {
  readonly register: FieldName;
  readonly form: Form;
  readonly length: I64;
}

export function defineLongOperands(table: DefinitionTable): void {
  table.define('mvcl', (s) => {
    s.requireEven('R1', 'R2');
    const [first, second] = [longOperand(s, 'R1', 'long'), longOperand(s, 'R2', 'long')];
    const padding = s.f.let(s.gr32('R2', 1).shrU(24));
    s.f.if(
      overlapsDestructively(s, first, second),
      () => {
        clearBeyondAddresses(s, first, second);
        s.setCc(3);
      },
      () => move(s, first, second, padding),
    );
  });
  table.define('mvcle', (s) => {
    s.requireEven('R1', 'R3');
    const padding = s.f.let(s.addressValue(2).wrap().and(0xff));
    move(s, longOperand(s, 'R1', 'extended'), longOperand(s, 'R3', 'extended'), padding);
  });
  table.define('clcl', (s) => {
    s.requireEven('R1', 'R2');
    const padding = s.f.let(s.gr32('R2', 1).shrU(24));
    compare(s, longOperand(s, 'R1', 'long'), longOperand(s, 'R2', 'long'), padding);
  });
  table.define('clcle', (s) => {
    s.requireEven('R1', 'R3');
    const padding = s.f.let(s.addressValue(2).wrap().and(0xff));
    compare(s, longOperand(s, 'R1', 'extended'), longOperand(s, 'R3', 'extended'), padding);
  });
  table.define('mvclu', moveUnicode);
  table.define('clclu', compareUnicode);
}

function longOperand(s: Semantics, register: FieldName, form: Form): LongOperand {
  return { ...s.registerOperand(register), register, form, length: longLength(s, register, form) };
}

/** The length in the odd register of a pair. */
function longLength(s: Semantics, register: FieldName, form: Form): I64 {
  const value = s.f.let(s.gr64(register, 1));
  if (form === 'long') return s.f.let(value.and(0xff_ffff));
  return s.f.let(s.f.select(s.is64(), value, value.and(0xffff_ffff)));
}

/** Moves the registers of an operand past `count` bytes. */
function advance(s: Semantics, operand: LongOperand, count: I64): void {
  const { register, form, address } = operand;
  const length = s.f.let(operand.length.sub(count));
  s.setGrAddress(register, s.f.let(s.wrap(address.add(count))));
  if (form === 'extended') {
    s.setGrAddress(register, length, 1);
  } else {
    s.setGr32(register, s.gr32(register, 1).and(~0xff_ffff).or(length.wrap()), 1);
  }
}

/** Ends a unit: the instruction is interruptible, or tells by its condition code that there is more. */
function unfinished(s: Semantics, form: Form): void {
  if (form === 'long') s.repeat();
  else s.setCc(3);
}

/** Bytes from `address` to the end of its page. */
export function toPageEnd(address: I64): I64 {
  return I64.const(4096).sub(address.and(0xfff));
}

export function minimum(s: Semantics, a: I64, b: I64): I64 {
  const [x, y] = [s.f.let(a), s.f.let(b)];
  return s.f.let(s.f.select(x.ltU(y), x, y));
}

/** Whether a byte would be used as a source after it was a destination; only operands in one space can. */
function overlapsDestructively(s: Semantics, first: LongOperand, second: LongOperand): I32 {
  const { f } = s;
  const distance = f.let(s.wrap(first.address.sub(second.address)));
  const moved = minimum(s, first.length, second.length);
  const accessRegisterMode = s.psw().shrU(46).wrap().and(3).eq(1);
  const alet = (register: I32) => f.select(register, s.ar(register), I32.const(0));
  const apart = accessRegisterMode.and(alet(first.ar).ne(alet(second.ar)));
  return distance.ne(0).and(distance.ltU(moved)).and(apart.eqz());
}

/** MVCL makes bits of its registers beyond the address zero even where nothing is moved. */
function clearBeyondAddresses(s: Semantics, ...operands: readonly LongOperand[]): void {
  for (const { register } of operands) s.setGrAddress(register, s.f.let(s.wrap(s.gr64(register))));
}

function move(s: Semantics, first: LongOperand, second: LongOperand, padding: I32): void {
  const { f } = s;
  const { form } = first;
  // The lengths compare the same whenever the operation is resumed.
  const low = first.length.ltU(second.length);
  const order = f.let(first.length.gtU(second.length).shl(1).or(low));
  f.block((done) => {
    f.if(first.length.ne(0), () => {
      const count = f.local('i64');
      f.set(count, minimum(s, first.length, toPageEnd(first.address)));
      const to = s.updatePointer(first, 1);
      f.if(
        second.length.ne(0),
        () => {
          f.set(count, minimum(s, count.get(), minimum(s, second.length, toPageEnd(second.address))));
          const from = s.readPointer(second, 1);
          f.call(s.helpers.moveBytes, to, from, count.get().wrap());
          advance(s, first, count.get());
          advance(s, second, count.get());
        },
        () => {
          const bytes = count.get().wrap().toPointer();
          f.memoryFill(to.add(16).sub(bytes), padding, bytes);
          advance(s, first, count.get());
        },
      );
      f.if(count.get().ne(first.length), () => {
        unfinished(s, form);
        f.br(done);
      });
    });
    if (form === 'long') clearBeyondAddresses(s, first, second);
    s.setCc(order);
  });
}

function compare(s: Semantics, first: LongOperand, second: LongOperand, padding: I32): void {
  const { f } = s;
  const [a, b] = [f.let(first.length.ne(0)), f.let(second.length.ne(0))];
  const one = { operand: first, some: a, pointer: f.local('ptr'), byte: f.local('i32') };
  const two = { operand: second, some: b, pointer: f.local('ptr'), byte: f.local('i32') };
  f.block((done) => {
    f.if(a.or(b).eqz(), () => {
      s.setCc(0);
      f.br(done);
    });
    const count = f.local('i64');
    f.set(count, I64.const(4096));
    for (const { operand, some, pointer } of [one, two]) {
      f.if(some, () => {
        const within = minimum(s, operand.length, toPageEnd(operand.address));
        f.set(count, minimum(s, count.get(), within));
        f.set(pointer, s.readPointer(operand, 1));
      });
    }
    const equal = f.local('i32');
    const all = f.let(count.get().wrap());
    f.if(
      a.and(b),
      () => f.set(equal, f.callValue(s.helpers.equalBytes, one.pointer.get(), two.pointer.get(), all)),
      () => {
        const only = f.select(a, one.pointer.get(), two.pointer.get());
        f.set(equal, f.callValue(s.helpers.equalToByte, only, padding, all));
      },
    );
    const different = f.let(equal.get().ltU(all));
    for (const { operand, some, pointer, byte } of [one, two]) {
      f.set(byte, padding);
      f.if(some, () => {
        f.if(different, () => f.set(byte, f.loadI32(pointer.get().sub(equal.get().toPointer()), 15, 8)));
        advance(s, operand, f.let(equal.get().extendU()));
      });
    }
    f.if(different, () => {
      s.setCcCompareUnsigned(one.byte.get(), two.byte.get());
      f.br(done);
    });
    const rest = (operand: LongOperand, some: I32) => some.and(operand.length.ne(count.get()));
    f.if(rest(first, a).or(rest(second, b)), () => {
      unfinished(s, first.form);
      f.br(done);
    });
    s.setCc(0);
  });
}

/** Most characters that one execution of a form for two-byte characters moves or compares. */
const UNICODE_UNIT = 1024;

interface UnicodeState {
  readonly length1: { get(): I64 };
  readonly length2: { get(): I64 };
}

/** Loops over two-byte characters; `each` gets the second one, or the padding, and what remains. */
function eachUnicode(
  s: Semantics,
  each: (first: StorageOperand, second: I32, state: UnicodeState, advanceBoth: () => void) => void,
  goOn: (state: UnicodeState) => I32,
): UnicodeState {
  const { f } = s;
  s.requireEven('R1', 'R3');
  const [one, two] = [longOperand(s, 'R1', 'extended'), longOperand(s, 'R3', 'extended')];
  s.programIf(one.length.or(two.length).wrap().and(1), 6);
  const padding = f.let(s.addressValue(2).wrap().and(0xffff));
  const [address1, length1] = [f.local('i64'), f.local('i64')];
  const [address2, length2] = [f.local('i64'), f.local('i64')];
  const unit = f.local('i32');
  f.set(address1, one.address);
  f.set(length1, one.length);
  f.set(address2, two.address);
  f.set(length2, two.length);
  f.set(unit, I32.const(UNICODE_UNIT));
  const state = { length1, length2 };
  f.block((done) => {
    f.loop((again) => {
      f.brIf(goOn(state).and(unit.get().ne(0)).eqz(), done);
      const character = f.local('i32');
      f.set(character, padding);
      f.if(length2.get().ne(0), () => {
        f.set(character, s.load16({ address: address2.get(), ar: two.ar }));
      });
      each({ address: address1.get(), ar: one.ar }, character.get(), state, () => {
        // Registers follow each character, so that an access exception finds them precise.
        f.if(length1.get().ne(0), () => {
          f.set(address1, s.wrap(address1.get().add(2)));
          f.set(length1, length1.get().sub(2));
          s.setGrAddress('R1', address1.get());
          s.setGrAddress('R1', length1.get(), 1);
        });
        f.if(length2.get().ne(0), () => {
          f.set(address2, s.wrap(address2.get().add(2)));
          f.set(length2, length2.get().sub(2));
          s.setGrAddress('R3', address2.get());
          s.setGrAddress('R3', length2.get(), 1);
        });
        f.set(unit, unit.get().sub(1));
        f.br(again);
      });
      f.br(done);
    });
  });
  return state;
}

function moveUnicode(s: Semantics): void {
  const { f } = s;
  const order = f.local('i32');
  f.set(order, I32.const(-1));
  const { length1 } = eachUnicode(
    s,
    (first, character, _state, next) => {
      s.store16(first, character);
      next();
    },
    (state) => {
      // Only the first time: what remains compares the same until the first operand ends.
      f.if(order.get().ltS(0), () => {
        const [a, b] = [state.length1.get(), state.length2.get()];
        f.set(order, a.gtU(b).shl(1).or(a.ltU(b)));
      });
      return state.length1.get().ne(0);
    },
  );
  s.setCc(f.select(length1.get().eqz(), order.get(), I32.const(3)));
}

function compareUnicode(s: Semantics): void {
  const { f } = s;
  const padding = f.let(s.addressValue(2).wrap().and(0xffff));
  const result = f.local('i32');
  f.set(result, I32.const(-1));
  const { length1, length2 } = eachUnicode(
    s,
    (first, second, state, next) => {
      const one = f.local('i32');
      f.set(one, padding);
      f.if(state.length1.get().ne(0), () => f.set(one, s.load16(first)));
      f.if(one.get().eq(second), next);
      f.set(result, f.select(one.get().ltU(second), I32.const(1), I32.const(2)));
    },
    (state) => state.length1.get().or(state.length2.get()).ne(0),
  );
  f.if(result.get().ltS(0), () => {
    f.set(result, f.select(length1.get().or(length2.get()).eqz(), I32.const(0), I32.const(3)));
  });
  s.setCc(result.get());
}
