/**
 * The runner: a Linux program for s390x that executes test cases. It reads a header (bytes of code) and the code,
 * then record after record; each ends in a signal, whose frame has the state to write out. A static ELF file made with our own assembler.
 */
import { assembleProgram } from '@zarch/isa';
import {
  BATCH,
  CODE,
  CROSSING_WINDOW,
  DATA_PAGES,
  EDGE_WINDOW,
  input,
  output,
  RECORD,
  SLOT,
} from './layout.ts';

const TEXT = 0x551_0000;
/** The alternate signal stack, and above it what the handler puts together. */
const STACK = 0x552_0000;
const STACK_SIZE = 0x1_0000;
const OUT = 0x554_0000;

const SYSCALL = { read: 3, write: 4, munmap: 91, sigaction: 174, sigaltstack: 186, exit: 248 } as const;
/** SA_SIGINFO, SA_NODEFER, SA_ONSTACK. */
const ACTION_FLAGS = 0x4800_0004;
/** SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV. */
const SIGNALS = [4, 5, 7, 8, 11];
/** Where `si_code` and `si_addr` are in a siginfo, and the registers in a ucontext. */
const frame = { code: 8, address: 16, registers: 40 } as const;

function copy(to: string, from: string, length: number): string {
  let text = '';
  for (let at = 0; at < length; at += 256) {
    text += ` mvc ${at}(${Math.min(256, length - at)},${to}),${at}(${from})\n`;
  }
  return text;
}

/** Where the runner's segments are, in ascending order: address and size. */
const PLACES: readonly (readonly [number, number])[] = [
  [RECORD, 4096],
  [EDGE_WINDOW.address & ~0x1fff, 8192],
  [CROSSING_WINDOW.address & ~0xfff, 8192],
  [CODE, BATCH * SLOT],
  [TEXT, 4096],
  [STACK, STACK_SIZE],
  [OUT, 4096],
];

/** QEMU reserves what is between the segments; a program that Linux starts finds nothing there. */
function unmapHoles(): string {
  return PLACES.slice(1)
    .map(([address], i) => {
      const [start, size] = PLACES[i] ?? [0, 0];
      const end = start + size;
      return ` lghi %r1,${SYSCALL.munmap}
 llilf %r2,${end}
 llilf %r3,${address - end}
 svc 0
`;
    })
    .join('');
}

const source = `
_start:
${unmapHoles()}
 lghi %r1,${SYSCALL.sigaltstack}
 larl %r2,stack
 lghi %r3,0
 svc 0
${SIGNALS.map(
  (signal) => ` lghi %r1,${SYSCALL.sigaction}
 lghi %r2,${signal}
 larl %r3,action
 lghi %r4,0
 lghi %r5,8
 svc 0
