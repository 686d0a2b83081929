/** What `qemu-system-s390x` takes on its command line, as far as zarch has it (QEMU qemu-options.hx). */
import { maximumMemory } from '@zarch/kvm';
import { cpuModelNames } from '@zarch/machine';
import type { Tier } from '@zarch/session';
import type { SocketAddress } from '../chardev/chardev.ts';
import { usageError } from '../command-error.ts';
import { DEFAULT_GDB_ADDRESS, parseGdbAddress } from '../gdb/address.ts';
import { defaultTier, tierOf, translationDirectory } from '../run/tier.ts';
import type { VirtioDeviceConfig } from '../virtio/config.ts';
import { absentOptions } from './absent-options.ts';
import { parseChardev, parseSerial } from './chardev-options.ts';
import { type Console, chardevTaker, checkTerminal, consolesOf } from './consoles.ts';
import { parseDevice } from './device-options.ts';
import { type Actions, Draft, type Information, panicActions, watchdogActions } from './draft.ts';
import { LOG_ITEMS, type LogItem } from './log-items.ts';
import {
  checkKeys,
  parseKeyList,
  parseNumber,
  parseSize,
  parseSwitch,
  parseUuid,
  parseWord,
} from './parse.ts';

const MIB = 1 << 20;
const MAXIMUM_CPUS = 248;

export interface SystemOptions {
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly commandLine: string;
  /** Bytes. */
  readonly memorySize: number;
  readonly cpus: number;
  readonly maximumCpus: number;
  readonly model: string;
  readonly loadParameter: string | undefined;
  readonly name: string | undefined;
  readonly uuid: Uint8Array | undefined;
  readonly consoles: readonly Console[];
  readonly devices: readonly VirtioDeviceConfig[];
  readonly watchdog: boolean;
  readonly actions: Actions;
  readonly startStopped: boolean;
  readonly tier: Tier;
  /** The directory in which translations are kept from run to run. */
  readonly translations: string | undefined;
  /** Print counts of what happened, when it is over. */
  readonly counters: boolean;
  /** Where a debugger can connect. */
  readonly gdb: SocketAddress | undefined;
  /** The control character that begins an escape. */
  readonly escape: number;
  readonly log: { readonly items: ReadonlySet<LogItem>; readonly file: string | undefined };
}

export type ParsedSystemOptions =
  | { readonly kind: 'machine'; readonly options: SystemOptions }
  | { readonly kind: 'information'; readonly what: Information };

type Apply = (draft: Draft, argument: string, option: string) => void;

/** An option with an argument, or a switch. */
interface Option {
  readonly argument: boolean;
  readonly apply: Apply;
}

const takes = (apply: Apply): Option => ({ argument: true, apply });
const flag = (apply: (draft: Draft) => void): Option => ({ argument: false, apply });
const only =
  (...words: string[]): Apply =>
  (_, argument, option) => {
    if (!words.includes(argument)) {
      throw usageError(`${option} ${argument}: not supported yet: only ${words.join(', ')}`);
    }
  };
const asks = (information: Information): Option =>
  flag((draft) => {
    draft.information ??= information;
  });

const machine = takes((draft, argument, option) => {
  if (argument === 'help' || argument === '?') {
    draft.information ??= 'machine';
    return;
  }
  const list = parseKeyList(option, argument, 'type');
  checkKeys(option, list, ['type', 'accel', 'loadparm', 'aes-key-wrap', 'dea-key-wrap', 'usb', 'graphics']);
  const type = list.get('type') ?? 's390-ccw-virtio';
  if (!/^s390-ccw-virtio(-\d+\.\d+)?$/.test(type)) {
    throw usageError(
      `${option} ${argument}: unsupported machine type '${type}': s390-ccw-virtio is the only one`,
    );
  }
  for (const key of ['aes-key-wrap', 'dea-key-wrap', 'graphics']) {
    const value = list.get(key);
    if (value !== undefined) parseSwitch(`${option}: ${key}`, value);
  }
  if (list.get('usb') !== undefined && parseSwitch(`${option}: usb`, list.get('usb') ?? '')) {
    throw usageError(`${option}: usb=on: there is no USB`);
  }
  const loadParameter = list.get('loadparm');
  if (loadParameter === undefined) return;
  if (!/^[\w .]{0,8}$/.test(loadParameter)) {
    throw usageError(
      `${option}: loadparm '${loadParameter}' is not up to 8 letters, digits, dots and blanks`,
    );
  }
  draft.loadParameter = loadParameter.toUpperCase();
});

const cpu = takes((draft, argument, option) => {
  if (argument === 'help' || argument === '?') {
    draft.information ??= 'cpu';
    return;
  }
  const [model = '', ...features] = argument.split(',');
  if (!cpuModelNames().includes(model))
    throw usageError(`${option} ${argument}: unable to find CPU model '${model}'`);
  const [feature] = features;
  if (feature !== undefined)
    throw usageError(`${option} ${argument}: property '${feature}' is not supported yet`);
  draft.model = model;
});

