/** A differential run: batches of cases on the peer and on our own executors, compared. */
import { createDefinitions } from '@zarch/cpu';
import { disassemble, type Instruction } from '@zarch/isa';
import { type Case, slotAddress } from './case.ts';
import type { Difference } from './difference.ts';
import type { Executor } from './executor.ts';
import { type Ending, type Explanation, endings, explanations, missingInPeer } from './explained.ts';
import { generate, suitable } from './generate.ts';
import { BATCH, INSTRUCTION, SLOT } from './layout.ts';
import { conditionCode, differences, type Outcome, Signal } from './outcome.ts';
import type { Peer } from './peer.ts';

export interface RunOptions {
  readonly seed: string;
  /** Executions in all. */
  readonly count: number;
  /** Only these mnemonics. */
  readonly only?: readonly string[];
  /** The number of the first case of each instruction. */
  readonly first?: number;
  readonly progress?: (done: number) => void;
}

export interface RunReport {
  readonly executed: number;
  readonly instructions: number;
  /** How many cases ended in which signal. */
  readonly signals: ReadonlyMap<string, number>;
  readonly explained: ReadonlyMap<Explanation, number>;
  /** How often the peer did not know an instruction. */
  readonly refused: ReadonlyMap<string, number>;
  /** Instructions that the peer is known not to have and that it met. */
  readonly missing: ReadonlySet<string>;
  /** Texts that describe differences without an explanation, by instruction. */
  readonly unexplained: ReadonlyMap<string, readonly string[]>;
  readonly unexplainedCount: number;
  /** Cases that ended the peer, as it is known to. */
  readonly ended: ReadonlyMap<Ending, number>;
}

class Report {
  executed = 0;
  readonly signals = new Map<string, number>();
  readonly explained = new Map<Explanation, number>();
  readonly missing = new Set<string>();
  readonly unexplained = new Map<string, string[]>();
  unexplainedCount = 0;
  readonly ended = new Map<Ending, number>();
  readonly refused = new Map<string, number>();

  /** Counts operation exceptions of the peer. */
  refuse(mnemonic: string): void {
    this.refused.set(mnemonic, (this.refused.get(mnemonic) ?? 0) + 1);
  }
  fail(mnemonic: string, text: () => string): void {
    this.unexplainedCount++;
    const texts = this.unexplained.get(mnemonic) ?? [];
    if (texts.length < 8) texts.push(text());
    this.unexplained.set(mnemonic, texts);
  }
}

/** The instructions that are defined here and that a program of the peer may execute. */
export function executable(): readonly Instruction[] {
  return suitable(createDefinitions().mnemonics());
}

/** Runs cases for every instruction that is {@link executable}; the executors take turns. */
export async function run(
  peer: Peer,
  executors: readonly Executor[],
  options: RunOptions,
): Promise<RunReport> {
  const { seed, count, only, first = 0 } = options;
  const rows = executable().filter((row) => !only || only.includes(row.mnemonic));
  if (rows.length === 0) throw new Error('no instruction to execute');
  const report = new Report();
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done);
    const at = (i: number): [Instruction, number] => {
      const row = rows[(done + i) % rows.length];
      if (!row) throw new RangeError('no row');
      return [row, first + Math.floor((done + i) / rows.length)];
    };
    const cases = Array.from({ length: size }, (_, i) => generate(seed, ...at(i), i));
    await runBatch(peer, executors, cases, report);
    options.progress?.(done + size);
  }
  return { ...report, instructions: rows.length };
}

async function runBatch(
  peer: Peer,
  executors: readonly Executor[],
  cases: readonly Case[],
  report: Report,
): Promise<void> {
  const code = new Uint8Array(cases.length * SLOT);
  for (const [i, test] of cases.entries()) code.set(test.code, i * SLOT);
  const theirs = peer.execute(cases, code);
  for (const executor of executors) executor.begin(code);
  // Each case on one executor: which, its number says.
  const ours = cases.map((test, i) => executorOf(executors, test).execute(test, i));
  const outcomes = await theirs;
  for (const [i, test] of cases.entries()) {
    const [own, other] = [ours[i], outcomes[i]];
    if (!own) throw new RangeError('no outcome');
    report.executed++;
    judge(test, i, executorOf(executors, test), own, other, report);
  }
}