`,
).join('')}
 larl %r6,header
 lghi %r7,8
 brasl %r14,readall
 larl %r8,header
 lg %r7,0(%r8)
 llilf %r6,${CODE}
 brasl %r14,readall
next:
${DATA_PAGES.map((page) => ` llilf %r8,${page}\n lghi %r9,4096\n lghi %r10,0\n lghi %r11,0\n mvcl %r8,%r10\n`).join('')}
 llilf %r6,${RECORD}
 llilf %r7,${input.size}
 brasl %r14,readall
 llilf %r10,${RECORD + input.windows}
 llilf %r11,${EDGE_WINDOW.address}
${copy('%r11', '%r10', EDGE_WINDOW.size)}
 aghi %r10,${EDGE_WINDOW.size}
 llilf %r11,${CROSSING_WINDOW.address}
${copy('%r11', '%r10', CROSSING_WINDOW.size)}
 llilf %r10,${RECORD}
 lam %a0,%a15,${input.ar}(%r10)
${Array.from({ length: 16 }, (_, i) => ` ld %f${i},${input.fpr + 8 * i}(%r10)\n`).join('')}
 lfpc ${input.fpc}(%r10)
 l %r11,${input.ccAndMask}(%r10)
 spm %r11
 lg %r11,${input.entry}(%r10)
 br %r11

handler:
 sam64
 llilf %r6,${OUT}
 st %r2,${output.signal}(%r6)
 mvc ${output.signalCode}(4,%r6),${frame.code}(%r3)
 mvc ${output.signalAddress}(8,%r6),${frame.address}(%r3)
 la %r10,${frame.registers}(%r4)
 la %r11,${output.pswMask}(%r6)
${copy('%r11', '%r10', output.checksums - output.pswMask)}
${DATA_PAGES.map((page, i) => ` llilf %r8,${page}\n lghi %r9,4096\n lghi %r10,0\n cksm %r10,%r8\n jo .-4\n st %r10,${output.checksums + 4 * i}(%r6)\n`).join('')}
 la %r11,${output.windows}(%r6)
 llilf %r10,${EDGE_WINDOW.address}
${copy('%r11', '%r10', EDGE_WINDOW.size)}
 aghi %r11,${EDGE_WINDOW.size}
 llilf %r10,${CROSSING_WINDOW.address}
${copy('%r11', '%r10', CROSSING_WINDOW.size)}
 llilf %r7,${output.size}
 brasl %r14,writeall
 j next

readall:
 ltgr %r7,%r7
 bzr %r14
 lghi %r1,${SYSCALL.read}
 lghi %r2,0
 lgr %r3,%r6
 lgr %r4,%r7
 svc 0
 ltgr %r2,%r2
 jnh finish
 agr %r6,%r2
 sgr %r7,%r2
 j readall

writeall:
 ltgr %r7,%r7
 bzr %r14
 lghi %r1,${SYSCALL.write}
 lghi %r2,1
 lgr %r3,%r6
 lgr %r4,%r7
 svc 0
 ltgr %r2,%r2
 jnh finish
 agr %r6,%r2
 sgr %r7,%r2
 j writeall

finish:
 lghi %r1,${SYSCALL.exit}
 lghi %r2,0
 svc 0

 .balign 8
stack:
 .quad ${STACK}
 .quad 0
 .quad ${STACK_SIZE}
action:
 .quad handler
 .quad ${ACTION_FLAGS}
 .quad 0
 .quad 0
header:
 .quad 0
`;

interface Segment {
  readonly address: number;
  readonly size: number;
  readonly flags: number;
  readonly bytes?: Uint8Array;
}

/** Segments' flags in a program header. */
const [EXECUTE, WRITE, READ] = [1, 2, 4];

function segments(text: Uint8Array): readonly Segment[] {
  return PLACES.map(([address, size]) => {
    const code = address === CODE || address === TEXT ? EXECUTE : 0;
    const segment = { address, size, flags: READ | WRITE | code };
    return address === TEXT ? { ...segment, bytes: text } : segment;
  });
}

/** The runner as an ELF executable. */
export function buildRunner(): Uint8Array {
  const program = assembleProgram(source, { origin: BigInt(TEXT) });
  if (!program.ok) {
    throw new Error(program.errors.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
  }
  const parts = segments(program.bytes);
  const textOffset = 4096;
  const file = new Uint8Array(textOffset + program.bytes.length);
  file.set(program.bytes, textOffset);
  const view = new DataView(file.buffer);
  // ELF64, big-endian, version 1; ET_EXEC, EM_S390.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  view.setUint16(16, 2);
  view.setUint16(18, 22);
  view.setUint32(20, 1);
  view.setBigUint64(24, BigInt(TEXT));
  view.setBigUint64(32, 64n);
  view.setUint16(52, 64);
  view.setUint16(54, 56);
  view.setUint16(56, parts.length);
  for (const [i, { address, size, flags, bytes }] of parts.entries()) {
    const at = 64 + 56 * i;
    view.setUint32(at, 1);
    view.setUint32(at + 4, flags);
    view.setBigUint64(at + 8, BigInt(bytes ? textOffset : 0));
    view.setBigUint64(at + 16, BigInt(address));
    view.setBigUint64(at + 24, BigInt(address));
    view.setBigUint64(at + 32, BigInt(bytes?.length ?? 0));
    view.setBigUint64(at + 40, BigInt(size));
    view.setBigUint64(at + 48, 4096n);
  }
  return file;
}
