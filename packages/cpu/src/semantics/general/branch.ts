/** Branches (Principles of Operation, chapter 7, "BRANCH AND LINK" to "BRANCH RELATIVE ON INDEX"; EXECUTE). */
import { PSW, PSW_SHIFT } from '@zarch/arch';
import { mmuLayout } from '@zarch/memory';
import { I32, I64 } from '@zarch/wasm';
import { cpuLayout } from '../../cpu-layout.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';

/** The address in register R2 in the current addressing mode; R2 zero means no branch. */
function registerTarget(s: Semantics): I64 {
  return s.f.let(s.wrap(s.gr64('R2')));
}

export function defineBranch(table: DefinitionTable): void {
  table.define('brc', (s) => {
    s.f.if(s.ccSelected(s.field('M1')), () => s.branchRelative('RI2'));
  });
  table.define('brcl', (s) => {
    s.f.if(s.ccSelected(s.field('M1')), () => s.branchRelative('RI2'));
  });
  table.define('bc', (s) => {
    s.f.if(s.ccSelected(s.field('M1')), () => s.branch(s.addressValue(2)));
  });
  table.define('bic', (s) => {
    const target = s.load64(s.operand(2));
    s.f.if(s.ccSelected(s.field('M1')), () => s.branch(s.f.let(s.wrap(target))));
  });
  table.define('bcr', (s) => {
    const taken = s.ccSelected(s.field('R1')).ne(0).and(s.field('R2').ne(0));
    s.f.if(
      taken,
      () => s.branch(registerTarget(s)),
      // BCR 14,0 and 15,0 serialize.
      () => s.f.if(s.field('R2').eqz().and(s.field('R1').geU(14)), () => s.f.atomicFence()),
    );
  });
  defineLink(table);
  defineCount(table);
  defineIndex(table);
  defineModeChange(table);
  defineExecute(table);
  // Branch prediction preload and next-instruction-access intent are hints.
  table.define(['bpp', 'bprp', 'niai'], () => {});
}

function defineLink(table: DefinitionTable): void {
  table.define('bras', (s) => {
    setLink(s);
    s.branchRelative('RI2');
  });
  table.define('brasl', (s) => {
    setLink(s);
    s.branchRelative('RI2');
  });
  table.define('bas', (s) => {
    const target = s.addressValue(2);
    setLink(s);
    s.branch(target);
  });
  table.define('basr', (s) => {
    const target = registerTarget(s);
    setLink(s);
    s.f.if(s.field('R2'), () => s.branch(target));
  });
  table.define('bal', (s) => {
    const target = s.addressValue(2);
    setBalLink(s);
    s.branch(target);
  });
  table.define('balr', (s) => {
    const target = registerTarget(s);
    setBalLink(s);
    s.f.if(s.field('R2'), () => s.branch(target));
  });
}

function setLink(s: Semantics): void {
  const link = s.f.let(s.linkAddress());
  s.setGrAddress('R1', link);
}

/** BAL and BALR in the 24-bit mode save instruction length, condition code and program mask as well. */
function setBalLink(s: Semantics): void {
  const { f } = s;
  const in24 = s
    .psw()
    .and(PSW.basicAddressing | PSW.extendedAddressing)
    .eqz();
  f.if(
    in24,
    () => {
      const next = s.backend.nextAddress();
      // Of the EXECUTE, if there is one.
      const length = f.loadI32(s.cpu, cpuLayout.length);
      const mask = s.psw().shrU(PSW_SHIFT.programMask).wrap().and(15);
      const high = length.shl(5).or(s.cc().shl(4)).or(mask);
      s.setGr32('R1', high.shl(24).or(next.wrap().and(0xff_ffff)));
    },
    () => setLink(s),
  );
}

function defineCount(table: DefinitionTable): void {
  const decrement32 = (s: Semantics) => {
    const value = s.f.let(s.gr32('R1').sub(1));
    s.setGr32('R1', value);
    return value.ne(0);
  };
  const decrement64 = (s: Semantics) => {
    const value = s.f.let(s.gr64('R1').sub(1));
    s.setGr64('R1', value);
    return value.ne(0);
  };
  for (const [mnemonic, decrement] of [
    ['brct', decrement32],
    ['brctg', decrement64],
  ] as const) {
    table.define(mnemonic, (s) => s.f.if(decrement(s), () => s.branchRelative('RI2')));
  }
  for (const [mnemonic, decrement] of [
    ['bct', decrement32],
    ['bctg', decrement64],
  ] as const) {
    table.define(mnemonic, (s) => {
      const target = s.addressValue(2);
      s.f.if(decrement(s), () => s.branch(target));
    });
  }
  for (const [mnemonic, decrement] of [
    ['bctr', decrement32],
    ['bctgr', decrement64],
  ] as const) {
    table.define(mnemonic, (s) => {
      const target = registerTarget(s);
      s.f.if(decrement(s).and(s.field('R2').ne(0)), () => s.branch(target));
    });
  }
  table.define('brcth', (s) => {
    const value = s.f.let(s.grHigh('R1').sub(1));
    s.setGrHigh('R1', value);
    s.f.if(value, () => s.branchRelative('RI2'));
  });
}