const memory = takes((draft, argument, option) => {
  const list = parseKeyList(option, argument, 'size');
  checkKeys(option, list, ['size', 'slots', 'maxmem']);
  const size = list.get('size');
  if (size !== undefined) draft.memorySize = memorySizeOf(`${option} ${argument}`, size);
  const maximum = list.get('maxmem');
  if (maximum !== undefined && parseSize(`${option} ${argument}`, maximum, 1) > draft.memorySize) {
    throw usageError(`${option} ${argument}: 'maxmem' beyond 'size' is not supported yet`);
  }
});

/** Checks a size of the guest's storage; a plain number counts MiB. */
export function memorySizeOf(what: string, text: string): number {
  const size = parseSize(what, text, MIB);
  const most = maximumMemory(1);
  if (size === 0) throw usageError(`${what}: a machine needs some memory`);
  if (size % MIB !== 0) throw usageError(`${what}: the size of memory must be a multiple of 1 MiB`);
  if (size > most) throw usageError(`${what}: at most ${most / MIB}M of memory are supported`);
  return size;
}

const smp = takes((draft, argument, option) => {
  const list = parseKeyList(option, argument, 'cpus');
  const keys = ['cpus', 'maxcpus', 'drawers', 'books', 'sockets', 'cores', 'threads'];
  checkKeys(option, list, keys);
  const number = (key: string) => {
    const text = list.get(key);
    return text === undefined
      ? undefined
      : parseNumber(`${option} ${argument}: ${key}`, text, 1, MAXIMUM_CPUS);
  };
  for (const key of keys) number(key);
  draft.maximumCpus = number('maxcpus');
  draft.cpus = number('cpus') ?? draft.maximumCpus ?? 1;
  if ((draft.maximumCpus ?? draft.cpus) < draft.cpus) {
    throw usageError(`${option} ${argument}: maxcpus must be equal to or greater than cpus`);
  }
  if (draft.cpus > 1) throw usageError(`${option} ${argument}: more than one CPU is not supported yet`);
});

const action = takes((draft, argument, option) => {
  const list = parseKeyList(option, argument);
  checkKeys(option, list, ['panic', 'reboot', 'shutdown', 'watchdog']);
  const word = <T extends string>(key: string, words: readonly T[], otherwise: T): T => {
    const text = list.get(key);
    return text === undefined ? otherwise : parseWord(`${option} ${key}`, text, words);
  };
  draft.actions = {
    panic: word('panic', panicActions, draft.actions.panic),
    reboot: word('reboot', ['reset', 'shutdown'], draft.actions.reboot),
    shutdown: word('shutdown', ['poweroff', 'pause'], draft.actions.shutdown),
    watchdog: word('watchdog', watchdogActions, draft.actions.watchdog),
  };
});

const device = takes((draft, argument, option) => {
  if (argument === 'help' || argument === '?') {
    draft.information ??= 'device';
    return;
  }
  const id = parseKeyList(option, argument, 'driver').get('id');
  if (id !== undefined) {
    if (draft.identifiers.has(id)) throw usageError(`${option} ${argument}: duplicate ID '${id}'`);
    draft.identifiers.add(id);
  }
  if (draft.virtio.device(option, argument)) return;
  const parsed = parseDevice(option, argument);
  if (parsed.kind === 'console') draft.devices.push(parsed);
  else if (draft.watchdog) throw usageError(`${option} ${argument}: at most one diag288 device is supported`);
  else draft.watchdog = true;
});

const chardev = takes((draft, argument, option) => {
  if (argument === 'help' || argument === '?') {
    draft.information ??= 'chardev';
    return;
  }
  const { id, options } = parseChardev(argument);
  if (draft.chardevs.has(id)) throw usageError(`${option} ${argument}: duplicate ID '${id}'`);
  draft.chardevs.set(id, options);
});

const log = takes((draft, argument, option) => {
  if (argument === 'help' || argument === '?') {
    draft.information ??= 'log';
    return;
  }
  draft.logItems = argument.split(',').map((text) => {
    const item = LOG_ITEMS.find(({ name }) => name === text);
    if (!item) throw usageError(`${option} ${argument}: log item '${text}' is not supported: see -d help`);
    return item.name;
  });
});

const name = takes((draft, argument, option) => {
  const list = parseKeyList(option, argument, 'guest');
  checkKeys(option, list, ['guest', 'process', 'debug-threads']);
  draft.name = list.get('guest') ?? draft.name;
});

