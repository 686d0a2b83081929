/** A crash in words. */
import type { Crash } from '@zarch/machine';

const reasons: Readonly<Record<Crash['reason'], string>> = {
  'disabled-wait': 'disabled wait',
  'program-interruption-loop': 'program interruption loop',
  'external-interruption-loop': 'external interruption loop',
  validity: 'validity interception',
};

const hex = (value: bigint | number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

export function crashText({ reason, code, mask, address }: Crash): string {
  const detail = code === undefined ? '' : ` (code ${hex(code, 4)})`;
  return `guest crashed: ${reasons[reason]}${detail}, PSW ${hex(mask, 16)} ${hex(address, 16)}`;
}
