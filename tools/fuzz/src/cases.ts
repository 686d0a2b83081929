/** What guests are made to do: a case is a list of runs after one reset. */
import { ChscCommand, Lowcore, ProgramInterruption, PSW, SclpCommand, SclpEvent } from '@zarch/arch';
import type { Random } from '@zarch/arch/testing';
import { interceptedInstructions } from '@zarch/cpu';
import { findInstruction, instructions } from '@zarch/isa';
import type { FuzzMachine } from './fuzz-machine.ts';
import { CODE, ENDLESS, ENDLESS_BYTES, MEMORY, SEGMENT_TABLE, STOP } from './layout.ts';
import { hex, randomBytes, randomInstruction, undefinedInstruction, undefinedOpcodes } from './opcodes.ts';
import { interestingValue, randomControls, randomMask, randomRegisters } from './values.ts';

/** Runs of one instruction in a case. */
const BATCH = 64;
const BITS64 = PSW.extendedAddressing | PSW.basicAddressing;

/** Does a case; throws when the guest got something that it must not get. */
type Case = (machine: FuzzMachine, random: Random, number: number) => void;

const undefinedOps = undefinedOpcodes();
const modes = [0n, PSW.dat, PSW.problem, PSW.dat | PSW.problem];

/** Cases of {@link undefinedOpcode} that it takes to have each operation code once in each mode. */
export const UNDEFINED_CASES = Math.ceil(undefinedOps.length / BATCH) * modes.length;

/** Places an instruction, and after it zeros, which are none. */
function placeCode(machine: FuzzMachine, instruction: Uint8Array, address = CODE): void {
  machine.vm.load(address, Uint8Array.of(...instruction, 0, 0, 0, 0));
}

/** Each undefined operation code in turn gives an operation exception, whatever its other bits are. */
function undefinedOpcode(machine: FuzzMachine, random: Random, number: number): void {
  const { state } = machine.cpu;
  const mode = modes[number % modes.length] ?? 0n;
  for (let i = 0; i < BATCH; i++) {
    const opcode = undefinedOps[(Math.floor(number / modes.length) * BATCH + i) % undefinedOps.length];
    if (!opcode) throw new Error('no operation code is undefined');
    const bytes = undefinedInstruction(random, opcode);
    placeCode(machine, bytes);
    randomRegisters(random, state);
    for (const control of [1, 7, 13]) state.setControl(control, BigInt(SEGMENT_TABLE));
    state.lowcore().setU16(Lowcore.programCode, 0);
    state.psw = { mask: BITS64 | mode, address: BigInt(CODE) };
    const run = () => machine.run(`undefined ${hex(bytes)}`);
    let outcome = run();
    // The host may have been too busy to get so far in the time that a guest has.
    for (let again = 0; again < 10 && outcome.kind === 'paused'; again++) outcome = run();
    const stopped = outcome.kind === 'crash' && outcome.crash.address === STOP.program;
    const code = state.lowcore().u16(Lowcore.programCode);
    if (!stopped || code !== ProgramInterruption.operation) {
      throw new Error(`${hex(bytes)} gave ${outcome.kind} and program-interruption code ${code}`);
    }
  }
}

/** Instructions of every kind, one at a time, with random operands, PSWs and control registers. */
function singleInstructions(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  for (let i = 0; i < BATCH; i++) {
    const bytes = randomInstruction(random);
    const address = random.chance(80) ? CODE : CODE + 4096 - 2 * random.below(4);
    placeCode(machine, bytes, address);
    randomRegisters(random, state);
    if (random.chance(60)) randomControls(random, state);
    scatter(machine, random);
    state.psw = { mask: randomMask(random), address: BigInt(address) };
    machine.run(`instruction ${hex(bytes)}`);
    if (random.chance(20)) machine.reset(machine.number);
  }
}

/** Puts a few values where registers may point. */
function scatter(machine: FuzzMachine, random: Random): void {
  for (let i = random.below(4); i > 0; i--) {
    const address = random.below(MEMORY / 8) * 8;
    machine.vm.load(address, randomBytes(random, 8));
  }
}

