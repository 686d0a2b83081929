import { describe, expect, test } from 'vitest';
import { aliases, aliasesOf, findAlias } from './aliases.ts';
import { assemble } from './assemble.ts';
import { findInstruction, instruction } from './instructions.ts';

test('extended mnemonics are distinct, and none is a basic one', () => {
  expect(new Set(aliases().map((alias) => alias.name)).size).toBe(aliases().length);
  expect(aliases().filter((alias) => findInstruction(alias.name) !== undefined)).toEqual([]);
});

test('an extended mnemonic belongs to its instruction', () => {
  expect(findAlias('jne')?.instruction).toBe(instruction('brc'));
  expect(aliasesOf(instruction('brc'))).toContain(findAlias('jne'));
  expect(aliasesOf(instruction('ar'))).toEqual([]);
  expect(findAlias('ar')).toBeUndefined();
});

describe('an extended mnemonic stands for its instruction', () => {
  test.each([
    ['br %r14', 'bcr 15,%r14'],
    ['bner %r14', 'bcr 7,%r14'],
    ['nopr', 'bcr 0,%r0'],
    ['nopr %r7', 'bcr 0,%r7'],
    ['b 4(%r1)', 'bc 15,4(%r1)'],
    ['nop', 'bc 0,0'],
    ['nop 4(%r1)', 'bc 0,4(%r1)'],
    ['j .+8', 'brc 15,.+8'],
    ['jnop .+8', 'brc 0,.+8'],
    ['jc 5,.+8', 'brc 5,.+8'],
    ['bre .+8', 'brc 8,.+8'],
    ['jgnz .+8', 'brcl 7,.+8'],
    ['brul .+8', 'brcl 15,.+8'],
    ['bio 8(%r1,%r2)', 'bic 1,8(%r1,%r2)'],
    ['jasl %r14,.+8', 'brasl %r14,.+8'],
    ['cgrjne %r1,%r2,.+8', 'cgrj %r1,%r2,6,.+8'],
    ['clijhe %r1,200,.+8', 'clij %r1,200,10,.+8'],
    ['clgtl %r1,8(%r2)', 'clgt %r1,4,8(%r2)'],
    ['locgrnhe %r1,%r2', 'locgr %r1,%r2,5'],
    ['stoce %r1,8(%r2)', 'stoc %r1,8(%r2),8'],
    ['selgrm %r1,%r2,%r3', 'selgr %r1,%r2,%r3,4'],
    ['notgr %r1,%r2', 'nogrk %r1,%r2,%r2'],
    ['vnot %v1,%v2', 'vno %v1,%v2,%v2'],
    ['vzero %v1', 'vgbm %v1,0'],
    ['vone %v1', 'vgbm %v1,0xffff'],
    ['vrepif %v1,-5', 'vrepi %v1,-5,2'],
    ['vceqqs %v1,%v2,%v3', 'vceq %v1,%v2,%v3,4,1'],
    ['vfaef %v1,%v2,%v3', 'vfae %v1,%v2,%v3,2'],
    ['vfaef %v1,%v2,%v3,4', 'vfae %v1,%v2,%v3,2,4'],
    ['vfaezbs %v1,%v2,%v3', 'vfae %v1,%v2,%v3,0,3'],
    ['vfaezbs %v1,%v2,%v3,4', 'vfae %v1,%v2,%v3,0,7'],
    ['wfmadb %v1,%v2,%v3,%v4', 'vfma %v1,%v2,%v3,%v4,8,3'],
    ['wcdgb %v1,%v2,4,5', 'vcfps %v1,%v2,3,12,5'],
    ['risbgz %r1,%r2,3,4,5', 'risbg %r1,%r2,3,0x84,5'],
    ['risbgz %r1,%r2,3,4', 'risbg %r1,%r2,3,0x84'],
    ['rosbgt %r1,%r2,3,4,5', 'rosbg %r1,%r2,0x83,4,5'],
    ['adtra %f1,%f2,%f3,4', 'adtr %f1,%f2,%f3,4'],
    ['ledbra %f1,0,%f2,4', 'ledbr %f1,0,%f2,4'],
    ['lfi %r1,5', 'iilf %r1,5'],
  ])('%s', (extended, basic) => {
    const expected = assemble(basic);
    expect(expected.ok).toBe(true);
    expect(assemble(extended)).toEqual(expected);
  });
});
