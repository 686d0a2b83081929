/** The fields of a vCPU's block, of which each has a place of its own. */
import {
  ACCESS_RECORD_SIZE,
  ACCESS_RECORDS,
  CONTEXT_SLOTS,
  HELD_PAGES,
  mmuLayout,
  TLB_ENTRIES,
  TLB_ENTRY_SIZE,
} from '@zarch/memory';
import { describe, expect, it } from 'vitest';
import { cpuLayout, KNOWN_BITS, REGION_SETS, REQUEST_SIZE, REQUESTS } from './cpu-layout.ts';

const TLB_SIZE = TLB_ENTRIES * TLB_ENTRY_SIZE;

/** Bytes of each field; what only begins or ends a part has none. */
const mmuSizes: Readonly<Record<keyof typeof mmuLayout, number>> = {
  ...{ pswMask: 8, addressMask: 8, dataContext: 8, fetchContext: 8, stateDescription: 4, prefix: 4, top: 4 },
  ...{ size: 4, keys: 4, faultCode: 4, faultTeid: 8, faultAccess: 4, contextsUsed: 4, misses: 8 },
  ...{ facilities: 4, realContext: 4, fetchOnly: 4, bounce: 128, invalidEntry: 8, accessRecord: 4 },
  ...{ accessSize: 4, codeWrite: 4, codeFrames: 4, accessRegisters: 16 * 4, holds: 4 },
  ...{
    contexts: 16 * CONTEXT_SLOTS,
    accesses: ACCESS_RECORDS * ACCESS_RECORD_SIZE,
    heldPages: HELD_PAGES / 8,
    cpu: 0,
  },
  ...{ readTlb: TLB_SIZE, writeTlb: TLB_SIZE, fetchTlb: TLB_SIZE, end: 0 },
};
const cpuSizes: Readonly<Record<keyof typeof cpuLayout, number>> = {
  ...{ gr: 16 * 8, vr: 32 * 16, fpc: 4, cc: 4, nextAddress: 8, instructionAddress: 8, instruction: 8 },
  ...{ length: 4, dxc: 4, monitorClass: 4, monitorCode: 8, executed: 8, breakingEvent: 8, svcCode: 4 },
  ...{ cpuAddress: 4, todProgrammable: 8, epoch: 8, cpuTimerZero: 8, lastClock: 8, instructions: 8 },
  ...{ perAddress: 8, perCode: 4, perAtmid: 4, branchTaken: 4, attention: 4, firstPlace: 4 },
  ...{ supervisorCalls: 8, programInterruptions: 8, delivery: 4, missed: 8, scratch: 64 },
  ...{ facilities: 32, announced: 32, fuel: 4, hotThreshold: 4, regionEntries: 8, interpreted: 8 },
  ...{ requestCount: 4, requests: REQUESTS * REQUEST_SIZE, regions: 16 * REGION_SETS },
  ...{ known: KNOWN_BITS / 8, end: 0 },
};

interface Field {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function fieldsOf<K extends string>(
  layout: Readonly<Record<K, number>>,
  sizes: Readonly<Record<K, number>>,
): readonly Field[] {
  return (Object.keys(layout) as K[]).map((name) => ({
    name,
    start: layout[name],
    end: layout[name] + sizes[name],
  }));
}

describe('the block of a vCPU', () => {
  const fields = [...fieldsOf(mmuLayout, mmuSizes), ...fieldsOf(cpuLayout, cpuSizes)]
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);

  it('has no field in the place of another one', () => {
    const overlaps = fields.flatMap((field, i) => {
      const next = fields[i + 1];
      return next && next.start < field.end ? [`${field.name} and ${next.name}`] : [];
    });
    expect(overlaps).toEqual([]);
  });

  it('has every field within it', () => {
    expect(Math.max(...fields.map(({ end }) => end))).toBe(cpuLayout.end);
  });
});
