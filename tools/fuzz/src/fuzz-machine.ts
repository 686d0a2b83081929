/** A machine with two CPUs and both consoles in one thread, which runs the guests of one case after another. */
import { CpuState, Lowcore, PSW, StateDescription } from '@zarch/arch';
import { LocalTranslator, TOD_UNIX_EPOCH, Translator } from '@zarch/cpu';
import { Vcpu, Vm } from '@zarch/kvm';
import { cpuModel, Machine, type Outcome, Watchdog } from '@zarch/machine';
import { elfFile } from '@zarch/machine/testing';
import { LineModeConsole, Vt220Console } from '@zarch/sclp';
import { CODE, MEMORY, STOP } from './layout.ts';
import { translationTables } from './translation-tables.ts';
import { RunWatchdog } from './watchdog.ts';

/** How often a guest may come back to the host in one run. */
const EXITS = 300;
const CPUS = 2;
/** The clock's unit is a quarter of a nanosecond; this is a microsecond. */
const TICK = 4096n;

export class FuzzMachine {
  readonly vm: Vm;
  readonly machine: Machine;
  readonly vcpus: readonly Vcpu[];
  readonly terminal = new Vt220Console({ onOutput: () => {} });
  readonly lines = new LineModeConsole({ onOutput: () => {} });
  /** What is being run, for reports. */
  what = '';
  /** The longest time that the guest took between two returns to the host, in milliseconds, and what it ran. */
  longest = { milliseconds: 0, what: '' };
  runs = 0;
  exits = new Map<string, number>();
  readonly #watchdog: RunWatchdog;
  readonly #tables = translationTables();
  /** Of the case. */
  number = 0;
  #now = TOD_UNIX_EPOCH;

  /** @param translate - Make code of everything at first sight. */
  constructor(seed: string, translate = false) {
    const model = cpuModel('max');
    if (!model) throw new Error('no such model');
    const options = { memorySize: MEMORY, cpus: CPUS, maximumCpus: CPUS, model, name: 'fuzz' };
    this.vm = new Vm(options);
    this.machine = new Machine(options, this.vm, [this.terminal, this.lines]);
    this.machine.watchdog = new Watchdog({ schedule: () => () => {}, onExpired: () => {} });
    this.vcpus = Array.from(
      { length: CPUS },
      (_, cpu) =>
        new Vcpu(this.vm, cpu, {
          clock: () => this.#clock(),
          translation: translate ? { translator: this.#translator(cpu), threshold: 1 } : undefined,
        }),
    );
    for (const { state } of this.vcpus) this.machine.addCpu(state);
    const [{ state }] = this.vcpus as [Vcpu];
    const loaded = this.machine.ipl(state, { kernel: elfFile(new Uint8Array(8), BigInt(CODE)) });
    if (!loaded.ok) throw new Error(loaded.message);
    this.#watchdog = new RunWatchdog(seed, this.vm.handle);
  }

  #translator(cpu: number): LocalTranslator {
    const place = this.vm.places[cpu];
    if (!place) throw new RangeError(`no CPU ${cpu}`);
    return new LocalTranslator(new Translator(this.vm.host, MEMORY), place.block);
  }

  /** The CPU on which cases begin. */
  get cpu(): Vcpu {
    return this.vcpus[0] as Vcpu;
  }

  /** A machine after a clear reset, with stopping new PSWs and translation tables of storage to itself. */
  reset(number: number): void {
    this.number = number;
    this.#now = TOD_UNIX_EPOCH;
    this.vm.storage.clear();
    this.vm.floating.clear();
    this.machine.sclp.reset();
    this.machine.css.reset();
    this.machine.watchdog?.reset();
    for (const { state } of this.vcpus) {
      this.machine.addCpu(state);
      state.sd.setU8(StateDescription.perCode, 0);
      state.exports.purge(state.block.address);
      state.place.local.takeExitRequest();
    }
    this.vm.states.setState(0, CpuState.operating);
    this.stopInterruptions();
    for (const [address, table] of this.#tables) this.vm.load(address, table);
  }

  /** Makes every interruption a disabled wait. */
  stopInterruptions(): void {
    const area = this.cpu.state.lowcore();
    for (const [location, address] of [
      [Lowcore.restartNewPsw, STOP.restart],
      [Lowcore.externalNewPsw, STOP.external],
      [Lowcore.svcNewPsw, STOP.svc],
      [Lowcore.programNewPsw, STOP.program],
      [Lowcore.ioNewPsw, STOP.io],
    ] as const) {
      area.setU64(location, PSW.wait | PSW.extendedAddressing | PSW.basicAddressing);
      area.setU64(location + 8, address);
    }
  }

  /** Runs the first CPU until it has nothing more to do, and then what it left to the other one. */
  run(what: string): Outcome {
    this.what = `case ${this.number}, ${what}`;
    this.runs++;
    this.vm.states.setState(0, CpuState.operating);
    const outcome = this.#run(this.cpu);
    for (const vcpu of this.vcpus.slice(1)) this.#run(vcpu);
    return outcome;
  }

  async stop(): Promise<void> {
    await this.#watchdog.stop();
  }

  #run(vcpu: Vcpu): Outcome {
    this.#watchdog.begin(this.number);
    let outcome: Outcome = { kind: 'resume' };
    try {
      for (let i = 0; i < EXITS; i++) {
        const started = performance.now();
        const exit = vcpu.run();
        this.#watchdog.progress();
        const key = exit.reason === 'io' ? `io ${exit.mnemonic}` : exit.reason;
        this.exits.set(key, (this.exits.get(key) ?? 0) + 1);
        outcome = this.machine.handle(vcpu.state, exit);
        const milliseconds = performance.now() - started;
        if (milliseconds > this.longest.milliseconds) this.longest = { milliseconds, what: this.what };
        if (outcome.kind === 'reboot') this.machine.reboot(vcpu.state, outcome.request);
        else if (outcome.kind === 'idle' && outcome.milliseconds !== undefined) {
          this.#now += BigInt(Math.ceil(outcome.milliseconds)) * 1000n * TICK;
        } else if (outcome.kind !== 'resume') break;
      }
    } finally {
      this.#watchdog.end();
    }
    return outcome;
  }

  #clock(): bigint {
    this.#now += TICK;
    return this.#now;
  }
}
