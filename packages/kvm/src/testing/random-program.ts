/**
 * Programs at random, with structure: nested counted loops, branches forward, into loops and out of them, calls. They
 * always end, whatever their instructions do, since registers count that they do not change: 11 to 13, and 15 in routines.
 * Only one that stores into its own code by chance may be endless.
 */
import type { Random } from '@zarch/arch/testing';
import { type Kind, type Places, randomInstruction } from './random-instructions.ts';

/** Deeper loops would use the same counters. */
const DEEPEST = 2;
const ROUTINES = 3;
const LONGEST_BLOCK = 7;
/** Targets of EXECUTE, which may replace any bit of their second byte. */
const EXECUTED = [
  'mvc 8(1,%r6),0(%r7)',
  'clc 0(1,%r8),4(%r8)',
  'xc 16(1,%r6),16(%r9)',
  'trt 0(1,%r6),0(%r7)',
  'cli 4(%r6),0',
  'ahi %r2,0',
] as const;

/** What programs may name. */
export interface Surroundings {
  /** Addresses of data. */
  readonly addresses: readonly number[];
  /** How far from code it can be stored into. */
  readonly codeAlias: number;
  /** An instruction that is another one where a page of code has another frame. */
  readonly variant: string;
}

/** @returns Assembler source that ends with DIAGNOSE of function 0x7ff. */
export function randomProgram(random: Random, surroundings: Surroundings): string {
  return new ProgramWriter(random, surroundings).program();
}

class ProgramWriter {
  readonly #random: Random;
  readonly #places: Places;
  readonly #lines: string[] = [];
  #labels = 0;
  /** How likely each kind of instruction is, which differs from program to program. */
  readonly #weights: readonly Kind[];
  #inRoutine = false;
  readonly #surroundings: Surroundings;
  /** Whether the program changes its own instructions. */
  readonly #patches: boolean;

