/** The GDB stub against the real debugger: a program on a vCPU's thread, driven by `gdb-multiarch` in batch mode. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { assembleProgram } from '@zarch/isa';
import { cpuModel } from '@zarch/machine';
import { elfFile } from '@zarch/machine/testing';
import { Session } from '@zarch/session';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GdbServer } from '../src/gdb/server.ts';
import { nodeHost } from '../src/run/node-host.ts';

const GDB = 'gdb-multiarch';
const ORIGIN = 0x1_0000n;

const PROGRAM = `
start: lghi %r1, 0
loop:  aghi %r1, 1
       larl %r2, data
       stg %r1, 0(%r2)
       lg %r3, 0(%r2)
       brasl %r14, func
       brc 15, loop
func:  lgr %r4, %r1
       bcr 15, %r14
       .align 8
data:  .quad 0
`;

const assembled = assembleProgram(PROGRAM, { origin: ORIGIN });
if (!assembled.ok) throw new Error(JSON.stringify(assembled.errors));
const { bytes, symbols } = assembled;
const at = (name: string) => `0x${(symbols.get(name) ?? 0n).toString(16)}`;

beforeAll(async () => {
  await promisify(execFile)(GDB, ['--version']).catch((error: Error) => {
    throw new Error(`${GDB} is needed (Debian and Ubuntu: apt-get install gdb-multiarch): ${error.message}`);
  });
});

let session: Session;
let server: GdbServer;

beforeEach(async () => {
  const model = cpuModel('qemu') ?? cpuModel('z14');
  if (!model) throw new Error('no CPU model');
  session = new Session({
    host: nodeHost({ translates: false }),
    threshold: 0,
    machine: { memorySize: 16 << 20, cpus: 1, maximumCpus: 1, model },
    program: { kernel: elfFile(bytes, ORIGIN) },
    devices: [],
    watchdog: false,
    actions: { panic: 'exit-failure', reboot: 'reset', shutdown: 'poweroff', watchdog: 'none' },
    startStopped: true,
  });
  server = await GdbServer.listen(session, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await server.close();
  await session.close();
});

async function gdb(...commands: readonly string[]): Promise<string> {
  const connect = [
    'set architecture s390:64-bit',
    'set endian big',
    `target remote 127.0.0.1:${server.port}`,
  ];
  const args = [...connect, ...commands].flatMap((command) => ['-ex', command]);
  const { stdout, stderr } = await promisify(execFile)(GDB, ['-nx', '-batch', ...args], { timeout: 60_000 });
  return stdout + stderr;
}

describe('gdb-multiarch', () => {
  it('shows registers and storage of a machine that waits for it', async () => {
    const output = await gdb(
      'p/x $pswa',
      'p/x $pswm',
      'info registers r1 cr0 acr3 fpc',
      `x/2i ${at('start')}`,
      'monitor info registers',
    );
    expect(output).toContain(`$1 = ${at('start')}`);
    expect(output).toContain('$2 = 0x180000000');
    expect(output).toMatch(/^r1 +0x0/m);
    expect(output).toMatch(/^cr0 +0xe0/m);
    expect(output).toMatch(/lghi\t%r1,0/);
    expect(output).toMatch(/^PSW=mask 0000000180000000 addr 0000000000010000 cc 0/m);
  });

  it('steps one instruction at a time', async () => {
    const output = await gdb('stepi', 'stepi', 'stepi', 'p/x $r1', 'p/x $r2', 'p/x $pswa');
    expect(output).toContain('$1 = 0x1');
    expect(output).toContain(`$2 = ${at('data')}`);
  });

  it('stops at a breakpoint each time and leaves the storage as it is', async () => {
    const output = await gdb(
      `break *${at('func')}`,
      'continue',
      'p $r1',
      'continue',
      'p $r1',
      'p/x $r14',
      `p/x *(short *)${at('func')}`,
    );
    expect(output.match(/Breakpoint 1, /g)).toHaveLength(2);
    expect(output).toContain('$1 = 1');
    expect(output).toContain('$2 = 2');
    expect(output).toContain('$4 = 0xb904');
  });

  it.each([
    ['watch', 'Hardware watchpoint'],
    ['rwatch', 'Hardware read watchpoint'],
    ['awatch', 'Hardware access \\(read/write\\) watchpoint'],
  ])('%s stops after the instruction that uses the bytes', async (command, title) => {
    const output = await gdb(`${command} *(long *)${at('data')}`, 'continue', 'p $r1', 'p $r3');
    expect(output).toMatch(new RegExp(`^${title} 1: `, 'm'));
    expect(output).toContain('$1 = 1');
    expect(output).toContain(command === 'rwatch' ? '$2 = 1' : '$2 = 0');
  });

  it('writes registers and storage', async () => {
    const output = await gdb(
      `break *${at('func')}`,
      'set $r1 = 0x1122334455667788',
      `set $pc = ${at('loop')}`,
      'set $f4 = 1.5',
      `set *(int *)0x20000 = 0x12345678`,
      'continue',
      'p/x $r3',
      'p $f4',
      'p/x *(char *)0x20003',
    );
    expect(output).toContain('$1 = 0x1122334455667789');
    expect(output).toContain('$2 = 1.5');
    expect(output).toContain('$3 = 0x78');
  });

  it('detaches, after which the program runs, and stops it when it comes again', async () => {
    expect(await gdb('stepi', 'detach')).toContain('detached');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(session.paused).toBe(false);
    const output = await gdb('p $r1 > 1000', 'kill');
    expect(output).toContain('$1 = 1');
    expect((await session.ended).kind).toBe('quit');
  });
});
