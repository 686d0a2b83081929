/**
 * Loads and stores of floating-point registers and operations on signs that are the same in every radix
 * (Principles of Operation, chapter 9, "Instructions").
 */
import { I32, I64 } from '@zarch/wasm';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { requireExtended, requireFloatingPointRegisters } from './checks.ts';

const SIGN = 1n << 63n;

export function defineFloatingPointRegisters(table: DefinitionTable): void {
  defineLoads(table);
  defineStores(table);
  defineSigns(table);
}

function defineLoads(table: DefinitionTable): void {
  table.define(['ld', 'ldy'], (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.setFpr64('R1', s.load64(s.operand(2)));
  });
  table.define(['le', 'ley'], (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.setFpr32('R1', s.load32(s.operand(2)));
  });
  table.define('ldr', (s) => {
    requireFloatingPointRegisters(s, 'R1', 'R2');
    s.setFpr64('R1', s.fpr64('R2'));
  });
  table.define('ler', (s) => {
    requireFloatingPointRegisters(s, 'R1', 'R2');
    s.setFpr32('R1', s.fpr32('R2'));
  });
  table.define('lxr', (s) => {
    requireFloatingPointRegisters(s, 'R1', 'R2');
    requireExtended(s, 'R1', 'R2');
    s.setFpr64('R1', s.fpr64('R2'));
    s.setFpr64('R1', s.fpr64('R2', 2), 2);
  });
  table.define('lzer', (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.setFpr32('R1', I32.const(0));
  });
  table.define('lzdr', (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.setFpr64('R1', I64.const(0));
  });
  table.define('lzxr', (s) => {
    requireFloatingPointRegisters(s, 'R1');
    requireExtended(s, 'R1');
    s.setFpr64('R1', I64.const(0));
    s.setFpr64('R1', I64.const(0), 2);
  });
  table.define('ldgr', (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.setFpr64('R1', s.gr64('R2'));
  });
  table.define('lgdr', (s) => {
    requireFloatingPointRegisters(s, 'R2');
    s.setGr64('R1', s.fpr64('R2'));
  });
}

function defineStores(table: DefinitionTable): void {
  table.define(['std', 'stdy'], (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.store64(s.operand(2), s.fpr64('R1'));
  });
  table.define(['ste', 'stey'], (s) => {
    requireFloatingPointRegisters(s, 'R1');
    s.store32(s.operand(2), s.fpr32('R1'));
  });
}

/** Only the sign bit differs from the source, whatever the rest is; the condition code stays. */
function defineSigns(table: DefinitionTable): void {
  const withSign = (mnemonic: string, change: (s: Semantics, value: I64) => I64) => {
    table.define(mnemonic, (s) => {
      requireFloatingPointRegisters(s, 'R1', 'R2');
      s.setFpr64('R1', change(s, s.fpr64('R2')));
    });
  };
  withSign('lpdfr', (_, value) => value.and(~SIGN));
  withSign('lndfr', (_, value) => value.or(SIGN));
  withSign('lcdfr', (_, value) => value.xor(SIGN));
  table.define('cpsdr', (s) => {
    requireFloatingPointRegisters(s, 'R1', 'R2', 'R3');
    const sign = s.fpr64('R3').and(SIGN);
    s.setFpr64('R1', s.fpr64('R2').and(~SIGN).or(sign));
  });
}
