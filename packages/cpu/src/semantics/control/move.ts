/** Moves between address spaces and with keys (Principles of Operation, chapter 10, "MOVE PAGE" to "MOVE WITH ..."). */
import { CR0, ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import { accessMode, mmuLayout } from '@zarch/memory';
import { I32, I64 } from '@zarch/wasm';
import { Exit } from '../../cpu-layout.ts';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { requireKeyAuthority } from './psw.ts';

/** An operand with the space and the key by which it is accessed. */
interface Place {
  readonly operand: StorageOperand;
  readonly space: I32;
  readonly key: I32;
}

function pswKey(s: Semantics): I32 {
  return s.f.let(s.psw().shrU(PSW_SHIFT.key).wrap().and(15));
}

function pswSpace(s: Semantics): I32 {
  return s.f.let(s.psw().shrU(PSW_SHIFT.addressSpace).wrap().and(3));
}

/** Moves, and gives 0 or which operand failed; the exception is in the block. */
function move(s: Semantics, to: Place, from: Place, length: I64): I32 {
  const { f, cpu } = s;
  const dat = f.let(s.psw().and(PSW.dat).ne(0));
  const prepare = ({ operand, space, key }: Place) => {
    const asce = f.local('i64');
    f.if(dat, () => {
      const [value, code] = f.call(s.helpers.spaceAsce, cpu, space, operand.ar) as [I64, I32];
      f.if(code, () => {
        f.store(cpu, mmuLayout.faultTeid, operand.address.and(~0xfffn).or(1), 64);
        f.store(cpu, mmuLayout.faultAccess, operand.ar);
        s.program(code);
      });
      f.set(asce, value);
    });
    const mode = key
      .shl(accessMode.key)
      .or(dat.shl(accessMode.dat))
      .or(f.select(dat, space, I32.const(0)).shl(accessMode.space))
      .or(operand.ar.shl(accessMode.accessRegister));
    return [operand.address, asce.get(), f.let(mode)] as const;
  };
  const destination = prepare(to);
  const source = prepare(from);
  return f.let(f.callValue(s.helpers.moveBetween, cpu, ...destination, ...source, length));
}

function moveOrFault(s: Semantics, to: Place, from: Place, length: I64): void {
  s.f.if(move(s, to, from, length), () => s.backend.leave(Exit.program));
}

/** The length in a register, at most `limit`; condition code 3 tells that there was more. */
function limitedLength(s: Semantics, register: 'R1' | 'R3', limit: number): I64 {
  const { f } = s;
  const length = f.let(f.select(s.is64(), s.gr64(register), s.gr64(register).and(0xffff_ffff)));
  const more = f.let(length.gtU(limit));
  s.setCc(f.select(more, I32.const(3), I32.const(0)));
  return f.let(f.select(more, I64.const(limit), length));
}

export function defineMove(table: DefinitionTable): void {
  defineBetweenSpaces(table);
  defineWithKey(table);
  defineOptional(table);
  defineMovePage(table);
}

/** MVCP and MVCS: between primary and secondary space, the latter under the key in R3. */
function defineBetweenSpaces(table: DefinitionTable): void {
  for (const mnemonic of ['mvcp', 'mvcs'] as const) {
    table.define(mnemonic, (s) => {
      const special = s.psw().and(PSW.dat).eqz().or(s.control(0).and(CR0.secondarySpace).eqz());
      s.programIf(special.or(pswSpace(s).and(1)), ProgramInterruption.specialOperation);
      const key = s.f.let(s.gr32('R3').shrU(4).and(15));
      requireKeyAuthority(s, key);
      const none = I32.const(0);
      const at = (number: 1 | 2) => ({ address: s.operand(number).address, ar: none });
      const primary = (number: 1 | 2): Place => ({ operand: at(number), space: none, key: pswKey(s) });
      const secondary = (number: 1 | 2): Place => ({ operand: at(number), space: I32.const(2), key });
      const [to, from] = mnemonic === 'mvcp' ? [primary(1), secondary(2)] : [secondary(1), primary(2)];
      moveOrFault(s, to, from, limitedLength(s, 'R1', 256));
    });
  }
}

/** MVCK, MVCSK and MVCDK: one operand under a key of its own. */
function defineWithKey(table: DefinitionTable): void {
  table.define('mvck', (s) => {
    const key = s.f.let(s.gr32('R3').shrU(4).and(15));
    requireKeyAuthority(s, key);
    const to = { operand: s.operand(1), space: pswSpace(s), key: pswKey(s) };
    const from = { operand: s.operand(2), space: pswSpace(s), key };
    moveOrFault(s, to, from, limitedLength(s, 'R1', 256));
  });
  for (const [mnemonic, destination] of [
    ['mvcsk', false],
    ['mvcdk', true],
  ] as const) {
    table.define(mnemonic, (s) => {
      const key = s.f.let(s.gr32(1).shrU(4).and(15));
      requireKeyAuthority(s, key);
      const to = { operand: s.operand(1), space: pswSpace(s), key: destination ? key : pswKey(s) };
      const from = { operand: s.operand(2), space: pswSpace(s), key: destination ? pswKey(s) : key };
      moveOrFault(s, to, from, s.f.let(s.gr64(0).and(0xff).add(1)));
    });
  }
}

/** MVCOS: key and space of each operand are given, or not, by 16 bits of register 0. */
function defineOptional(table: DefinitionTable): void {
  table.define('mvcos', (s) => {
    const { f } = s;
    const special = ProgramInterruption.specialOperation;
    s.programIf(s.psw().and(PSW.dat).eqz(), special);
    const problem = f.let(s.psw().and(PSW.problem).ne(0));
    const secondary = s.control(0).and(CR0.secondarySpace);
    const place = (number: 1 | 2): Place => {
      const control = f.let(s.gr32(0).shrU(number === 1 ? 16 : 0));
      const space = f.let(f.select(control.and(1), control.shrU(6).and(3), pswSpace(s)));
      const key = f.let(f.select(control.and(2), control.shrU(12).and(15), pswKey(s)));
      // The operand-access control is in the PSW's encoding; home is not for the problem program.
      s.programIf(control.and(1).and(space.eq(3)).and(problem), special);
      const usesSecondary = control.and(1).and(space.eq(2));
      s.programIf(usesSecondary.and(secondary.eqz()), special);
      f.if(control.and(2), () => requireKeyAuthority(s, key));
      return { operand: s.operand(number), space, key };
    };
    const [to, from] = [place(1), place(2)];
    moveOrFault(s, to, from, limitedLength(s, 'R3', 4096));
  });
}

/** Bits of register 0 for MVPG. */
const PageMove = {
  reserved: 0xf000,
  destinationKey: 0x0800,
  sourceKey: 0x0400,
  conditionCode: 0x0100,
  key: 0xf0,
} as const;

function defineMovePage(table: DefinitionTable): void {
  table.define('mvpg', (s) => {
    const { f } = s;
    const control = f.let(s.gr32(0));
    const both = PageMove.destinationKey | PageMove.sourceKey;
    s.programIf(
      control.and(PageMove.reserved).ne(0).or(control.and(both).eq(both)),
      ProgramInterruption.specification,
    );
    const key = f.let(control.shrU(4).and(15));
    f.if(control.and(both), () => requireKeyAuthority(s, key));
    const place = (register: 'R1' | 'R2', own: number): Place => ({
      operand: {
        address: f.let(s.wrap(s.gr64(register)).and(~0xfffn)),
        ar: s.field(register),
      },
      space: pswSpace(s),
      key: f.let(f.select(control.and(own), key, pswKey(s))),
    });
    const status = move(
      s,
      place('R1', PageMove.destinationKey),
      place('R2', PageMove.sourceKey),
      I64.const(4096),
    );
    f.if(status, () => {
      // With the condition-code option an invalid page is a result and not an exception.
      const page = f.loadI32(s.cpu, mmuLayout.faultCode).eq(ProgramInterruption.pageTranslation);
      f.if(control.and(PageMove.conditionCode).eqz().or(page.eqz()), () => s.backend.leave(Exit.program));
    });
    s.setCc(status);
  });
}
