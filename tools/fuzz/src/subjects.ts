/** Parts of the machine with fuzzers of their own, which their unit tests run a little and this tool for long. */
import { fuzzChannelPrograms } from '@zarch/css/testing';
import { MOST_PROGRAMS, TierComparison } from '@zarch/kvm/testing';
import { fuzzFrames } from '@zarch/usernet/testing';
import { fuzzDevices, fuzzNineP } from '@zarch/virtio/testing';
import { fuzzCcwCommands } from '@zarch/virtio-ccw/testing';

export interface Subject {
  /** What is counted. */
  readonly unit: string;
  /** How many of these are one case: they share a state, and can be made again only together. */
  readonly size: number;
  /**
   * Runs one case.
   *
   * @returns How often what happened.
   * @throws What went wrong.
   */
  run(seed: string, number: number, size: number): Promise<Readonly<Record<string, number>>>;
}

export const subjects: Readonly<Record<string, Subject>> = {
  programs: {
    unit: 'programs',
    size: MOST_PROGRAMS,
    run: async (seed, number, size) => {
      const run = { seed, first: number * size, programs: size, states: 10 };
      const { runs, interruptions, endless } = new TierComparison().run(run);
      return { runs, interruptions, 'given up': endless };
    },
  },
  css: {
    unit: 'channel programs',
    size: 100,
    run: async (seed, number, size) => {
      const { statuses } = await fuzzChannelPrograms(`${seed}/${number}`, size);
      const counts: Record<string, number> = {};
      for (const [status, times] of statuses) {
        const subchannelStatus = `subchannel status ${status.split(' ')[1]}`;
        counts[subchannelStatus] = (counts[subchannelStatus] ?? 0) + times;
      }
      return counts;
    },
  },
  virtio: {
    unit: 'drivers',
    size: 1,
    run: async (seed, number) => {
      const failures = await fuzzDevices({ seed, first: number, count: 1 });
      return { 'devices that stopped': failures };
    },
  },
  'virtio-ccw': {
    unit: 'commands',
    size: 100,
    run: async (seed, number, size) => ({ 'carried out': fuzzCcwCommands(`${seed}/${number}`, size) }),
  },
  '9p': {
    unit: 'sessions',
    size: 1,
    run: async (seed, number) => ({
      'requests that succeeded': await fuzzNineP({ seed: `${seed}/${number}`, count: 1 }),
    }),
  },
  usernet: {
    unit: 'frames',
    size: 1000,
    run: async (seed, number, size) => {
      const { malformed, transmitted } = await fuzzFrames(`${seed}/${number}`, size);
      return { malformed, transmitted };
    },
  },
};
