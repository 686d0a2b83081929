/** Regions of assembled code, for tests. */
import { assembleProgram } from '@zarch/isa';
import { type Discovered, Discovery } from './discover.ts';
import { regionBasics } from './region-imports.ts';

/**
 * The region that begins at a label, or at the program's beginning, and the labels' offsets.
 *
 * @param isVisited - Whether a place, by its offset, has been branched to.
 */
export function testRegion(
  source: string,
  label?: string,
  isVisited: (at: number) => boolean = () => true,
): Discovered & { readonly labels: ReadonlyMap<string, number> } {
  const program = assembleProgram(source, { origin: 0n });
  if (!program.ok)
    throw new Error(program.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const bytes = new Uint8Array(4096);
  bytes.set(program.bytes);
  const labels = new Map([...program.symbols].map(([name, at]) => [name, Number(at)]));
  const entry = label === undefined ? 0 : labels.get(label);
  if (entry === undefined) throw new Error(`no label ${label}`);
  const found = new Discovery(regionBasics().effects, {
    page: (number) => (number === 0 ? { bytes, pointer: 0x10_0000 } : undefined),
    offers: () => true,
    isVisited: (_, at) => isVisited(at),
  }).find(entry);
  if (!found) throw new Error('no region');
  return { ...found, labels };
}
