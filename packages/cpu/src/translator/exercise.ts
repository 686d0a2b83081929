/**
 * Runs regions once, on a CPU of its own with no storage to speak of. The host's compiler then has them ready before a
 * guest comes to them, on another thread than the guest's.
 */
import { PSW } from '@zarch/arch';
import { AbsoluteStorage, HostStorage, mmuLayout, STATE_DESCRIPTION_SIZE } from '@zarch/memory';
import { cpuLayout } from '../cpu-layout.ts';
import { CPU_BLOCK_SIZE, type CpuExports, instantiateCpu } from '../cpu-module.ts';

/** Regions of a module, by their names. */
export type ExercisedRegions = Readonly<Record<string, RegionFunction>>;
type RegionFunction = (cpu: number, address: bigint) => number;

const SIZE = 1 << 16;

export class Exercise {
  readonly #host = new HostStorage(SIZE, CPU_BLOCK_SIZE + SIZE);
  readonly #storage = new AbsoluteStorage(this.#host, SIZE);
  readonly #cpu: number;
  readonly #view = new DataView(this.#host.memory.buffer);
  readonly #exports: CpuExports;
  readonly #imports: WebAssembly.Imports;

  /** @param module - The CPU's. */
  constructor(module: WebAssembly.Module) {
    const description = this.#host.allocate(STATE_DESCRIPTION_SIZE, 512);
    this.#cpu = this.#host.allocate(CPU_BLOCK_SIZE, 4096);
    this.#exports = instantiateCpu(module, this.#host, {
      clock: () => 0n,
      translateAccessRegister: () => [0n, 0x28],
    });
    const words = [
      [mmuLayout.stateDescription, description],
      [mmuLayout.top, this.#host.top],
      [mmuLayout.size, SIZE],
      [mmuLayout.keys, this.#storage.keys],
      [mmuLayout.codeFrames, this.#storage.codeFrames.address],
    ] as const;
    for (const [at, value] of words) this.#view.setInt32(this.#cpu + at, value, true);
    this.#view.setBigUint64(
      this.#cpu + mmuLayout.pswMask,
      PSW.extendedAddressing | PSW.basicAddressing,
      true,
    );
    this.#exports.refresh(this.#cpu);
    const cpu = this.#exports as unknown as WebAssembly.Imports[string];
    this.#imports = { host: { memory: this.#host.memory }, cpu };
  }

  /** Takes in a module of regions. */
  add(module: WebAssembly.Module): ExercisedRegions {
    const { exports } = new WebAssembly.Instance(module, this.#imports);
    return exports as ExercisedRegions;
  }

  /** Calls a region, which leaves at its first access, or when it would begin again. */
  run(region: RegionFunction): void {
    this.#view.setInt32(this.#cpu + cpuLayout.fuel, 1, true);
    region(this.#cpu, 0n);
  }
}