/** Code and interruption handlers of random bytes, or of random instructions. */
function randomCode(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  const pure = random.chance(40);
  for (let page = 0; page < 4; page++) {
    const code = pure ? randomBytes(random, 4096) : instructionPage(random);
    machine.vm.load(CODE + 4096 * page, code);
  }
  randomRegisters(random, state);
  randomControls(random, state);
  const area = state.lowcore();
  for (let location = Lowcore.restartNewPsw as number; location <= Lowcore.ioNewPsw; location += 16) {
    if (random.chance(60)) {
      area.setU64(location, randomMask(random));
      area.setU64(location + 8, BigInt(CODE + 2 * random.below(0x2000)));
    }
  }
  state.psw = { mask: randomMask(random), address: BigInt(CODE + 2 * random.below(0x2000)) };
  machine.run('random code');
  if (random.chance(30)) machine.terminal.input(randomBytes(random, random.below(64)));
  if (random.chance(30)) machine.lines.input(randomBytes(random, random.below(64)));
  machine.run('random code after input');
}

function instructionPage(random: Random): Uint8Array {
  const page = new Uint8Array(4096);
  for (let at = 0; ; ) {
    const bytes = randomInstruction(random);
    if (at + bytes.length > page.length) return page;
    page.set(bytes, at);
    at += bytes.length;
  }
}

/** Runs one instruction whose operands were chosen, in the supervisor state and mostly in real mode. */
function single(machine: FuzzMachine, random: Random, bytes: Uint8Array, what: string): void {
  placeCode(machine, bytes);
  const mode = random.chance(70)
    ? 0n
    : randomMask(random) & (PSW.dat | PSW.addressSpace | PSW.external | PSW.key);
  machine.cpu.state.psw = { mask: BITS64 | mode, address: BigInt(CODE) };
  machine.run(`${what}: ${hex(bytes)}`);
}

/** Instructions whose operands may be as long as the address space. */
const long = instructions.filter(({ mnemonic }) =>
  /^(mvcl|clcl|srst|clst|mvst|cksm|tr[eot]|cu\d|cuse|cfc|upt|cmpsc|mvpg|pfmf|km|ki|sske|rrbe|lpg|mvc[ps]|stm|lm)/.test(
    mnemonic,
  ),
);

/** Those instructions in an address space that never ends, on operands in which nothing is ever found. */
function longOperands(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  const byte = random.below(256);
  for (let at = 0; at < ENDLESS_BYTES; at += 4096) {
    machine.vm.load(ENDLESS.frames + at, new Uint8Array(4096).fill(byte));
  }
  for (let i = 0; i < BATCH; i++) {
    randomRegisters(random, state);
    for (let register = 0; register < 16; register++) {
      const lengths = [random.bits(64), BigInt.asUintN(64, ~random.bits(8)), 1n << 62n];
      if (random.chance(80)) state.setGr(register, random.pick(lengths));
    }
    state.setGr(0, random.chance(80) ? BigInt(byte ^ 1) : BigInt(random.below(256)));
    for (const control of [1, 7, 13]) state.setControl(control, BigInt(ENDLESS.regionFirst) | 0xfn);
    const bytes = randomInstruction(random, random.pick(long));
    // Even registers, which most of them want.
    if (bytes.length === 4 && random.chance(80)) bytes[3] = (bytes[3] ?? 0) & 0xee;
    // Now and then again and again: that must not add up before the guest comes back.
    const back = Uint8Array.of(0xa7, 0xf4, 0xff, 0x100 - bytes.length / 2);
    placeCode(machine, random.chance(15) ? Uint8Array.of(...bytes, ...back) : bytes);
    state.psw = { mask: BITS64 | PSW.dat, address: BigInt(CODE) };
    machine.stopInterruptions();
    machine.run(`long ${hex(bytes)}`);
  }
}

