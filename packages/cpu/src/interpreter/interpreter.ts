/**
 * The interpreter: one function that runs guest instructions, made from the instruction definitions. Frequent
 * instructions are part of its loop; the others are functions of their own, called through a table.
 */
import { type Instruction, instructions } from '@zarch/isa';
import { Access, instructionLength, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  type I64,
  type Label,
  type Local,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import {
  cpuLayout,
  Exit,
  KNOWN_BITS,
  knownCode,
  REQUEST_SIZE,
  REQUESTS,
  regionTable,
} from '../cpu-layout.ts';
import { regionSetOf } from '../region-set.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { MODE } from '../translator/mode.ts';
import {
  currentAddress,
  InlineBackend,
  type LoopLabels,
  type LoopState,
  WHOLE_INSTRUCTIONS,
} from './inline-backend.ts';
import { forEachOpcode, type Outlined } from './outlined.ts';

export interface InterpreterOptions {
  /** Mnemonics whose definitions become part of the loop. */
  readonly hot: ReadonlySet<string>;
  /** Come back after every instruction, for PER, single step and traces. */
  readonly step: boolean;
}

/** `run(cpu, slice) -> exit`: executes until something is to be done, at most `slice` branches or calls. */
export type RunFunction = FunctionRef<readonly ['i32']>;

/** Branches and calls left in a run when it has found code that is worth translating: some more of it comes along. */
const REQUEST_SLICE = 64;

/** What the parts of the loop share. */
interface Loop {
  /** Branches and calls that are left. */
  readonly slice: Local<'i32'>;
  /** Only where translated code may be entered: visits after which it is asked for, 0 where it must not be. */
  readonly regions: { readonly threshold: Local<'i32'>; readonly slot: Local<'i32'> } | undefined;
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly state: LoopState;
  readonly helpers: Helpers;
  readonly outlined: Outlined;
}

export function defineRun(
  module: ModuleBuilder,
  definitions: DefinitionTable,
  helpers: Helpers,
  outlined: Outlined,
  { hot, step }: InterpreterOptions,
): RunFunction {
  return module.function(step ? 'step' : 'run', ['ptr', 'i32'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const slice = f.param(1, 'i32');
    const state: LoopState = {
      pointer: f.local('i32'),
      lowest: f.local('i32'),
      bias: f.local('i64'),
      cc: f.local('i32'),
      breakingEvent: f.local('i64'),
      address: f.local('i64'),
      text: f.local('i64'),
      length: f.local('i32'),
      exit: f.local('i32'),
    };
    const regions = step ? undefined : { threshold: f.local('i32'), slot: f.local('i32') };
    const loop: Loop = { f, cpu, state, helpers, outlined, regions, slice };
    const enterRegion = module.typeIndex(['ptr', 'i64'], ['i32']);
    reload(loop);
    f.loop((lookup) => {
      f.block((done) => {
        // One step is one pass through here.
        const spent = step ? slice.get().ltS(0) : slice.get().leS(0);
        f.if(spent, () => {
          f.store(cpu, cpuLayout.nextAddress, state.address.get(), 64);
          f.set(state.exit, I32.const(Exit.slice));
          f.br(done);
        });
        f.set(slice, step ? I32.const(-1) : slice.get().sub(1));
        f.block((call) => {
          f.block((execute) => {
            f.block((leave) => {
              f.block((region) => {
                findPage(loop, call, done);
                checkRegion(loop, region, leave);
                f.loop((next) => {
                  const offset = state.pointer.get().sub(state.lowest.get());
                  f.if(offset.geU(WHOLE_INSTRUCTIONS), () => {
                    f.set(state.address, currentAddress(state).and(f.loadI64(cpu, mmuLayout.addressMask)));
                    f.br(lookup);
                  });
                  f.block((branched) => {
                    f.block((slowly) => {
                      const labels: LoopLabels = { next, branched, lookup, leave, execute, call: slowly };
                      const rows = instructions.filter((row) => hot.has(row.mnemonic));
                      inlineInstructions(loop, definitions, rows, labels);
                    });
                    spillCurrent(loop, call);
                  });
                  // After a branch, count down: code that comes back can be interrupted and tiered up.
                  f.set(slice, slice.get().sub(1));
                  checkRegion(loop, region, leave);
                  f.brIf(slice.get().gtS(0), next);
                  f.set(state.exit, I32.const(Exit.slice));
                  f.set(state.length, I32.const(0));
                  f.br(leave);
                });
              });
              if (regions) {
                // Where the region begins with a loop, entering it costs one.
                f.store(cpu, cpuLayout.fuel, slice.get().add(1));
                f.store(cpu, cpuLayout.breakingEvent, state.breakingEvent.get(), 64);
                f.store(cpu, cpuLayout.cc, state.cc.get());
                f.store(cpu, cpuLayout.regionEntries, f.loadI64(cpu, cpuLayout.regionEntries).add(1), 64);
                f.set(
                  state.exit,
                  f.callIndirect(enterRegion, 'i32', regions.slot.get(), cpu, currentAddress(state)),
                );
                reload(loop);
                f.set(slice, f.loadI32(cpu, cpuLayout.fuel).sub(1));
                f.brIf(state.exit.get().eqz(), lookup);
                f.br(done);
              }
            });
            spill(loop, currentAddress(state), f.loadI64(state.pointer.get().toPointer(), 8));
            f.br(done);
          });
          const modifier = f.let(state.text.get());
          const target = f.let(state.address.get());
          spill(loop, currentAddress(state), f.loadI64(state.pointer.get().toPointer(), 8));
          const [text, failed] = f.call(outlined.target, cpu, target, modifier) as [I64, I32];
          f.set(state.exit, failed);
          f.brIf(failed, done);
          f.set(state.text, text);
        });
        const status = f.let(f.callValue(outlined.call, cpu, state.text.get()));
        reload(loop);
        f.brIf(status.eqz(), lookup);
        f.set(state.exit, status);
      });
      f.store(cpu, cpuLayout.breakingEvent, state.breakingEvent.get(), 64);
      f.store(cpu, cpuLayout.cc, state.cc.get());
      if (step) return;
      const interrupts = state.exit.get().eq(Exit.program).or(state.exit.get().eq(Exit.supervisorCall));
      f.if(interrupts, () => {
        f.set(state.exit, f.callValue(helpers.deliver, cpu, state.exit.get()));
        f.if(state.exit.get().eqz(), () => {
          reload(loop);
          f.br(lookup);
        });
      });
    });
    f.return(state.exit.get());
  });
}

/** Enters the translated code of the instruction at the pointer, or counts the visit and asks for a translation. */
function checkRegion({ f, cpu, state, regions, slice }: Loop, region: Label, leave: Label): void {
  if (!regions) return;
  const { threshold, slot } = regions;
  f.if(threshold.get(), () => {
    const pointer = f.let(state.pointer.get());
    const set = regionSetOf(f, cpu, pointer);
    const count = f.local('i32');
    const place = f.local('ptr');
    f.block((counted) => {
      for (const way of [0, 8]) {
        const at = cpuLayout.regions + way;
        f.if(f.loadI32(set, at).eq(pointer), () => {
          f.set(place, set.add(at));
          f.set(slot, f.loadI32(set, at + 4));
          f.if(slot.get().ltS(0), () => {
            f.set(slot, slot.get().and(~regionTable.entry));
            f.br(region);
          });
          f.set(count, slot.get().add(1).and(regionTable.countMask));
          f.store(set, at + 4, count.get());
          f.br(counted);
        });
      }
      // A count gives way to a newer one. Translated code stays, or what does not get a place would never be translated,
      // but for a visit now and then.
      f.set(count, I32.const(1));
      f.set(place, set.add(cpuLayout.regions));
      const at = cpuLayout.regions;
      f.if(f.loadI32(set, at + 4).ltS(0), () => {
        f.set(count, I32.const(0));
        f.if(
          f
            .loadI32(set, at + 12)
            .geS(0)
            .or(slice.get().and(63).eqz()),
          () => {
            f.set(count, I32.const(1));
            f.set(place, set.add(at + 8));
            f.store(set, at + 8, pointer);
            f.store(set, at + 12, I32.const(1));
          },
        );
        f.br(counted);
      });
      f.if(f.loadI32(set, at + 12).geS(0), () => f.store(set, at + 8, f.loadI64(set, at), 64));
      f.store(set, at, pointer);
      f.store(set, at + 4, I32.const(1));
    });
    f.store(cpu, cpuLayout.interpreted, f.loadI64(cpu, cpuLayout.interpreted).add(1), 64);
    const isWanted = f.local('i32');
    f.set(isWanted, count.get().eq(threshold.get()));
    f.if(count.get().eq(knownCode.visits), () =>
      f.set(isWanted, isWanted.get().or(isKnown(f, cpu, pointer))),
    );
    f.if(isWanted.get(), () => {
      const requests = f.let(f.loadI32(cpu, cpuLayout.requestCount));
      f.if(requests.ltU(REQUESTS), () => {
        const request = f.let(cpu.add(requests.mul(REQUEST_SIZE).toPointer()));
        f.store(request, cpuLayout.requests, currentAddress(state), 64);
        f.store(request, cpuLayout.requests + 8, pointer);
        f.store(request, cpuLayout.requests + 12, count.get());
        f.store(cpu, cpuLayout.requestCount, requests.add(1));
        // The run ends soon, so that the translator hears of it.
        f.if(slice.get().gtS(REQUEST_SLICE), () => f.set(slice, I32.const(REQUEST_SLICE)));
      });
      // Nobody has taken the others yet: it asks again.
      f.if(requests.geU(REQUESTS), () => f.store(place.get(), 4, count.get().sub(1)));
      // What is to be translated at first sight is not interpreted.
      f.if(threshold.get().eq(1), () => {
        f.set(state.exit, I32.const(Exit.slice));
        f.set(state.length, I32.const(0));
        f.br(leave);
      });
    });
  });
}

/** Whether there may be a translation of the code at a host pointer. */
function isKnown(f: FunctionBuilder, cpu: Pointer, pointer: I32): I32 {
  const number = pointer.shrU(1).and(KNOWN_BITS - 1);
  const byte = f.loadI32(cpu.add(number.shrU(3).toPointer()), cpuLayout.known, 8);
  return byte.shrU(number.and(7)).and(1);
}

/** Points the state at the instruction at its address; one that does not lie in a page is called. */
function findPage({ f, cpu, state, helpers }: Loop, call: Label, done: Label): void {
  const address = f.let(state.address.get());
  const page = f.let(address.and(~0xfffn));
  const entry = f.let(cpu.add(tlbOffset(address)));
  const whole = address.wrap().and(0xfff).ltU(WHOLE_INSTRUCTIONS);
  const hit = () => f.loadI64(entry, tlbOf(Access.fetch)).eq(page.or(f.loadI64(cpu, mmuLayout.fetchContext)));
  f.block((found) => {
    f.brIf(hit().and(whole).and(address.wrap().and(1).eqz()), found);
    const [text, ok] = f.call(helpers.fetchSlow, cpu, address) as [I64, I32];
    f.if(ok.eqz(), () => {
      f.store(cpu, cpuLayout.instructionAddress, address, 64);
      f.store(cpu, cpuLayout.nextAddress, address.add(2), 64);
      f.store(cpu, cpuLayout.length, I32.const(2));
      f.set(state.exit, I32.const(Exit.program));
      f.br(done);
    });
    f.brIf(hit().and(whole), found);
    // It crosses into another page, or its page must not be cached.
    f.set(state.text, text);
    f.set(state.length, instructionLength(text.shrU(56).wrap()));
    spill({ f, cpu, state }, address, text);
    f.br(call);
  });
  const base = f.let(f.loadI32(entry, tlbOf(Access.fetch) + 8));
  f.set(state.pointer, base.sub(address.wrap()));
  f.set(state.lowest, base.sub(page.wrap()).sub(WHOLE_INSTRUCTIONS - 1));
  f.set(state.bias, address.add(state.pointer.get().extendU()));
}

/** The branch table over the frequent instructions; the others fall out of it. */
function inlineInstructions(
  { f, cpu, state, helpers }: Loop,
  definitions: DefinitionTable,
  rows: readonly Instruction[],
  labels: LoopLabels,
): void {
  const host = state.pointer.get().toPointer();
  const byte = (index: number) => f.loadI32(host, 15 - index, 8);
  forEachOpcode(f, byte, rows, (row) => {
    const definition = definitions.get(row.mnemonic);
    if (!definition) throw new Error(`${row.mnemonic} has no definition`);
    f.scope(() => {
      definition(new Semantics(row, new InlineBackend(f, cpu, row, state, labels), helpers));
      f.set(state.pointer, state.pointer.get().sub(row.length));
    });
    f.br(labels.next);
  });
}

/** Prepares the call of the instruction at the pointer. */
function spillCurrent({ f, cpu, state }: Loop, call: Label): void {
  f.set(state.text, f.loadI64(state.pointer.get().toPointer(), 8));
  f.set(state.length, instructionLength(state.text.get().shrU(56).wrap()));
  spill({ f, cpu, state }, currentAddress(state), state.text.get());
  f.br(call);
}

/** Writes what is in locals to the vCPU's block, for the instruction `text` at `address`. */
function spill({ f, cpu, state }: Pick<Loop, 'f' | 'cpu' | 'state'>, address: I64, text: I64): void {
  const at = f.let(address);
  const next = at.add(state.length.get().extendU()).and(f.loadI64(cpu, mmuLayout.addressMask));
  f.store(cpu, cpuLayout.nextAddress, next, 64);
  f.store(cpu, cpuLayout.instructionAddress, at, 64);
  f.store(cpu, cpuLayout.instruction, text, 64);
  f.store(cpu, cpuLayout.length, state.length.get());
  f.store(cpu, cpuLayout.breakingEvent, state.breakingEvent.get(), 64);
  f.store(cpu, cpuLayout.cc, state.cc.get());
}

/** Reads back what an instruction outside the loop may have changed. */
function reload({ f, cpu, state, regions }: Loop): void {
  if (regions) {
    const suits = f.loadI64(cpu, mmuLayout.pswMask).and(MODE.mask).eq(MODE.value);
    f.set(regions.threshold, f.select(suits, f.loadI32(cpu, cpuLayout.hotThreshold), I32.const(0)));
  }
  f.set(state.address, f.loadI64(cpu, cpuLayout.nextAddress));
  f.set(state.breakingEvent, f.loadI64(cpu, cpuLayout.breakingEvent));
  f.set(state.cc, f.loadI32(cpu, cpuLayout.cc));
}
