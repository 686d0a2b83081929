/**
 * V8's settings for the CPU's module; imported before the module is compiled.
 *
 * V8 checks for interrupts at every turn of a WebAssembly loop. The interpreter comes back to JavaScript, which checks
 * too, every few ten microseconds, and never recurses; without the checks it runs a fifth faster.
 */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { CompileRegions } from '@zarch/cpu';

/** Of a thread that runs or translates guest code: what it makes lives shortly, and more room for it saves no time. */
export const workerLimits = { maxYoungGenerationSizeMb: 12 } as const;

setFlagsFromString('--no-wasm-stack-checks');
setTieringBudget(25_000_000);
// For each module: the guest itself needs a core.
setFlagsFromString(`--wasm-num-compilation-tasks=${Math.max(1, availableParallelism() - 1)}`);

/** Bytes of a function that are executed, for each byte it has, before it is optimised. */
const EXECUTED = 2000;

/** A module of regions, which are optimised when running them has cost about as much as optimising them. */
export const compileRegions: CompileRegions = (bytes, regions) => {
  setTieringBudget(Math.max(1_000_000, Math.round((EXECUTED * bytes.length) / regions)));
  return new WebAssembly.Module(bytes);
};

/**
 * How long functions of modules made from now on run before V8 optimises them, in bytes executed. The optimiser shares
 * the host with the guest and its translator: it should take up what runs long enough to pay.
 */
function setTieringBudget(bytes: number): void {
  setFlagsFromString(`--wasm-tiering-budget=${bytes}`);
}
