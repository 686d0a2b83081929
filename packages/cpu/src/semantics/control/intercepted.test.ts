/** Control instructions that the hypervisor does, and those that a program in the problem state must not. */
import { PSW } from '@zarch/arch';
import { beforeEach, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import { CODE } from '../../test-cpu.ts';
import { MODE, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

const intercepted = [
  ...['csch', 'hsch', 'rsch', 'xsch', 'msch 0(%r10)', 'ssch 0(%r10)', 'stsch 0(%r10)', 'tsch 0(%r10)'],
  ...['tpi 0(%r10)', 'servc %r1,%r2', 'sigp %r1,%r3,1', 'stsi 0(%r10)', 'stidp 0(%r10)', 'stap 0(%r10)'],
  ...['spx 0(%r10)', 'stpx 0(%r10)', 'sck 0(%r10)', 'tb %r1,%r2', 'diag %r1,%r2,0x500'],
];
it.each(intercepted)('%s is for the hypervisor, before anything has changed', (source) => {
  expect(cpu.run(source).exit).toBe(Exit.intercept);
  const width = cpu.view.getInt32(cpu.cpu + cpuLayout.length, true);
  expect(cpu.view.getBigUint64(cpu.cpu + cpuLayout.instructionAddress, true)).toBe(CODE);
  expect(width).toBe(4);
});

it.each([
  ...intercepted,
  ...['lpswe 0(%r10)', 'lpsw 0(%r10)', 'ssm 0(%r10)', 'stnsm 0(%r10),255', 'stosm 0(%r10),0'],
  ...['lctlg 4,4,0(%r10)', 'lctl 4,4,0(%r10)', 'stctg 4,4,0(%r10)', 'stctl 4,4,0(%r10)'],
  ...['iske %r1,%r2', 'sske %r1,%r2', 'rrbe %r1,%r2', 'pfmf %r1,%r2', 'tprot 0(%r10),0'],
  ...['ptlb', 'ipte %r1,%r2', 'idte %r1,%r3,%r2', 'csp %r2,%r4', 'cspg %r2,%r4', 'crdte %r2,%r6,%r4'],
  ...[
    'lra %r1,0(%r10)',
    'lrag %r1,0(%r10)',
    'lura %r1,%r2',
    'lurag %r1,%r2',
    'stura %r1,%r2',
    'sturg %r1,%r2',
  ],
  ...['sckc 0(%r10)', 'stckc 0(%r10)', 'spt 0(%r10)', 'stpt 0(%r10)'],
])('%s is privileged', (source) => {
  cpu.setPsw(MODE | PSW.problem);
  expect(cpu.run(source)).toMatchObject({ exit: Exit.program, code: 2 });
});
