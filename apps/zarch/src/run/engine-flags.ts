/**
 * V8's settings for the CPU's module; imported before the module is compiled.
 *
 * V8 checks for interrupts at every turn of a WebAssembly loop. The interpreter comes back to JavaScript, which checks
 * too, every few ten microseconds, and never recurses; without the checks it runs a fifth faster.
 */
import { setFlagsFromString } from 'node:v8';

/** Of a thread that runs or translates guest code: what it makes lives shortly, and more room for it saves no time. */
export const workerLimits = { maxYoungGenerationSizeMb: 12 } as const;

setFlagsFromString('--no-wasm-stack-checks');
// The optimiser shares two cores with the guest and its translator: it should take up what runs long enough to pay.
setFlagsFromString('--wasm-tiering-budget=25000000');