/** The increment is in R3, the comparand in R3 or, when R3 is even, in the register after it. */
function defineIndex(table: DefinitionTable): void {
  const sum32 = (s: Semantics, high: boolean) => {
    const comparand = s.f.let(s.gr32(s.field('R3').or(1)));
    const value = s.f.let(s.gr32('R1').add(s.gr32('R3')));
    s.setGr32('R1', value);
    return high ? value.gtS(comparand) : value.leS(comparand);
  };
  const sum64 = (s: Semantics, high: boolean) => {
    const comparand = s.f.let(s.gr64(s.field('R3').or(1)));
    const value = s.f.let(s.gr64('R1').add(s.gr64('R3')));
    s.setGr64('R1', value);
    return high ? value.gtS(comparand) : value.leS(comparand);
  };
  const absolute = [
    ['bxh', sum32, true],
    ['bxle', sum32, false],
    ['bxhg', sum64, true],
    ['bxleg', sum64, false],
  ] as const;
  for (const [mnemonic, sum, high] of absolute) {
    table.define(mnemonic, (s) => {
      const target = s.addressValue(2);
      s.f.if(sum(s, high), () => s.branch(target));
    });
  }
  const relative = [
    ['brxh', sum32, true],
    ['brxle', sum32, false],
    ['brxhg', sum64, true],
    ['brxlg', sum64, false],
  ] as const;
  for (const [mnemonic, sum, high] of relative) {
    table.define(mnemonic, (s) => s.f.if(sum(s, high), () => s.branchRelative('RI2')));
  }
}

/** BASSM, BSM, SAM24, SAM31, SAM64 and TAM. */
function defineModeChange(table: DefinitionTable): void {
  table.define(['bassm', 'bsm'], (s) => {
    const { f } = s;
    const target = f.let(s.gr64('R2'));
    if (s.row.mnemonic === 'bassm') {
      f.if(
        s.is64(),
        () => s.setGr64('R1', s.backend.nextAddress().or(1)),
        () => s.setGr32('R1', s.linkAddress().wrap()),
      );
    } else {
      // BSM inserts the mode only: bit 63 in the 64-bit mode, bit 32 otherwise.
      f.if(s.field('R1'), () => {
        const basic = s.psw().and(PSW.basicAddressing);
        const old = f.let(s.gr64('R1'));
        f.if(
          s.is64(),
          () => s.setGr64('R1', old.or(1)),
          () => s.setGr64('R1', old.and(~0x8000_0000n).or(basic)),
        );
      });
    }
    f.if(s.field('R2'), () => {
      const to64 = f.let(target.wrap().and(1));
      const to31 = target.wrap().shrU(31);
      const mode = f.select(
        to64,
        I64.const(PSW.extendedAddressing | PSW.basicAddressing),
        f.select(to31, I64.const(PSW.basicAddressing), I64.const(0)),
      );
      setAddressingMode(s, mode);
      s.branch(f.let(target.and(f.select(to64, I64.const(-2n), I64.const(-1n))).and(currentMask(s))));
    });
  });
  const modes = {
    sam24: [0n, 0xff_ffffn],
    sam31: [PSW.basicAddressing, 0x7fff_ffffn],
    sam64: [PSW.extendedAddressing | PSW.basicAddressing, -1n],
  } as const;
  for (const [mnemonic, [mode, mask]] of Object.entries(modes)) {
    table.define(mnemonic, (s) => {
      // The instruction itself must be addressable in the new mode.
      const next = s.f.let(s.backend.nextAddress());
      s.programIf(next.sub(2).and(~mask).ne(0), 6);
      setAddressingMode(s, I64.const(mode));
      s.branch(s.f.let(next.and(mask)));
    });
  }
  table.define('tam', (s) => {
    const basic = s.psw().and(PSW.basicAddressing).ne(0);
    s.setCc(basic.add(s.is64().shl(1)));
  });
}

function setAddressingMode(s: Semantics, mode: I64): void {
  const modeBits = PSW.extendedAddressing | PSW.basicAddressing;
  s.f.store(s.cpu, mmuLayout.pswMask, s.psw().and(~modeBits).or(mode), 64);
  s.f.call(s.helpers.refresh, s.cpu);
}

function currentMask(s: Semantics): I64 {
  return s.f.loadI64(s.cpu, mmuLayout.addressMask);
}

function defineExecute(table: DefinitionTable): void {
  const modifier = (s: Semantics) => s.f.select(s.field('R1'), s.gr32('R1'), I32.const(0));
  table.define('ex', (s) => s.backend.execute(s.addressValue(2), modifier(s)));
  table.define('exrl', (s) => s.backend.execute(s.f.let(s.relative('RI2')), modifier(s)));
}