/** SERVICE CALL with commands that exist and others, and blocks whose fields are more or less right. */
function serviceCalls(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  const commands = Object.values(SclpCommand);
  for (let i = 0; i < BATCH; i++) {
    randomRegisters(random, state);
    const command = random.chance(85) ? random.pick(commands) | (random.below(256) << 8) : random.next();
    const sccb = random.chance(85) ? BigInt(random.below(MEMORY / 8) * 8) : interestingValue(random);
    state.setGr(1, BigInt(command >>> 0));
    state.setGr(2, sccb);
    if (sccb < MEMORY - 4096) machine.vm.load(Number(sccb), serviceBlock(random));
    if (random.chance(10)) machine.terminal.input(randomBytes(random, random.below(2000)));
    if (random.chance(10)) machine.lines.input(randomBytes(random, random.below(200)));
    if (random.chance(5)) machine.machine.sclp.quiesce();
    if (random.chance(90)) machine.vm.floating.takeServiceSignal();
    single(machine, random, Uint8Array.of(0xb2, 0x20, 0, 0x12), `command ${command.toString(16)}`);
    machine.stopInterruptions();
  }
}

function serviceBlock(random: Random): Uint8Array {
  const block = randomBytes(random, 4096);
  const view = new DataView(block.buffer);
  const length = random.pick([
    0, 7, 8, 12, 16, 28, 40, 64, 127, 128, 144, 160, 2048, 4088, 4096, 4104, 0xffff,
  ]);
  view.setUint16(0, random.chance(80) ? length : random.next());
  block[2] = random.pick([0, 0, 0, 1, 0x80, 0xff]);
  if (random.chance(50)) view.setUint16(10, random.pick([0, 1, 2, 4, 8, 1021, 1022, 0xffff]));
  for (let at = 8; at < 4000 && random.chance(80); ) {
    // Event buffers, and message data blocks and general data streams inside them.
    const size = random.chance(70) ? 6 + random.below(100) : random.next();
    view.setUint16(at, size);
    block[at + 2] = random.chance(80) ? random.pick(Object.values(SclpEvent)) : random.next();
    if (random.chance(70)) block[at + 3] = 0;
    if (random.chance(50)) nested(view, at + 6, random);
    if ((size & 0xffff) === 0) break;
    at += size & 0xffff;
  }
  return block;
}

function nested(view: DataView, start: number, random: Random): void {
  let at = start;
  for (let depth = 0; depth < 4 && at + 16 < view.byteLength; depth++) {
    view.setUint16(at, random.pick([0, 1, 2, 4, 12, 20, 56, 60, random.below(4096), 0xffff]));
    view.setUint16(
      at + 2,
      random.pick([1, 2, 4, 0x1310, 0x1212, 0x1320, 0x31, 0x30, random.below(0x1_0000)]),
    );
    if (random.chance(30)) view.setUint32(at + 4, 0xd4c4_c240);
    at += random.pick([4, 12, 12, 16]);
  }
}

const io: readonly string[] = interceptedInstructions.io;
const calls = [
  'diag',
  'stsi',
  'sigp',
  'servc',
  'spx',
  'tb',
  'sck',
  'sckpf',
  'stfl',
  'stidp',
  'lctlg',
  'lctl',
];

/** DIAGNOSE, STSI, SIGP and whatever else the hypervisor does. */
function hypervisorCalls(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  for (let i = 0; i < BATCH; i++) {
    randomRegisters(random, state);
    if (random.chance(30)) randomControls(random, state);
    const mnemonic = random.pick(calls);
    const row = findInstruction(mnemonic);
    if (!row) throw new Error(`no instruction ${mnemonic}`);
    const bytes = randomInstruction(random, row);
    if (mnemonic === 'diag') diagnose(random, machine, bytes);
    if (mnemonic === 'sigp') {
      bytes.set([(random.below(16) << 4) | 3, 0, random.below(40)], 1);
      state.setGr(3, random.chance(90) ? BigInt(random.below(3)) : random.bits(64));
    }
    if (mnemonic === 'stsi') {
      state.setGr(0, (BigInt(random.below(16)) << 28n) | BigInt(random.below(5)));
      state.setGr(1, BigInt(random.below(5)));
      bytes.set([0x40, 0], 2);
      if (random.chance(80)) state.setGr(4, BigInt(random.below(MEMORY / 4096) * 4096));
    }
    single(machine, random, bytes, mnemonic);
    if (random.chance(20)) machine.reset(machine.number);
    else machine.stopInterruptions();
  }
}