const options: Readonly<Record<string, Option>> = {
  h: asks('help'),
  help: asks('help'),
  version: asks('version'),
  M: machine,
  machine,
  cpu,
  m: memory,
  smp,
  accel: takes((draft, argument, option) => {
    if (argument === 'help' || argument === '?') {
      draft.information ??= 'accel';
      return;
    }
    const list = parseKeyList(option, argument, 'accel');
    const tier = list.get('tier');
    const counters = list.get('counters');
    if (tier !== undefined) draft.tier = tierOf(option, tier);
    const keep = list.get('keep');
    if (keep !== undefined) draft.keep = parseSwitch(`${option}: keep`, keep);
    if (counters !== undefined) draft.counters = parseSwitch(`${option}: counters`, counters);
  }),
  'enable-kvm': flag(() => {}),
  kernel: takes((draft, argument) => {
    draft.kernel = argument;
  }),
  initrd: takes((draft, argument) => {
    draft.initrd = argument;
  }),
  append: takes((draft, argument) => {
    draft.commandLine = argument;
  }),
  nographic: flag((draft) => {
    draft.nographic = true;
  }),
  display: takes((draft, argument, option) => {
    only('none')(draft, argument, option);
    draft.display = 'none';
  }),
  nodefaults: flag((draft) => {
    draft.defaults = false;
  }),
  'no-user-config': flag(() => {}),
  serial: takes((draft, argument) => {
    draft.serials.push(parseSerial(argument));
  }),
  chardev,
  device,
  drive: takes((draft, argument, option) => draft.virtio.drive(option, argument)),
  hda: takes((draft, argument) => draft.virtio.image(argument)),
  netdev: takes((draft, argument) => draft.virtio.netdev(argument)),
  fsdev: takes((draft, argument) => draft.virtio.fsdev(argument)),
  virtfs: takes((draft, argument) => draft.virtio.virtfs(argument)),
  blockdev: takes((draft, argument) => draft.virtio.blockdev(argument)),
  object: takes((draft, argument) => draft.virtio.object(argument)),
  snapshot: flag((draft) => {
    draft.virtio.snapshot = true;
  }),
  echr: takes((draft, argument, option) => {
    draft.escape = parseNumber(option, argument, 0, 255);
  }),
  action,
  'watchdog-action': takes((draft, argument, option) => {
    draft.actions = { ...draft.actions, watchdog: parseWord(option, argument, watchdogActions) };
  }),
  'no-reboot': flag((draft) => {
    draft.actions = { ...draft.actions, reboot: 'shutdown' };
  }),
  'no-shutdown': flag((draft) => {
    draft.actions = { ...draft.actions, shutdown: 'pause' };
  }),
  S: flag((draft) => {
    draft.startStopped = true;
  }),
  d: log,
  D: takes((draft, argument) => {
    draft.logFile = argument;
  }),
  name,
  uuid: takes((draft, argument, option) => {
    draft.uuid = parseUuid(option, argument);
  }),
  monitor: takes(only('none')),
  parallel: takes(only('none')),
  net: takes(only('none')),
  nic: takes((draft, argument) => draft.virtio.nic(argument)),
  vga: takes(only('none')),
  s: flag((draft) => {
    draft.gdb = DEFAULT_GDB_ADDRESS;
  }),
  gdb: takes((draft, argument) => {
    draft.gdb = parseGdbAddress(argument);
  }),
};

/**
 * Parses a command line.
 *
 * @param args - Without the program's name.
 * @throws {CommandError} For the first thing in it that is not understood or not supported.
 */
export function parseSystemOptions(args: readonly string[]): ParsedSystemOptions {
  const draft = new Draft();
  for (let at = 0; at < args.length; at++) {
    const text = args[at] ?? '';
    if (!text.startsWith('-') || text === '-') {
      draft.virtio.image(text);
      continue;
    }
    const key = text.replace(/^--?/, '');
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (!option) {
      throw usageError(`${text}: ${absentOptions.has(key) ? 'not supported yet' : 'invalid option'}`);
    }
    if (!option.argument) option.apply(draft, '', text);
    else {
      const argument = args[++at];
      if (argument === undefined) throw usageError(`${text}: requires an argument`);
      option.apply(draft, argument, text);
    }
    if (draft.information) return { kind: 'information', what: draft.information };
  }
  return { kind: 'machine', options: finish(draft) };
}

function finish(draft: Draft): SystemOptions {
  if (draft.kernel === undefined) {
    if (draft.initrd !== undefined) throw usageError('-initrd only allowed with -kernel option');
    if (draft.commandLine !== undefined) throw usageError('-append only allowed with -kernel option');
    throw usageError('no kernel: give one with -kernel FILE (other ways to boot are not supported yet)');
  }
  const {
    kernel,
    initrd,
    memorySize,
    cpus,
    model,
    loadParameter,
    name: guest,
    uuid,
    watchdog,
    actions,
  } = draft;
  const chardevOf = chardevTaker(draft.chardevs);
  const consoles = consolesOf(draft, chardevOf);
  const devices = draft.virtio.finish(chardevOf);
  const ports = devices.flatMap((config) => (config.kind === 'console' ? config.ports : []));
  checkTerminal([...consoles, ...ports].map((user) => user.chardev));
  return {
    ...{ kernel, initrd, memorySize, cpus, model, loadParameter, uuid, watchdog, actions },
    name: guest,
    commandLine: draft.commandLine ?? '',
    maximumCpus: draft.maximumCpus ?? cpus,
    consoles,
    devices,
    startStopped: draft.startStopped,
    tier: draft.tier ?? defaultTier(),
    translations: translationDirectory(draft.keep),
    counters: draft.counters,
    gdb: draft.gdb,
    escape: draft.escape,
    log: { items: new Set(draft.logItems), file: draft.logFile },
  };
}
