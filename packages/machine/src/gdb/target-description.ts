/**
 * The registers of an s390x CPU in the features that GDB knows (GDB manual, "S/390 and System z Features"), and
 * the control registers in the feature that QEMU gives them.
 */
import type { GdbFeature, GdbRegister } from './target.ts';

const sixteen = (make: (number: number) => GdbRegister) =>
  Array.from({ length: 16 }, (_, number) => make(number));

const core: GdbFeature = {
  name: 'org.gnu.gdb.s390.core',
  registers: [
    { name: 'pswm', bits: 64, type: 'uint64', group: 'psw' },
    { name: 'pswa', bits: 64, type: 'uint64', group: 'psw' },
    ...sixteen((n) => ({ name: `r${n}`, bits: 64, type: 'uint64', group: 'general' })),
  ],
};
const access: GdbFeature = {
  name: 'org.gnu.gdb.s390.acr',
  registers: sixteen((n) => ({ name: `acr${n}`, bits: 32, type: 'uint32', group: 'access' })),
};
const floatingPoint: GdbFeature = {
  name: 'org.gnu.gdb.s390.fpr',
  registers: [
    { name: 'fpc', bits: 32, type: 'uint32', group: 'float' },
    ...sixteen((n) => ({ name: `f${n}`, bits: 64, type: 'ieee_double', group: 'float' })),
  ],
};
const vector: GdbFeature = {
  name: 'org.gnu.gdb.s390.vx',
  types: `<vector id="v2d" type="ieee_double" count="2"/><vector id="v16i8" type="int8" count="16"/>
<vector id="v8i16" type="int16" count="8"/><vector id="v4i32" type="int32" count="4"/>
<vector id="v2i64" type="int64" count="2"/><union id="vec128"><field name="v2_double" type="v2d"/>
<field name="v16_int8" type="v16i8"/><field name="v8_int16" type="v8i16"/><field name="v4_int32" type="v4i32"/>
<field name="v2_int64" type="v2i64"/><field name="uint128" type="uint128"/></union>`,
  registers: [
    ...sixteen((n) => ({ name: `v${n}l`, bits: 64, type: 'uint64', group: 'float' })),
    ...sixteen((n) => ({ name: `v${16 + n}`, bits: 128, type: 'vec128', group: 'vector' })),
  ],
};
const control: GdbFeature = {
  name: 'org.gnu.gdb.s390.cr',
  registers: sixteen((n) => ({ name: `cr${n}`, bits: 64, type: 'uint64', group: 'control' })),
};

/** The features of a CPU with or without vector registers. */
export function s390Features(hasVectors: boolean): readonly GdbFeature[] {
  return hasVectors ? [core, access, floatingPoint, vector, control] : [core, access, floatingPoint, control];
}

/** The document `target.xml`. */
export function targetXml(features: readonly GdbFeature[]): string {
  return `<?xml version="1.0"?>
<!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0">
<architecture>s390:64-bit</architecture>
${features.map(featureXml).join('\n')}
</target>
`;
}

function featureXml({ name, types, registers }: GdbFeature): string {
  const lines = registers.map(
    (each) => `<reg name="${each.name}" bitsize="${each.bits}" type="${each.type}" group="${each.group}"/>`,
  );
  return [`<feature name="${name}">`, ...(types ? [types] : []), ...lines, '</feature>'].join('\n');
}
