/**
 * Translates a program of its own, for nobody: a host's compiler makes a translator fast only when it has seen it work,
 * and until then the first loops of a guest, which it waits for, take ten times as long.
 */
import { assembleProgram } from '@zarch/isa';
import { HostStorage } from '@zarch/memory';
import { cpuLayout } from '../cpu-layout.ts';
import { CPU_BLOCK_SIZE } from '../cpu-module.ts';
import { Translator } from './translator.ts';

const SIZE = 1 << 16;
const ORIGIN = 0x1000;

/** Instructions as compilers make them, most kinds that are frequent among them. */
const program = `
 stmg %r6,%r15,48(%r15)
 aghi %r15,-160
 lgr %r6,%r2
 lgr %r7,%r3
 larl %r8,entry
 lghi %r9,0
 ltgr %r7,%r7
 je done
outer: llgc %r1,0(%r6)
 lg %r2,8(%r8)
 sllg %r3,%r1,2
 la %r4,0(%r3,%r8)
 l %r5,0(%r4)
 ar %r5,%r1
 st %r5,0(%r4)
 lhi %r0,8
inner: lr %r10,%r5
 sll %r10,1
 xr %r5,%r10
 nill %r5,65535
 ic %r5,1(%r6)
 srl %r5,3
 brct %r0,inner
 clr %r5,%r1
 jl smaller
 s %r5,4(%r8)
 lh %r11,2(%r8)
 msr %r5,%r11
 j both
smaller: a %r5,4(%r8)
 llh %r11,2(%r8)
 oill %r5,16
 sth %r11,2(%r8)
both: llgfr %r5,%r5
 agr %r9,%r5
 stg %r9,16(%r8)
 stc %r5,24(%r8)
 tm 24(%r8),1
 jne odd
 lgr %r2,%r9
 brasl %r14,routine
 lgr %r9,%r2
odd: cghi %r9,0
 jhe positive
 lcgr %r9,%r9
positive: aghi %r6,1
 clgrjl %r6,%r7,outer
 cgije %r9,0,done
 mvc 32(8,%r8),16(%r8)
 clc 32(8,%r8),8(%r8)
 jh done
 lgf %r1,4(%r8)
 sgr %r9,%r1
 risbg %r1,%r9,48,63,0
 crjne %r1,%r5,done
 slgr %r9,%r1
done: lgr %r2,%r9
 lmg %r6,%r15,208(%r15)
 br %r14
routine: srag %r3,%r2,8
 ngr %r2,%r3
 ltr %r4,%r2
 jnl even
 lgrl %r4,entry
 ogr %r2,%r4
even: srlg %r2,%r2,1
 xgr %r2,%r4
 br %r14
entry: brasl %r14,routine
 j outer
`;

/** Storage with the program in it, made once. */
export class Rehearsal {
  readonly #host = new HostStorage(SIZE, CPU_BLOCK_SIZE + SIZE);
  readonly #cpu: number;
  /** Offsets at which regions begin: the program's beginning and its end. */
  readonly #entries: readonly number[];

  constructor() {
    const code = assembleProgram(program, { origin: BigInt(ORIGIN) });
    if (!code.ok) throw new Error(code.errors.map(({ message }) => message).join('\n'));
    const { bytes } = code;
    this.#entries = [0, bytes.length - 10];
    this.#cpu = this.#host.allocate(CPU_BLOCK_SIZE, 4096);
    const view = new DataView(this.#host.memory.buffer);
    // Every branch is taken to be visited.
    view.setInt32(this.#cpu + cpuLayout.hotThreshold, 1, true);
    for (const word of [0, 8, 16, 24]) view.setBigInt64(this.#cpu + cpuLayout.facilities + word, -1n, true);
    for (const [i, byte] of bytes.entries()) view.setUint8(this.#host.top - 1 - ORIGIN - i, byte);
  }

  /** Translates the program once: some hundred instructions. Gives how many. */
  round(): number {
    const requests = this.#entries.map((at) => ({
      address: BigInt(ORIGIN + at),
      pointer: this.#host.top - 16 - ORIGIN - at,
    }));
    const { regions } = new Translator(this.#host, SIZE).translate(this.#cpu, requests);
    return regions.reduce((sum, { instructions }) => sum + instructions, 0);
  }
}
