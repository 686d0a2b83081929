/** zarch in a page of Chromium against zarch in Node: the same images in turn, times until the guest's lines. */
import { launchChromium, PageMachine } from '@zarch/page/chromium';
import { type Boot, boot } from './boot.ts';
import { type Images, MEMORY, zarchCommand } from './emulator.ts';
import { MarkerReader } from './markers.ts';
import { makeReport, type Report } from './report.ts';
import { EmulatorSamples } from './samples.ts';

/** The figures, each from the start of the process, or of loading the page, in a browser that runs already. */
const figures = ['kernel', 'user-space', 'power-off'] as const;

const [NODE, CHROMIUM] = ['Node', 'Chromium'] as const;

/** The names under which reports have zarch. */
export const ours: readonly string[] = ['zarch', NODE, CHROMIUM];

export interface BrowserOptions {
  readonly images: Images;
  readonly runs: number;
  /** Seconds that a boot may take. */
  readonly limit: number;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** @returns Undefined where there is no Chromium. */
export async function measureBrowser(options: BrowserOptions): Promise<Report | undefined> {
  const { images, runs, limit, progress } = options;
  const samples = new Map([NODE, CHROMIUM].map((name) => [name, new EmulatorSamples()]));
  const boots = {
    [NODE]: () => boot(zarchCommand({ images, kernelOptions: [], devices: [] }), limit),
    [CHROMIUM]: () => bootInPage(images, limit),
  };
  for (let run = 0; run < runs; run++) {
    for (const name of run % 2 === 0 ? [NODE, CHROMIUM] : [CHROMIUM, NODE]) {
      progress(`run ${run + 1} of ${runs}: zarch in ${name}: boot`);
      const result = await boots[name]();
      if (result === undefined) return undefined;
      addBoot(samples.get(name) ?? new EmulatorSamples(), result);
    }
  }
  const cases = figures.map((name) => ({ group: 'browser' as const, name, description: '' }));
  return makeReport({ boot: false, debian: false, cases }, samples, NODE);
}

type Times = Pick<Boot, 'kernel' | 'ready' | 'end' | 'broken'>;

function addBoot(samples: EmulatorSamples, { kernel, ready, end, broken }: Times): void {
  const times = { kernel, 'user-space': ready, 'power-off': broken === undefined ? end : undefined };
  for (const name of figures) {
    const time = times[name];
    if (time !== undefined) samples.of(name).values.push(time);
    else samples.of(name).failure = broken?.reason ?? 'not seen';
  }
}

/** One boot in a browser of its own, so that it keeps nothing from the one before. */
async function bootInPage(images: Images, limit: number): Promise<Times | undefined> {
  const browser = await launchChromium();
  if (browser === undefined) return undefined;
  const reader = new MarkerReader();
  let started = 0;
  const now = (): number => (performance.now() - started) / 1000;
  let overdue: NodeJS.Timeout | undefined;
  try {
    const machine = await PageMachine.open(browser, {
      files: images,
      onOutput: (text) => reader.push(text, now()),
    });
    started = performance.now();
    await machine.start({ memory: MEMORY });
    const late = new Promise<undefined>((resolve) => {
      overdue = setTimeout(() => resolve(undefined), limit * 1000);
    });
    const ended = await Promise.race([machine.ended(), late]);
    const end = now();
    await machine.close();
    const { kernel, ready, done, tail } = reader;
    const status = ended?.status ?? `over the limit of ${limit} s`;
    const isWhole = done && status === 'powered off';
    const broken = isWhole ? undefined : { reason: `${status}: ${tail.slice(-300)}`, name: undefined };
    return { kernel, ready, end, broken };
  } finally {
    clearTimeout(overdue);
    await browser.close();
  }
}
