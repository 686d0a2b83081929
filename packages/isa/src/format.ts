/**
 * Instruction formats: where each field of an instruction is.
 * Principles of Operation, "Program Execution", section "Instruction Formats".
 */

/**
 * A field's name in the format diagrams: registers (R, V), base, index and displacement of a storage operand
 * (B, X, D), masks (M), immediates (I), relative immediates (RI), length codes (L). DL and DH are the low and
 * high part of a 20-bit displacement; RXB holds the leftmost bit of each vector-register number.
 */
export type FieldName =
  | `R${1 | 2 | 3}`
  | `V${1 | 2 | 3 | 4}`
  | `B${1 | 2 | 3 | 4}`
  | `D${1 | 2 | 3 | 4}`
  | `DL${1 | 2}`
  | `DH${1 | 2}`
  | 'X2'
  | `L${1 | 2}`
  | `M${1 | 3 | 4 | 5 | 6}`
  | `I${1 | 2 | 3 | 4 | 5}`
  | `RI${2 | 3 | 4}`
  | 'RXB';

/** A field of an instruction: `length` bits from bit `start`, where bit 0 is the leftmost of the instruction. */
export interface Field {
  readonly name: FieldName;
  readonly start: number;
  readonly length: number;
}

/** An instruction format. `length` is in bytes; `fields` leaves out the operation code. */
export interface Format {
  readonly name: FormatName;
  readonly length: 2 | 4 | 6;
  readonly fields: readonly Field[];
}

