/** A vCPU's registers as text, like QEMU's `info registers`. */
import { PSW } from '@zarch/arch';
import type { VcpuState } from '@zarch/kvm';

const hex = (value: bigint | number, digits: number) => value.toString(16).padStart(digits, '0');

/** PSW, then general, floating-point, access and control registers; lines without a newline at the end. */
export function registerDump(state: VcpuState): string {
  const { mask, address } = state.psw;
  const cc = Number((mask & PSW.conditionCode) >> 44n);
  const { block } = state;
  return [
    `PSW=mask ${hex(mask, 16)} addr ${hex(address, 16)} cc ${cc}`,
    ...rows('R', 2, 4, (n) => hex(state.gr(n), 16)),
    ...rows('F', 2, 4, (n) => hex(block.fpr(n), 16)),
    `FPC=${hex(block.fpc, 8)} prefix=${hex(state.prefix, 8)}`,
    ...rows('A', 2, 8, (n) => hex(block.ar(n), 8)),
    ...rows('C', 2, 4, (n) => hex(state.control(n), 16)),
  ].join('\n');
}

function rows(
  letter: string,
  digits: number,
  perRow: number,
  text: (number: number) => string,
): readonly string[] {
  return Array.from({ length: 16 / perRow }, (_, row) =>
    Array.from({ length: perRow }, (_unused, column) => {
      const number = row * perRow + column;
      return `${letter}${String(number).padStart(digits, '0')}=${text(number)}`;
    }).join(' '),
  );
}