function diagnose(random: Random, machine: FuzzMachine, bytes: Uint8Array): void {
  const { state } = machine.cpu;
  const code = random.chance(90) ? random.pick([0x10, 0x44, 0x9c, 0x288, 0x308, 0x500]) : random.below(4096);
  const [r1, r3] = [random.below(16), random.below(16)];
  bytes.set([(r1 << 4) | r3, code >> 8, code], 1);
  state.setGr(r1, random.chance(60) ? BigInt(random.below(MEMORY / 4096) * 4096) : interestingValue(random));
  if (random.chance(70)) state.setGr(r3, BigInt(random.below(8)));
  const at = Number(state.gr(r1));
  if (code === 0x308 && at < MEMORY - 4096 && random.chance(70)) {
    machine.vm.load(at, randomBytes(random, 16));
    machine.vm.load(at, Uint8Array.of(0, 0, random.below(18), 0));
  }
}

/** I/O instructions with subchannels and blocks that exist and others. */
function ioInstructions(machine: FuzzMachine, random: Random): void {
  const { state } = machine.cpu;
  for (let i = 0; i < BATCH; i++) {
    randomRegisters(random, state);
    if (random.chance(20)) randomControls(random, state);
    const mnemonic = random.pick(io);
    const row = findInstruction(mnemonic);
    if (!row) throw new Error(`no instruction ${mnemonic}`);
    const bytes = randomInstruction(random, row);
    const base = 1 + random.below(15);
    if (row.format.name === 'S') bytes.set([(base << 4) | 0, random.chance(80) ? 0 : random.next()], 2);
    else bytes.set([(base << 4) | random.below(16)], 3);
    state.setGr(base, operand(machine, random));
    const subsystem = 0x1_0000 | (random.below(4) << 17) | random.below(4);
    if (random.chance(80)) state.setGr(1, BigInt(subsystem));
    single(machine, random, bytes, mnemonic);
    if (random.chance(5)) machine.reset(machine.number);
  }
}

/** The address of a page that holds what may be a request of CHANNEL SUBSYSTEM CALL, or another operand. */
function operand(machine: FuzzMachine, random: Random): bigint {
  if (random.chance(20)) return interestingValue(random);
  const address = (0x20 + random.below(0x60)) * 4096 + (random.chance(80) ? 0 : random.below(4096));
  const block = randomBytes(random, 64);
  if (random.chance(50)) block.fill(0, 4);
  const view = new DataView(block.buffer);
  view.setUint16(0, random.pick([0, 8, 16, 0x20, 0x400, 0xff8, 0xfff, random.below(0x1_0000)]));
  view.setUint16(2, random.chance(80) ? random.pick(Object.values(ChscCommand)) : random.next());
  machine.vm.load(address, block);
  return BigInt(address);
}

const kinds: readonly Case[] = [
  undefinedOpcode,
  singleInstructions,
  randomCode,
  serviceCalls,
  hypervisorCalls,
  ioInstructions,
  longOperands,
  singleInstructions,
];

/** The kinds of case in the order in which they are repeated. */
export const KINDS = kinds.length;

/** Does case `number` after a reset. */
export function runCase(machine: FuzzMachine, random: Random, number: number): void {
  machine.reset(number);
  kinds[number % kinds.length]?.(machine, random, Math.floor(number / kinds.length));
}

/** So that a table of instructions that is empty does not pass for a good run. */
if (instructions.length < 1000 || undefinedOps.length < 1000) throw new Error('instructions are missing');