function executorOf(executors: readonly Executor[], test: Case): Executor {
  const number = Number(test.id.slice(test.id.lastIndexOf(':') + 1));
  const executor = executors[number % executors.length];
  if (!executor) throw new RangeError('no executor');
  return executor;
}

function judge(
  test: Case,
  index: number,
  executor: Executor,
  ours: Outcome,
  peers: Outcome | undefined,
  report: Report,
): void {
  if (!peers) {
    const ending = endings.find(({ match }) => match(test));
    if (ending) {
      report.ended.set(ending, (report.ended.get(ending) ?? 0) + 1);
      return;
    }
    report.fail(test.mnemonic, () => `${describe(test, index, executor)}\n  the peer ended`);
    return;
  }
  if (isOperationException(peers, index)) report.refuse(test.mnemonic);
  const key = `${peers.signal}/${peers.signalCode}`;
  report.signals.set(key, (report.signals.get(key) ?? 0) + 1);
  const parts = differences(ours, peers);
  if (parts.length === 0) return;
  if (missingInPeer.has(test.mnemonic) && isOperationException(peers, index)) {
    report.missing.add(test.mnemonic);
    return;
  }
  const difference: Difference = { test, ours, peers, parts };
  const explanation = explanations.find(({ match }) => match(difference));
  if (explanation) {
    report.explained.set(explanation, (report.explained.get(explanation) ?? 0) + 1);
    return;
  }
  report.fail(test.mnemonic, () => describeDifference(difference, index, executor));
}

/** Whether the instruction itself, and not what follows, was refused. */
function isOperationException({ signal, signalCode, signalAddress }: Outcome, index: number): boolean {
  return signal === Signal.illegal && signalCode === 1 && signalAddress === slotAddress(index) + INSTRUCTION;
}

function describe(test: Case, index: number, executor: Executor): string {
  const [seed, mnemonic, number] = test.id.split(':');
  const { text } = disassemble(test.bytes, { address: BigInt(slotAddress(index) + INSTRUCTION) });
  const executed = test.executed ? ' by EXRL' : '';
  return `--seed ${seed} --only ${mnemonic} --first ${number} --count 1: ${text}${executed}, ${test.mode}-bit mode, ${executor.name}`;
}

function describeDifference(
  { test, ours, peers, parts }: Difference,
  index: number,
  executor: Executor,
): string {
  const lines = [describe(test, index, executor)];
  const hex = (value: bigint | number | undefined) => (value ?? 0).toString(16);
  for (const part of parts) {
    const number = Number(part.split(' ')[1]);
    const show = (value: (outcome: Outcome) => bigint | number | undefined, before?: bigint | number) =>
      lines.push(
        `  ${part}: ${before === undefined ? '' : `was ${hex(before)}, `}ours ${hex(value(ours))}, peer ${hex(value(peers))}`,
      );
    if (part === 'signal') show((o) => o.signal);
    else if (part === 'signal code') show((o) => o.signalCode);
    else if (part === 'signal address') show((o) => o.signalAddress);
    else if (part === 'PSW address') show((o) => o.pswAddress);
    else if (part === 'condition code') show(conditionCode, test.cc);
    else if (part === 'FPC') show((o) => o.fpc, test.fpc);
    else if (part.startsWith('GR')) show((o) => o.gr[number], test.gr[number] ?? 0n);
    else if (part.startsWith('FPR')) show((o) => o.fpr[number], test.fpr[number] ?? 0n);
    else if (part.startsWith('AR')) show((o) => o.ar[number], test.ar[number] ?? 0);
    else if (part.startsWith('storage')) {
      const offset = Number(part.split('+')[1]);
      const bytes = (source: Uint8Array) => Buffer.from(source.subarray(offset, offset + 16)).toString('hex');
      lines.push(
        `  ${part}: was ${bytes(test.windows)}, ours ${bytes(ours.windows)}, peer ${bytes(peers.windows)}`,
      );
    } else show((o) => o.pswMask);
  }
  const used = [...test.gr].map((value, i) => `${i}=${hex(value)}`).join(' ');
  lines.push(
    `  cc ${test.cc} mask ${test.programMask} fpc ${hex(test.fpc)} signals ${ours.signal}/${ours.signalCode} ${peers.signal}/${peers.signalCode} gr ${used}`,
  );
  return lines.join('\n');
}
