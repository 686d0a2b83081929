/** Differences from the peer that are not ours: what QEMU 7.2 does otherwise, and where the manual decides. */
import { type Case, INTERRUPTIBLE } from './case.ts';
import {
  bothNan,
  type Difference,
  distance,
  dxc,
  fpcBits,
  isData,
  isSpecification,
  isTestForm,
  only,
  onlyAdvanced,
  onlyHighAddressBits,
  peerUnchanged,
  SIGNAL_PARTS,
  translatedLength,
} from './difference.ts';
import { conditionCode, Signal } from './outcome.ts';

export interface Explanation {
  readonly reason: string;
  /** Where the Principles of Operation say what is right. */
  readonly section: string;
  readonly match: (difference: Difference) => boolean;
}

const RELATIVE_OPERANDS = /^(lrl|lgrl|lgfrl|llgfrl|strl|stgrl|crl|cgrl|cgfrl|clrl|clgrl|clgfrl)$/;
const TO_INTEGER = /^cl?[fg][edx]br$/;
const OVERFLOW_MASK = 8;

export const explanations: readonly Explanation[] = [
  {
    reason: 'fixed-point overflow does not interrupt in the peer',
    section: 'chapter 6, "Fixed-Point-Overflow Exception"',
    match: ({ test, ours, peers, parts }) =>
      (test.programMask & OVERFLOW_MASK) !== 0 &&
      ours.signal === Signal.arithmetic &&
      ours.signalCode === 2 &&
      peers.signal === Signal.illegal &&
      conditionCode(ours) === 3 &&
      only(parts, ...SIGNAL_PARTS),
  },
  {
    reason: 'a branch to an odd address is an operation exception in the peer',
    section: 'chapter 5, "Instruction Fetching"; chapter 6, "Specification Exception"',
    match: ({ ours, peers, parts }) =>
      isSpecification(ours) && peers.pswAddress % 2n === 1n && only(parts, ...SIGNAL_PARTS),
  },
  {
    reason: 'the peer does not check the alignment of relative operands',
    section: 'chapter 7, "LOAD RELATIVE LONG" and the like, special conditions',
    match: ({ test, ours, peers }) =>
      RELATIVE_OPERANDS.test(test.mnemonic) && isSpecification(ours) && !isSpecification(peers),
  },
  {
    reason: 'EXTRACT PSW gives only the bits in the program’s power in the peer',
    section: 'chapter 10, "EXTRACT PSW"',
    match: ({ test, parts }) => test.mnemonic === 'epsw' && only(parts, /^GR/),
  },
  {
    reason: 'bits of an updated address register beyond the address may stay or become zero',
    section: 'chapter 7, the instructions’ sections, "in the 24-bit (31-bit) addressing mode"',
    match: (difference) =>
      (INTERRUPTIBLE.has(difference.test.mnemonic) || difference.test.mnemonic === 'clcl') &&
      onlyHighAddressBits(difference),
  },
  {
    reason: 'which of several access exceptions is recognized, and the host’s address for it',
    section: 'chapter 6, "Priority of Access Exceptions"',
    match: ({ ours, peers, parts }) =>
      ours.signal === Signal.segmentation &&
      peers.signal === Signal.segmentation &&
      only(parts, 'signal address'),
  },
  {
    reason: 'how far an operation comes before an access exception, or in one execution, is up to the CPU',
    section: 'chapter 5, "Interruptible Instructions"; chapter 7, condition code 3 of the instructions',
    match: ({ test, ours, peers, parts }) =>
      (INTERRUPTIBLE.has(test.mnemonic) || /^(mv|cl)cl$/.test(test.mnemonic)) &&
      ours.signal === Signal.segmentation &&
      peers.signal === Signal.segmentation &&
      only(parts, /^GR/, 'condition code', 'signal address', /storage/),
  },
  {
    reason: 'the addresses of a search that ends are those of its last execution',
    section: 'chapter 7, "SEARCH STRING", "COMPARE LOGICAL STRING", condition code 3',
    match: (difference) => /^(srst|srstu|clst)$/.test(difference.test.mnemonic) && onlyAdvanced(difference),
  },
  {
    reason: 'LOAD ADDRESS makes bits 0-31 zero in the peer in the 24- and 31-bit modes',
    section: 'chapter 7, "LOAD ADDRESS", "LOAD ADDRESS RELATIVE LONG"; chapter 10, "LOAD ADDRESS EXTENDED"',
    match: ({ test, ours, peers, parts }) =>
      /^la(y|e|ey|rl)?$/.test(test.mnemonic) &&
      test.mode !== 64 &&
      only(parts, /^GR/) &&
      ours.gr.every((value, i) => BigInt.asUintN(32, value ^ (peers.gr[i] ?? 0n)) === 0n),
  },
  {
    reason: 'branches to an address in a register ignore the 24- and 31-bit modes in the peer',
    section: 'chapter 5, "Address Wraparound"',
    match: ({ test, ours, peers, parts }) =>
      /^(bcr|bctr|bctgr|balr|basr)$/.test(test.mnemonic) &&
      test.mode !== 64 &&
      peers.signal === Signal.segmentation &&
      BigInt.asUintN(test.mode, peers.pswAddress) ===
        ours.pswAddress - (ours.signal === Signal.illegal ? 2n : 0n) &&
      only(parts, ...SIGNAL_PARTS),
  },
  {
    reason: 'no storage changes when a store ends in an access exception; in the peer a part does',
    section: 'chapter 5, "Nullification"; chapter 6, "Access Exceptions"',
    match: ({ test, ours, peers, parts }) =>
      ours.signal === Signal.segmentation &&
      peers.signal === Signal.segmentation &&
      ours.windows.every((byte, i) => byte === test.windows[i]) &&
      ours.gr.every((value, i) => value === test.gr[i]) &&
      ours.ar.every((value, i) => value === test.ar[i]) &&
      only(parts, /^[GA]R/, /storage/, 'signal address'),
  },
  {
    reason: 'the left digit or character of an overlapping operand is fetched again in the peer',
    section: 'chapter 7, "UNPACK", "UNPACK ASCII", "UNPACK UNICODE"',
    match: ({ test, parts }) =>
      /^unpk[au]?$/.test(test.mnemonic) && only(parts, /storage/) && distance(test) < 64,
  },
  {
    reason: 'the leftmost byte of the second operand is lost in the peer',
    section: 'chapter 7, "UNPACK"',
    match: ({ test, parts }) =>
      test.mnemonic === 'unpk' && ((test.bytes[1] ?? 0) & 15) !== 0 && only(parts, /storage/),
  },
  {
    reason: 'the leftmost digit is not fetched in the peer',
    section: 'chapter 7, "PACK ASCII", "PACK UNICODE"',
    match: ({ test, ours, parts }) =>
      /^pk[au]$/.test(test.mnemonic) &&
      (ours.signal === Signal.segmentation
        ? only(parts, /storage/, ...SIGNAL_PARTS)
        : only(parts, /storage/)),
  },
  {
    reason: 'STORE MULTIPLE HIGH stores zeros in the peer',
    section: 'chapter 7, "STORE MULTIPLE HIGH"',
    match: ({ test, parts }) => test.mnemonic === 'stmh' && only(parts, /storage/),
  },
  {
    reason: 'the test forms compute with an undefined value in the peer',
    section: 'chapter 7, "ROTATE THEN EXCLUSIVE OR SELECTED BITS" and the like',
    match: ({ test, parts }) => isTestForm(test) && only(parts, 'condition code'),
  },
  {
    reason: 'the test character has 8 bits in the peer',
    section: 'chapter 7, "TRANSLATE ONE TO TWO"',
    match: ({ test, ours, peers }) =>
      test.mnemonic === 'trot' && (conditionCode(ours) === 1 || conditionCode(peers) === 1),
  },
  {
    reason: 'an odd R1 is not a specification exception in the peer',
    section: 'chapter 7, "TRANSLATE ONE TO ONE" and the like, special conditions',
    match: ({ test, ours, peers }) =>
      /^tr[ot][ot]$/.test(test.mnemonic) && isSpecification(ours) && !isSpecification(peers),
  },
  {
    reason: 'an odd length is not a specification exception in the peer',
    section: 'chapter 7, "MOVE LONG UNICODE", "COMPARE LOGICAL LONG UNICODE", special conditions',
    match: ({ test, ours, peers }) =>
      /^(mvclu|clclu)$/.test(test.mnemonic) && isSpecification(ours) && !isSpecification(peers),
  },
  {
    reason: 'the quadword alignment of CDSG is not checked in the peer',
    section: 'chapter 7, "COMPARE DOUBLE AND SWAP", special conditions',
    match: ({ test, ours, peers }) =>
      test.mnemonic === 'cdsg' && isSpecification(ours) && !isSpecification(peers),
  },
  {
    reason: 'the first operand is accessed before the alignment of the second is checked in the peer',
    section: 'chapter 6, "Multiple Program-Interruption Conditions"',
    match: ({ test, ours, peers }) =>
      /^lpdg?$/.test(test.mnemonic) && isSpecification(ours) && peers.signal === Signal.segmentation,
  },
  {
    reason: 'an odd target address of EXECUTE is not a specification exception in the peer',
    section: 'chapter 7, "EXECUTE", special conditions',
    match: ({ test, ours, peers, parts }) =>
      /^ex(rl)?$/.test(test.mnemonic) &&
      isSpecification(ours) &&
      !isSpecification(peers) &&
      only(parts, ...SIGNAL_PARTS),
  },
  {
    reason: 'whether an operand is accessed when the condition is not met is unpredictable',
    section: 'chapter 7, "LOAD ON CONDITION", "STORE ON CONDITION"',
    match: ({ test, ours, peers, parts }) =>
      /^(loc|locg|locfh|stoc|stocg|stocfh)$/.test(test.mnemonic) &&
      ours.signal === Signal.illegal &&
      peers.signal === Signal.segmentation &&
      only(parts, ...SIGNAL_PARTS),
  },
  {
    reason: 'a comparison that ends early need not find access exceptions beyond',
    section: 'chapter 7, "COMPARE LOGICAL"; chapter 6, "Access Exceptions"',
    match: ({ test, ours, peers, parts }) =>
      /^(clc|clm|clmy|clmh)$/.test(test.mnemonic) &&
      ours.signal === Signal.segmentation &&
      peers.signal === Signal.illegal &&
      only(parts, 'condition code', ...SIGNAL_PARTS),
  },
  {
    reason: 'BRCTH under EXECUTE is relative to the EXECUTE in the peer',
    section: 'chapter 7, "BRANCH RELATIVE ON COUNT HIGH"; chapter 5, "Branch-Address Generation"',
    match: ({ test, parts }) =>
      test.mnemonic === 'brcth' && test.executed && only(parts, 'PSW address', 'signal address'),
  },
  {
    reason: 'the table’s address ignores the 24- and 31-bit modes in the peer',
    section: 'chapter 5, "Address Wraparound"; chapter 7, "TRANSLATE EXTENDED"',
    match: ({ test, peers }) =>
      test.mnemonic === 'tre' && test.mode !== 64 && peers.signal === Signal.segmentation,
  },
  {
    reason: 'the length has 64 bits in every mode in the peer',
    section: 'chapter 7, "CHECKSUM"',
    match: ({ test, peers }) =>
      test.mnemonic === 'cksm' && test.mode !== 64 && peers.signal === Signal.segmentation,
  },
  {
    reason: 'the old value of a 32-bit comparison comes into bits 0-31 in the peer',
    section: 'chapter 7, "COMPARE AND SWAP AND STORE"',
    match: ({ test, parts }) =>
      test.mnemonic === 'csst' && ((test.gr[0] ?? 0n) & 0xffn) === 0n && only(parts, /^GR/),
  },
  {
    reason: 'the quadword alignment of the parameter list is not checked in the peer',
    section: 'chapter 7, "COMPARE AND SWAP AND STORE", special conditions',
    match: ({ test, ours, peers }) =>
      test.mnemonic === 'csst' &&
      ((test.gr[1] ?? 0n) & 15n) !== 0n &&
      isSpecification(ours) &&
      !isSpecification(peers),
  },
  {
    reason: 'well-formed characters of three bytes below U+1000 are refused in the peer',
    section: 'chapter 7, "CONVERT UTF-8 TO UTF-16", well-formedness checking',
    match: ({ test, ours, peers }) =>
      /^cu1[24]$/.test(test.mnemonic) &&
      ((test.bytes[2] ?? 0) & 0x10) !== 0 &&
      conditionCode(peers) === 2 &&
      conditionCode(ours) !== 2,
  },
  {
    reason: 'R1 of a LOAD ROUNDED from extended need not name a pair in the peer',
    section: 'chapter 19, "LOAD ROUNDED", special conditions',
    match: ({ test, ours, peers }) =>
      /^l[ed]xbr$/.test(test.mnemonic) && isSpecification(ours) && !isSpecification(peers),
  },
  {
    reason: 'translations of zero characters read and write storage in the peer',
    section: 'chapter 7, "TRANSLATE ONE TO ONE" and the like',
    match: ({ test }) => /^tr[ot][ot]$/.test(test.mnemonic) && translatedLength(test) === 0n,
  },
  {
    reason: 'general register 0 bits 32-55 are not checked by the peer',
    section: 'chapter 7, "COMPARE LOGICAL STRING" and the like, special conditions',
    match: ({ test, ours, peers }) =>
      /^(clst|mvst|srst)$/.test(test.mnemonic) &&
      ((test.gr[0] ?? 0n) & 0xffff_ff00n) !== 0n &&
      isSpecification(ours) &&
      !isSpecification(peers),
  },
  {
    reason: 'DXC of a trapped conversion to integer is 88 in the peer',
    section: 'chapter 6, "Data-Exception Code (DXC)"; chapter 19, "CONVERT TO FIXED"',
    match: (difference) =>
      TO_INTEGER.test(difference.test.mnemonic) &&
      dxc(difference.ours) === 0x80 &&
      dxc(difference.peers) === 0x88 &&
      fpcBits(difference) === 0x0800 &&
      only(difference.parts, 'FPC', 'signal code'),
  },
  {
    reason: 'a NaN converted to an integer is not inexact in the peer',
    section: 'chapter 19, "CONVERT TO FIXED", figure of results',
    match: (difference) =>
      TO_INTEGER.test(difference.test.mnemonic) &&
      (fpcBits(difference) & ~0xff00) === 0x8_0000 &&
      conditionCode(difference.ours) === 3 &&
      only(difference.parts, 'FPC'),
  },
  {
    reason: 'a NaN converted to an integer does not trap as inexact in the peer',
    section: 'chapter 19, "CONVERT TO FIXED", figure of results',
    match: ({ test, ours, peers, parts }) =>
      TO_INTEGER.test(test.mnemonic) &&
      isData(ours) &&
      dxc(ours) === 0x08 &&
      !isData(peers) &&
      conditionCode(peers) === 3 &&
      only(parts, 'FPC', ...SIGNAL_PARTS),
  },
  {
    reason: 'LOAD AND TEST of a signaling NaN is no invalid operation in the peer',
    section: 'chapter 19, "LOAD AND TEST"',
    match: (difference) => {
      const { test, ours, peers } = difference;
      const invalid = isData(ours)
        ? dxc(ours) === 0x80
        : (fpcBits(difference) & 0x80_0000) !== 0 || conditionCode(ours) === 3;
      return /^lt[edx]br$/.test(test.mnemonic) && invalid && !isData(peers);
    },
  },
  {
    reason:
      'an interruption for a delivered result leaves the target as it was in the peer, and the DXC is of truncation',
    section: 'chapter 9, "IEEE Exceptions", "completion"; chapter 6, "Data-Exception Code (DXC)"',
    match: (difference) => {
      const { ours, peers, parts } = difference;
      const inexact = dxc(ours) & 0x0c;
      return (
        isData(ours) &&
        isData(peers) &&
        (dxc(ours) & 0x3c) !== 0 &&
        (dxc(ours) & 0x30) === (dxc(peers) & 0x30) &&
        (fpcBits(difference) & ~0x0c00) === 0 &&
        (inexact !== 0 || (dxc(ours) & 0x30) !== 0) &&
        peerUnchanged(difference) &&
        only(parts, 'FPC', 'condition code', /^F?PR|^GR|^FPR/)
      );
    },
  },
  {
    reason: 'an exact tiny result with the underflow mask one does not trap in the peer',
    section: 'chapter 9, "IEEE Underflow"',
    match: ({ ours, peers, parts }) =>
      isData(ours) &&
      dxc(ours) === 0x10 &&
      !isData(peers) &&
      only(parts, 'FPC', 'condition code', /^FPR/, ...SIGNAL_PARTS),
  },
  {
    reason: 'the NaN that a fused operation gives, and whether it is invalid',
    section: 'chapter 19, "MULTIPLY AND ADD", figure of results',
    match: (difference) => /^m[as][ed]b/.test(difference.test.mnemonic) && bothNan(difference),
  },
  {
    reason: 'the first operand of a lengthening multiplication is in the longer format in the peer',
    section: 'chapter 19, "MULTIPLY (BFP)"',
    match: ({ test, parts }) =>
      /^(mde|mxd)br?$/.test(test.mnemonic) && only(parts, /^FPR/, 'FPC', ...SIGNAL_PARTS),
  },
];

/** Instructions that the peer does not implement. */
export const missingInPeer: ReadonlySet<string> = new Set(
  'bsm bassm cpya trte trtre cuse cvb cvby cvbg cvdg lmd plo diebr didbr'.split(' '),
);

/** A kind of case that ends the peer itself, by an assertion of its own. */
export interface Ending {
  readonly reason: string;
  readonly match: (test: Case) => boolean;
}

export const endings: readonly Ending[] = [
  { reason: 'the test forms translate with an undefined value', match: isTestForm },
  {
    reason: 'SET FPC AND SIGNAL and LOAD FPC AND SIGNAL make a DXC of more than 8 bits',
    match: (test) => /^(sfasr|lfas)$/.test(test.mnemonic) && (test.fpc & 0xf8f8_0000) !== 0,
  },
  {
    reason: 'COMPARE AND SWAP AND STORE checks the alignment of a single byte',
    match: (test) => test.mnemonic === 'csst' && (((test.gr[0] ?? 0n) >> 8n) & 0xffn) === 0n,
  },
];
