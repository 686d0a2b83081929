/**
 * Drivers that do everything wrong, against every device: rings and requests that are nearly right, random registers
 * of the transport, resets at any time. Nothing is said about results: no exception, no hang, and not a byte outside
 * storage.
 */
import { absolute } from '@zarch/arch';
import { Random } from '@zarch/arch/testing';
import { DeviceStatus, Feature } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import type { DriverBuffer } from './driver-ring.ts';
import { type FuzzedDevice, fuzzedDevices } from './fuzz-devices.ts';
import { GuestDriver, ringForms } from './guest-driver.ts';
import { GuestMemory } from './guest-memory.ts';

export interface FuzzOptions {
  readonly seed: number | string;
  /** Cases, of which each has a device of its own. */
  readonly count: number;
  /** The first case's number. Default 0. */
  readonly first?: number;
  /** Called with what stopped a device. */
  readonly onError?: (reason: string) => void;
}

const MEMORY = 1 << 18;
const STEPS = 120;

interface Case {
  readonly random: Random;
  readonly memory: GuestMemory;
  readonly fuzzed: FuzzedDevice;
  readonly device: VirtioDevice;
  driver: GuestDriver;
  /** The device stopped. */
  stopped: boolean;
}

/**
 * Runs cases. What goes wrong is thrown, with the number of its case.
 *
 * @returns How many devices ended in their error state: some should, and not all.
 */
export async function fuzzDevices({ seed, count, first = 0, onError }: FuzzOptions): Promise<number> {
  let failures = 0;
  for (let number = first; number < first + count; number++) {
    try {
      if (await runCase(new Random(`${seed}/${number}`), number, onError)) failures++;
    } catch (error) {
      throw new Error(`case ${number} of seed ${seed}`, { cause: error });
    }
  }
  return failures;
}

async function runCase(
  random: Random,
  number: number,
  report: (reason: string) => void = () => {},
): Promise<boolean> {
  const memory = new GuestMemory(MEMORY);
  const make = fuzzedDevices[number % fuzzedDevices.length];
  if (make === undefined) throw new RangeError('no device');
  const fuzzed = make(random);
  let failed = false;
  const onError = (reason: string) => {
    failed = true;
    test.stopped = true;
    report(reason);
  };
  const device = new VirtioDevice(fuzzed.model, { storage: memory, onError });
  const driver = negotiate(device, memory, random);
  const test: Case = { random, memory, fuzzed, device, driver, stopped: false };
  for (let step = 0; step < STEPS; step++) {
    await random.pick(actions)(test);
    for (let turn = random.pick([0, 1, 3, 60]); turn > 0; turn--) await Promise.resolve();
  }
  await device.drain();
  if (!memory.guarded) throw new Error('written outside storage');
  const problem = fuzzed.problem?.();
  if (problem !== undefined) throw new Error(problem);
  return failed;
}

function negotiate(device: VirtioDevice, memory: GuestMemory, random: Random): GuestDriver {
  memory.reuse();
  const form = random.pick(ringForms);
  const without = [28, 29].filter(() => random.once(3));
  return new GuestDriver(device, memory, { form, without, queueSize: random.pick([4, 16, 32]) });
}

/** An address in the upper half of storage, where no rings are, as a rule. */
function anywhere(random: Random, length: number): number {
  const start = random.once(100) ? 0 : MEMORY / 2;
  return start + random.below(MEMORY - length - start);
}

/** A buffer anywhere, inside storage as a rule. */
function buffer(random: Random, writable: boolean): DriverBuffer {
  const lengths = [16 + random.below(700), 1100];
  const length = random.once(64) ? random.number() : random.pick([1, 512, 513, ...lengths, ...lengths]);
  const address = random.once(128) ? random.number() : anywhere(random, 1100);
  return { address, length, writable };
}

function sendChain({ random, memory, fuzzed, driver }: Case): void {
  const index = random.below(driver.queues.length);
  const { ring } = driver.queue(index);
  const request = fuzzed.request(random, driver.device.order.littleEndian);
  const address = absolute(anywhere(random, request.length));
  memory.at(address, request.length).setBytes(0, request);
  const split = random.once(2) ? random.below(request.length + 1) : request.length;
  const readable: DriverBuffer[] = [
    { address, length: split, writable: false },
    { address: address + split, length: request.length - split, writable: false },
  ];
  if (random.once(8)) readable.push(buffer(random, false));
  const count = random.once(20) ? random.below(5) : 1 + random.below(2);
  const writable = Array.from({ length: count }, () => buffer(random, true));
  const buffers = random.once(64) ? [...writable, ...readable] : [...readable, ...writable];
  const onlyRoom = fuzzed.receives(index) ? !random.once(8) : random.once(40);
  const indirect = driver.device.has(Feature.indirectDescriptors) || random.once(50);
  ring.add(onlyRoom ? writable : buffers, indirect && random.once(3) ? random.below(3) : undefined);
  ring.publish();
}

/** Writes somewhere into the areas of a ring. */
function corrupt({ random, memory, driver }: Case): void {
  const { areas } = random.pick(driver.queues).ring;
  const at = random.pick([areas.descriptors, areas.driver, areas.device]) + random.below(80);
  const bytes = random.bytes(1 + random.below(4));
  memory.view(absolute(at), bytes.length)?.setBytes(0, bytes);
}

function notify({ random, device, driver }: Case): void {
  device.notify(random.once(16) ? random.number() : random.below(driver.queues.length));
}

function configure({ random, device }: Case): void {
  device.readConfig(random.number(), random.below(100));
  device.writeConfig(random.once(4) ? random.number() : random.below(20), random.bytes(random.below(8)));
}

function register({ random, device, memory }: Case): void {
  const address = () => absolute(random.once(4) ? random.number() : random.below(MEMORY));
  switch (random.below(6)) {
    case 0:
      device.writeStatus(random.below(256));
      break;
    case 1:
      device.acceptFeatures(random.once(4) ? random.number() : random.below(3), random.number());
      break;
    case 2:
      device.resetQueue(random.below(8));
      break;
    case 3:
      device.enableQueue(random.below(8), {
        size: random.pick([0, 1, 2, 3, 8, 256, 32768, random.number()]),
        descriptors: address(),
        driver: address(),
        device: address(),
      });
      break;
    default:
      device.notify(random.below(memory.size));
  }
}

async function saveAndRestore({ device }: Case): Promise<void> {
  await device.drain();
  device.restore(device.save());
  device.resume();
}

/** A device that stopped, or that something reset, gets its driver back. */
function restart(test: Case): void {
  const running = !test.stopped && (test.device.status & DeviceStatus.driverOk) !== 0;
  if (!running || test.random.once(20)) begin(test);
}

/** Takes back what was used. Where a ring was corrupted, the driver finds nonsense and starts again. */
function collect(test: Case): void {
  try {
    for (const { ring } of test.driver.queues) while (ring.collect() !== undefined);
  } catch {
    begin(test);
  }
}

function begin(test: Case): void {
  test.driver = negotiate(test.device, test.memory, test.random);
  test.stopped = false;
  test.fuzzed.restarted();
}

const actions: readonly ((test: Case) => void | Promise<void>)[] = [
  sendChain,
  sendChain,
  sendChain,
  notify,
  notify,
  notify,
  collect,
  collect,
  ({ fuzzed, random }) => fuzzed.act(random),
  configure,
  (test) => {
    if (test.random.once(8)) corrupt(test);
  },
  (test) => {
    if (test.random.once(10)) register(test);
  },
  async (test) => {
    if (test.random.once(6)) await saveAndRestore(test);
  },
  restart,
];
