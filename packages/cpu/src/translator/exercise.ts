/**
 * Runs regions once, on a CPU of its own with no storage to speak of. The host's compiler then has them ready before a
 * guest comes to them, on another thread than the guest's.
 */
import { BareCpu } from '../bare-cpu.ts';
import { cpuLayout } from '../cpu-layout.ts';

/** Regions of a module, by their names. */
export type ExercisedRegions = Readonly<Record<string, RegionFunction>>;
type RegionFunction = (cpu: number, address: bigint) => number;

const SIZE = 1 << 16;

export class Exercise {
  readonly #cpu: BareCpu;

  /** @param module - The CPU's. */
  constructor(module: WebAssembly.Module) {
    this.#cpu = new BareCpu(module, SIZE);
  }

  /** Takes in a module of regions. */
  add(module: WebAssembly.Module): ExercisedRegions {
    const cpu = this.#cpu.exports as unknown as WebAssembly.Imports[string];
    const { exports } = new WebAssembly.Instance(module, { host: { memory: this.#cpu.host.memory }, cpu });
    return exports as ExercisedRegions;
  }

  /** Calls a region, which leaves at its first access, or when it would begin again. */
  run(region: RegionFunction): void {
    const { view, block } = this.#cpu;
    view.setInt32(block + cpuLayout.fuel, 1, true);
    region(block, 0n);
  }
}
