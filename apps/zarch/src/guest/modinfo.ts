// What a kernel module says about itself: the `.modinfo` section of its ELF file, strings of the form key=value.
// ELF: System V ABI, "Sections"; modinfo: Linux, include/linux/module.h (MODULE_INFO).

const ELF64_HEADER = 64;
const SECTION_HEADER = 64;

/**
 * The values of each key, in order. Handles 64-bit ELF of either byte order.
 * @returns `undefined` if the bytes are not such a file or have no `.modinfo` section
 */
export function readModinfo(elf: Uint8Array): ReadonlyMap<string, readonly string[]> | undefined {
  const section = findSection(elf, '.modinfo');
  if (section === undefined) return undefined;
  const info = new Map<string, string[]>();
  for (const text of Buffer.from(section).toString('latin1').split('\0')) {
    const equals = text.indexOf('=');
    if (equals <= 0) continue;
    const values = info.get(text.slice(0, equals));
    if (values === undefined) info.set(text.slice(0, equals), [text.slice(equals + 1)]);
    else values.push(text.slice(equals + 1));
  }
  return info;
}

function findSection(elf: Uint8Array, wanted: string): Uint8Array | undefined {
  if (elf.length < ELF64_HEADER || Buffer.from(elf.subarray(0, 5)).toString('latin1') !== '\x7fELF\x02')
    return undefined;
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const little = elf[5] === 1;
  const table = Number(view.getBigUint64(40, little));
  const count = view.getUint16(60, little);
  const names = view.getUint16(62, little);
  if (table + count * SECTION_HEADER > elf.length || names >= count) return undefined;
  const contents = (index: number): Uint8Array => {
    const header = table + index * SECTION_HEADER;
    const offset = Number(view.getBigUint64(header + 24, little));
    return elf.subarray(offset, offset + Number(view.getBigUint64(header + 32, little)));
  };
  const strings = Buffer.from(contents(names));
  for (let index = 0; index < count; index++) {
    const name = view.getUint32(table + index * SECTION_HEADER, little);
    if (strings.toString('latin1', name, strings.indexOf(0, name)) === wanted) return contents(index);
  }
  return undefined;
}