/** Length in bytes, then each field as name@start+length. */
const layouts = {
  E: [2, ''],
  I: [2, 'I1@8+8'],
  IE: [4, 'I1@24+4 I2@28+4'],
  MII: [6, 'M1@8+4 RI2@12+12 RI3@24+24'],
  'RI-a': [4, 'R1@8+4 I2@16+16'],
  'RI-b': [4, 'R1@8+4 RI2@16+16'],
  'RI-c': [4, 'M1@8+4 RI2@16+16'],
  'RIE-a': [6, 'R1@8+4 I2@16+16 M3@32+4'],
  'RIE-b': [6, 'R1@8+4 R2@12+4 RI4@16+16 M3@32+4'],
  'RIE-c': [6, 'R1@8+4 M3@12+4 RI4@16+16 I2@32+8'],
  'RIE-d': [6, 'R1@8+4 R3@12+4 I2@16+16'],
  'RIE-e': [6, 'R1@8+4 R3@12+4 RI2@16+16'],
  'RIE-f': [6, 'R1@8+4 R2@12+4 I3@16+8 I4@24+8 I5@32+8'],
  'RIE-g': [6, 'R1@8+4 M3@12+4 I2@16+16'],
  'RIL-a': [6, 'R1@8+4 I2@16+32'],
  'RIL-b': [6, 'R1@8+4 RI2@16+32'],
  'RIL-c': [6, 'M1@8+4 RI2@16+32'],
  RIS: [6, 'R1@8+4 M3@12+4 B4@16+4 D4@20+12 I2@32+8'],
  RR: [2, 'R1@8+4 R2@12+4'],
  RRD: [4, 'R1@16+4 R3@24+4 R2@28+4'],
  RRE: [4, 'R1@24+4 R2@28+4'],
  'RRF-a': [4, 'R3@16+4 M4@20+4 R1@24+4 R2@28+4'],
  'RRF-b': [4, 'R3@16+4 M4@20+4 R1@24+4 R2@28+4'],
  'RRF-c': [4, 'M3@16+4 M4@20+4 R1@24+4 R2@28+4'],
  'RRF-d': [4, 'M3@16+4 M4@20+4 R1@24+4 R2@28+4'],
  'RRF-e': [4, 'M3@16+4 M4@20+4 R1@24+4 R2@28+4'],
  RRS: [6, 'R1@8+4 R2@12+4 B4@16+4 D4@20+12 M3@32+4'],
  'RS-a': [4, 'R1@8+4 R3@12+4 B2@16+4 D2@20+12'],
  'RS-b': [4, 'R1@8+4 M3@12+4 B2@16+4 D2@20+12'],
  RSI: [4, 'R1@8+4 R3@12+4 RI2@16+16'],
  'RSL-a': [6, 'L1@8+4 B1@16+4 D1@20+12'],
  'RSL-b': [6, 'L2@8+8 B2@16+4 D2@20+12 R1@32+4 M3@36+4'],
  'RSY-a': [6, 'R1@8+4 R3@12+4 B2@16+4 DL2@20+12 DH2@32+8'],
  'RSY-b': [6, 'R1@8+4 M3@12+4 B2@16+4 DL2@20+12 DH2@32+8'],
  'RX-a': [4, 'R1@8+4 X2@12+4 B2@16+4 D2@20+12'],
  'RX-b': [4, 'M1@8+4 X2@12+4 B2@16+4 D2@20+12'],
  RXE: [6, 'R1@8+4 X2@12+4 B2@16+4 D2@20+12 M3@32+4'],
  RXF: [6, 'R3@8+4 X2@12+4 B2@16+4 D2@20+12 R1@32+4'],
  'RXY-a': [6, 'R1@8+4 X2@12+4 B2@16+4 DL2@20+12 DH2@32+8'],
  'RXY-b': [6, 'M1@8+4 X2@12+4 B2@16+4 DL2@20+12 DH2@32+8'],
  S: [4, 'B2@16+4 D2@20+12'],
  SI: [4, 'I2@8+8 B1@16+4 D1@20+12'],
  SIL: [6, 'B1@16+4 D1@20+12 I2@32+16'],
  SIY: [6, 'I2@8+8 B1@16+4 DL1@20+12 DH1@32+8'],
  SMI: [6, 'M1@8+4 B3@16+4 D3@20+12 RI2@32+16'],
  'SS-a': [6, 'L1@8+8 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  'SS-b': [6, 'L1@8+4 L2@12+4 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  'SS-c': [6, 'L1@8+4 I3@12+4 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  'SS-d': [6, 'R1@8+4 R3@12+4 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  'SS-e': [6, 'R1@8+4 R3@12+4 B2@16+4 D2@20+12 B4@32+4 D4@36+12'],
  'SS-f': [6, 'L2@8+8 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  SSE: [6, 'B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  SSF: [6, 'R3@8+4 B1@16+4 D1@20+12 B2@32+4 D2@36+12'],
  'VRI-a': [6, 'V1@8+4 I2@16+16 M3@32+4 RXB@36+4'],
  'VRI-b': [6, 'V1@8+4 I2@16+8 I3@24+8 M4@32+4 RXB@36+4'],
  'VRI-c': [6, 'V1@8+4 V3@12+4 I2@16+16 M4@32+4 RXB@36+4'],
  'VRI-d': [6, 'V1@8+4 V2@12+4 V3@16+4 I4@24+8 M5@32+4 RXB@36+4'],
  'VRI-e': [6, 'V1@8+4 V2@12+4 I3@16+12 M5@28+4 M4@32+4 RXB@36+4'],
  'VRI-f': [6, 'V1@8+4 V2@12+4 V3@16+4 M5@24+4 I4@28+8 RXB@36+4'],
  'VRI-g': [6, 'V1@8+4 V2@12+4 I4@16+8 M5@24+4 I3@28+8 RXB@36+4'],
  'VRI-h': [6, 'V1@8+4 I2@16+16 I3@32+4 RXB@36+4'],
  'VRI-i': [6, 'V1@8+4 R2@12+4 M4@24+4 I3@28+8 RXB@36+4'],
  'VRI-j': [6, 'V1@8+4 V2@12+4 M4@24+4 I3@28+8 RXB@36+4'],
  'VRI-k': [6, 'V1@8+4 V2@12+4 V3@16+4 I5@24+8 V4@32+4 RXB@36+4'],
  'VRI-l': [6, 'V1@12+4 V2@16+4 I3@20+16 RXB@36+4'],
  'VRR-a': [6, 'V1@8+4 V2@12+4 M5@24+4 M4@28+4 M3@32+4 RXB@36+4'],
  'VRR-b': [6, 'V1@8+4 V2@12+4 V3@16+4 M5@24+4 M4@32+4 RXB@36+4'],
  'VRR-c': [6, 'V1@8+4 V2@12+4 V3@16+4 M6@24+4 M5@28+4 M4@32+4 RXB@36+4'],
  'VRR-d': [6, 'V1@8+4 V2@12+4 V3@16+4 M5@20+4 M6@24+4 V4@32+4 RXB@36+4'],
  'VRR-e': [6, 'V1@8+4 V2@12+4 V3@16+4 M6@20+4 M5@28+4 V4@32+4 RXB@36+4'],
  'VRR-f': [6, 'V1@8+4 R2@12+4 R3@16+4 RXB@36+4'],
  'VRR-g': [6, 'V1@12+4 I2@20+16 RXB@36+4'],
  'VRR-h': [6, 'V1@12+4 V2@16+4 M3@24+4 RXB@36+4'],
  'VRR-i': [6, 'R1@8+4 V2@12+4 M3@24+4 M4@28+4 RXB@36+4'],
  'VRR-j': [6, 'V1@8+4 V2@12+4 V3@16+4 M4@24+4 RXB@36+4'],
  'VRR-k': [6, 'V1@8+4 V2@12+4 M3@24+4 RXB@36+4'],
  'VRS-a': [6, 'V1@8+4 V3@12+4 B2@16+4 D2@20+12 M4@32+4 RXB@36+4'],
  'VRS-b': [6, 'V1@8+4 R3@12+4 B2@16+4 D2@20+12 M4@32+4 RXB@36+4'],
  'VRS-c': [6, 'R1@8+4 V3@12+4 B2@16+4 D2@20+12 M4@32+4 RXB@36+4'],
  'VRS-d': [6, 'R3@12+4 B2@16+4 D2@20+12 V1@32+4 RXB@36+4'],
  VRV: [6, 'V1@8+4 V2@12+4 B2@16+4 D2@20+12 M3@32+4 RXB@36+4'],
  VRX: [6, 'V1@8+4 X2@12+4 B2@16+4 D2@20+12 M3@32+4 RXB@36+4'],
  VSI: [6, 'I3@8+8 B2@16+4 D2@20+12 V1@32+4 RXB@36+4'],
} as const satisfies Readonly<Record<string, readonly [2 | 4 | 6, string]>>;

/** The name of an instruction format, for example `RXY-a`. */
export type FormatName = keyof typeof layouts;

function parseField(text: string): Field {
  const match = /^([A-Z]+\d?)@(\d+)\+(\d+)$/.exec(text);
  if (match === null) throw new Error(`not a field: ${text}`);
  return { name: match[1] as FieldName, start: Number(match[2]), length: Number(match[3]) };
}

/** Every instruction format. */
export const formats: readonly Format[] = (Object.keys(layouts) as FormatName[]).map((name) => {
  const [length, fields] = layouts[name];
  return { name, length, fields: fields === '' ? [] : fields.split(' ').map(parseField) };
});

const byName: ReadonlyMap<string, Format> = new Map(formats.map((format) => [format.name, format]));

/** The format of that name. Throws on an unknown name. */
export function format(name: string): Format {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no instruction format ${name}`);
  return found;
}

/** The field of that name in a format, if it has one. */
export function findField(of: Format, name: string): Field | undefined {
  return of.fields.find((field) => field.name === name);
}
