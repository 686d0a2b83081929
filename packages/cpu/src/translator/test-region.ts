/** Regions of assembled code, for tests. */
import { assembleProgram } from '@zarch/isa';
import { Discovery } from './discover.ts';
import type { Region } from './region.ts';
import { regionBasics } from './region-imports.ts';

/** The region that begins at a label, or at the program's beginning, and the labels' offsets. */
export function testRegion(
  source: string,
  label?: string,
): { readonly region: Region; readonly labels: ReadonlyMap<string, number> } {
  const program = assembleProgram(source, { origin: 0n });
  if (!program.ok)
    throw new Error(program.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const bytes = new Uint8Array(4096);
  bytes.set(program.bytes);
  const labels = new Map([...program.symbols].map(([name, at]) => [name, Number(at)]));
  const entry = label === undefined ? 0 : labels.get(label);
  if (entry === undefined) throw new Error(`no label ${label}`);
  const region = new Discovery(regionBasics().effects, {
    page: (number) => (number === 0 ? { bytes, pointer: 0x10_0000 } : undefined),
    offers: () => true,
    isVisited: () => true,
  }).find(entry);
  if (!region) throw new Error('no region');
  return { region, labels };
}