  constructor(random: Random, surroundings: Surroundings) {
    this.#random = random;
    const start = random.pick([0, 0, 8, 128, 2048, 4000]);
    this.#places = {
      displacements: [start, start, start + 64, random.below(3900)],
      addresses: surroundings.addresses,
    };
    this.#surroundings = surroundings;
    this.#patches = random.once(5);
    const weights: Kind[] = ['move', 'move', 'sum', 'sum', 'comparison', 'consumer', 'any'];
    const more = random.pick<Kind>(['any', 'move', 'sum', 'comparison', 'float']);
    this.#weights = [...weights, more, more];
  }

  program(): string {
    const random = this.#random;
    this.#line('lhi %r13,20');
    const pieces = 1 + random.below(3);
    for (let i = 0; i < pieces; i++) this.#piece(0);
    this.#line('end: diag %r0,%r0,0x7ff');
    this.#inRoutine = true;
    for (let i = 0; i < ROUTINES; i++) this.#routine(i);
    for (const [i, text] of EXECUTED.entries()) this.#line(`executed${i}: ${text}`);
    return this.#lines.join('\n');
  }

  #line(text: string): void {
    this.#lines.push(text);
  }
  #label(): string {
    return `l${this.#labels++}`;
  }
  #condition(): string {
    return `brc ${1 + this.#random.below(14)}`;
  }

  #instruction(kind: Kind = this.#random.pick(this.#weights)): void {
    const random = this.#random;
    if (random.once(60)) this.#execute();
    else if (random.once(12)) this.#advance();
    else if (random.once(15)) this.#line(this.#surroundings.variant);
    else this.#line(randomInstruction(random, kind, this.#places));
  }

  #execute(): void {
    const random = this.#random;
    const [modifier, target] = [random.below(6), `executed${random.below(EXECUTED.length)}`];
    if (this.#inRoutine || random.once(2)) this.#line(`exrl %r${modifier},${target}`);
    else this.#line(`larl %r14,${target}\n ex %r${modifier},0(%r14)`);
  }

  /** Moves a base register on. */
  #advance(base = 6 + this.#random.below(4)): void {
    const random = this.#random;
    const step = random.pick([1, 4, 8, -8, 16, 256, -1]);
    this.#line(random.once(2) ? `aghi %r${base},${step}` : `lay %r${base},${step}(%r${base})`);
  }

  #block(): void {
    if (this.#random.once(3)) this.#structure();
    else this.#plainBlock();
  }

  /** Accesses to the parts of something that a register points to, which may move on meanwhile. */
  #structure(): void {
    const random = this.#random;
    const base = 6 + random.below(4);
    const displacements = [random.pick([0, 8, 100, 4000])];
    for (let i = 4 + random.below(LONGEST_BLOCK); i > 0; i--) {
      if (random.once(5)) this.#advance(base);
      const kind = random.pick<Kind>(['move', 'move', 'sum', 'comparison']);
      this.#line(randomInstruction(random, kind, { ...this.#places, displacements, base }));
    }
  }

  #plainBlock(): void {
    for (let i = this.#random.below(LONGEST_BLOCK); i >= 0; i--) this.#instruction();
  }

  /** A part of a program in loops of some depth. */
  #piece(depth: number): void {
    const random = this.#random;
    this.#block();
    for (let i = random.below(3); i >= 0; i--) {
      const kind = random.below(10);
      if (kind < 4 && depth < DEEPEST) this.#loop(depth);
      else if (kind < 6) this.#choice(depth);
      else if (kind < 8 && !this.#inRoutine) this.#call();
      else if (kind === 8 && !this.#inRoutine) this.#backward(depth);
      else this.#frame();
      if (random.once(2)) this.#block();
      if (this.#patches && random.once(3)) this.#patch();
    }
  }

  /** Changes the immediate operand of an instruction that follows, by another address than the one it is fetched from. */
  #patch(): void {
    const random = this.#random;
    if (random.once(3)) {
      this.#patchExecuted();
      return;
    }
    const place = this.#label();
    this.#line(`larl %r5,${place}+${this.#surroundings.codeAlias}`);
    this.#line(
      random.pick(['mvi 3(%r5),7', 'xi 3(%r5),5', 'xi 2(%r5),1', 'mvhhi 2(%r5),-3', 'mvhhi 2(%r5),1']),
    );
    this.#line('bcr 15,0');
    if (random.once(2)) this.#block();
    this.#line(`${place}: ${random.pick(['lhi %r2,1', 'ahi %r2,1', 'aghi %r3,-1', 'chi %r1,5'])}`);
  }

  /** Changes a displacement of what is executed. */
  #patchExecuted(): void {
    const random = this.#random;
    const number = random.below(EXECUTED.length);
    this.#line(`larl %r5,executed${number}+${this.#surroundings.codeAlias}`);
    this.#line(random.pick(['xi 3(%r5),8', 'xi 3(%r5),4', 'xi 5(%r5),4']));
    this.#line('bcr 15,0');
    if (random.once(2)) this.#block();
    this.#line(`exrl %r${random.below(6)},executed${number}`);
  }

  #loop(depth: number): void {
    const random = this.#random;
    const counter = this.#inRoutine ? 15 : 11 + depth;
    const [head, inside, out] = [this.#label(), this.#label(), this.#label()];
    const count = 1 + random.below(random.once(100) ? 2000 : depth === 0 ? 12 : 6);
    this.#line(`lghi %r${counter},${count}`);
    const enteredInside = random.once(6);
    if (enteredInside) this.#line(`${this.#condition()},${inside}`);
    this.#line(`${head}:`);
    // What the last turn left in the condition code.
    if (random.once(2)) this.#instruction('consumer');
    this.#inLoop(depth);
    if (enteredInside) this.#line(`${inside}:`);
    if (random.once(3)) this.#line(`${this.#condition()},${out}`);
    if (random.once(2)) this.#block();
    if (random.once(2)) this.#instruction('sum');
    this.#line(this.#loopEnd(counter, head));
    this.#line(`${out}:`);
    if (random.once(2)) this.#instruction('consumer');
  }

  #inLoop(depth: number): void {
    if (this.#random.once(2) || this.#inRoutine) this.#block();
    else this.#piece(depth + 1);
  }

  #loopEnd(counter: number, head: string): string {
    const byRegister = `larl %r14,${head}\n bctgr %r${counter},%r14`;
    const byOperand = `larl %r14,${head}\n bctg %r${counter},0(%r14)`;
    return this.#random.pick([
      this.#inRoutine ? `brct %r${counter},${head}` : byRegister,
      this.#inRoutine ? `brct %r${counter},${head}` : byOperand,
      `brctg %r${counter},${head}`,
      `brctg %r${counter},${head}`,
      `ahi %r${counter},-1\n brc 2,${head}`,
      `aghi %r${counter},-1\n jh ${head}`,
      `aghi %r${counter},-1\n cgij %r${counter},0,2,${head}`,
      `slfi %r${counter},1\n brc 5,${head}`,
      `ahi %r${counter},-1\n chi %r${counter},0\n jh ${head}`,
    ]);
  }

  #choice(depth: number): void {
    const random = this.#random;
    const [other, end] = [this.#label(), this.#label()];
    if (random.once(2)) this.#instruction(random.pick<Kind>(['comparison', 'sum']));
    this.#line(this.#forwardBranch(other));
    if (random.once(3) && depth < DEEPEST) this.#loop(depth);
    else this.#block();
    if (random.once(2)) {
      this.#line(`j ${end}`);
      this.#line(`${other}:`);
      this.#block();
    } else {
      this.#line(`${other}:`);
    }
    this.#line(`${end}:`);
  }

  #forwardBranch(to: string): string {
    const random = this.#random;
    const [one, other] = [random.below(6), random.below(10)];
    return random.pick([
      `${this.#condition()},${to}`,
      `${this.#condition()},${to}`,
      `brcl ${1 + random.below(14)},${to}`,
      `crj %r${one},%r${other},${random.pick([2, 4, 6, 8, 10, 12])},${to}`,
      `clgij %r${one},${random.below(256)},${random.pick([2, 4, 8])},${to}`,
      `cij %r${one},${random.below(256) - 128},${random.pick([2, 4, 8])},${to}`,
    ]);
  }

  /** Back to before, a limited number of times. */
  #backward(depth: number): void {
    const random = this.#random;
    const [back, more] = [this.#label(), this.#label()];
    this.#line(`${back}:`);
    if (random.once(3) && depth < DEEPEST) this.#loop(depth);
    else this.#block();
    this.#line(`brct %r13,${more}`);
    this.#line('j end');
    this.#line(`${more}:`);
    if (random.once(2)) this.#instruction('comparison');
    this.#line(`${this.#condition()},${back}`);
  }

  #call(): void {
    const random = this.#random;
    const routine = `routine${random.below(ROUTINES)}`;
    this.#line(
      random.pick([`bras %r14,${routine}`, `brasl %r14,${routine}`, `larl %r14,${routine}\n basr %r14,%r14`]),
    );
    // A routine may return behind these four bytes.
    this.#line(random.pick(['ahi %r3,1', 'nilh %r1,0xfffe', 'l %r0,8(%r6)']));
  }

  #routine(number: number): void {
    const random = this.#random;
    this.#line(`routine${number}:`);
    this.#piece(random.once(4) ? 1 : DEEPEST);
    if (random.once(4)) this.#line('la %r14,4(%r14)');
    if (random.once(4)) this.#line(`bcr ${1 + random.below(14)},%r14`);
    this.#line('br %r14');
  }

  /** Registers saved and loaded again, as at the beginning and end of functions. */
  #frame(): void {
    const random = this.#random;
    const [base, first] = [6 + random.below(4), random.below(10)];
    const last = first + random.below(11 - first);
    const place = `${8 * random.below(40)}(%r${base})`;
    const wide = random.once(3) ? 'm' : 'mg';
    this.#line(`st${wide} %r${first},%r${last},${place}`);
    this.#block();
    // Not all at once: the base may be one of them.
    this.#line(`l${wide} %r${first},%r${last},${place}`);
  }
}
