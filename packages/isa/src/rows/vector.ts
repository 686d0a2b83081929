/**
 * Vector instructions: support, integer, string and floating point.
 * Principles of Operation, "Vector Overview and Support Instructions" and the three chapters after it.
 */
import { declare } from '../declare.ts';

export const vector = declare(
  'vector',
  `
vlebrh   e6..01 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed element (16-bit)
vlebrg   e6..02 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed element (64-bit)
vlebrf   e6..03 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed element (32-bit)
vllebrz  e6..04 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed element and zero
vlbrrep  e6..05 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed element and replicate
vlbr     e6..06 VRX   z15    148 -    V1 S2(X2) M3       | vector load byte-reversed elements
vler     e6..07 VRX   z15    148 -    V1 S2(X2) M3       | vector load elements in reverse order
vstebrh  e6..09 VRX   z15    148 -    V1 S2(X2) M3       | vector store byte-reversed element (16-bit)
vstebrg  e6..0a VRX   z15    148 -    V1 S2(X2) M3       | vector store byte-reversed element (64-bit)
vstebrf  e6..0b VRX   z15    148 -    V1 S2(X2) M3       | vector store byte-reversed element (32-bit)
vstbr    e6..0e VRX   z15    148 -    V1 S2(X2) M3       | vector store byte-reversed elements
vster    e6..0f VRX   z15    148 -    V1 S2(X2) M3       | vector store elements in reverse order
vleb     e7..00 VRX   z13    129 -    V1 S2(X2) M3       | vector load element from storage (8-bit)
vleh     e7..01 VRX   z13    129 -    V1 S2(X2) M3       | vector load element from storage (16-bit)
vleg     e7..02 VRX   z13    129 -    V1 S2(X2) M3       | vector load element from storage (64-bit)
vlef     e7..03 VRX   z13    129 -    V1 S2(X2) M3       | vector load element from storage (32-bit)
vllez    e7..04 VRX   z13    129 -    V1 S2(X2) M3       | vector load logical element and zero
vlrep    e7..05 VRX   z13    129 -    V1 S2(X2) M3       | vector load element and replicate
vl       e7..06 VRX   z13    129 -    V1 S2(X2) M3?      | vector load (16-byte)
vlbb     e7..07 VRX   z13    129 -    V1 S2(X2) M3       | vector load to block boundary
vsteb    e7..08 VRX   z13    129 -    V1 S2(X2) M3       | vector store element (8-bit)
vsteh    e7..09 VRX   z13    129 -    V1 S2(X2) M3       | vector store element (16-bit)
vsteg    e7..0a VRX   z13    129 -    V1 S2(X2) M3       | vector store element (64-bit)
vstef    e7..0b VRX   z13    129 -    V1 S2(X2) M3       | vector store element (32-bit)
vst      e7..0e VRX   z13    129 -    V1 S2(X2) M3?      | vector store (16-byte)
vgeg     e7..12 VRV   z13    129 -    V1 S2(V2) M3       | vector gather element (64-bit)
vgef     e7..13 VRV   z13    129 -    V1 S2(V2) M3       | vector gather element (32-bit)
vsceg    e7..1a VRV   z13    129 -    V1 S2(V2) M3       | vector scatter element (64-bit)
vscef    e7..1b VRV   z13    129 -    V1 S2(V2) M3       | vector scatter element (32-bit)
vlgv     e7..21 VRS-c z13    129 -    R1:gr64 V3 S2 M4   | vector load GR from element
vlvg     e7..22 VRS-b z13    129 -    V1 R3:gr64 S2 M4   | vector load element from GR
vesl     e7..30 VRS-a z13    129 -    V1 V3 S2 M4        | vector element shift left
verll    e7..33 VRS-a z13    129 -    V1 V3 S2 M4        | vector element rotate left
vlm      e7..36 VRS-a z13    129 -    V1 V3 S2 M4?       | vector load multiple
vll      e7..37 VRS-b z13    129 -    V1 R3:gr32 S2      | vector load with length
vesrl    e7..38 VRS-a z13    129 -    V1 V3 S2 M4        | vector element shift right logical
vesra    e7..3a VRS-a z13    129 -    V1 V3 S2 M4        | vector element shift right arithmetic
vstm     e7..3e VRS-a z13    129 -    V1 V3 S2 M4?       | vector store multiple
vstl     e7..3f VRS-b z13    129 -    V1 R3:gr32 S2      | vector store with length
vleib    e7..40 VRI-a z13    129 -    V1 I2:s M3         | vector load element immediate (8-bit)
vleih    e7..41 VRI-a z13    129 -    V1 I2:s M3         | vector load element immediate (16-bit)
vleig    e7..42 VRI-a z13    129 -    V1 I2:s M3         | vector load element immediate (64-bit)
vleif    e7..43 VRI-a z13    129 -    V1 I2:s M3         | vector load element immediate (32-bit)
vgbm     e7..44 VRI-a z13    129 -    V1 I2:u            | vector generate byte mask
vrepi    e7..45 VRI-a z13    129 -    V1 I2:s M3         | vector replicate immediate
vgm      e7..46 VRI-b z13    129 -    V1 I2:u I3:u M4    | vector generate bit mask per element
vftci    e7..4a VRI-e z13    129 -    V1 V2 I3:u M4 M5   | vector FP test data class immediate
vrep     e7..4d VRI-c z13    129 -    V1 V3 I2:u M4      | vector replicate element
vpopct   e7..50 VRR-a z13    129 -    V1 V2 M3           | vector population count
vctz     e7..52 VRR-a z13    129 -    V1 V2 M3           | vector count trailing zeros
vclz     e7..53 VRR-a z13    129 -    V1 V2 M3           | vector count leading zeros
vgem     e7..54 VRR-a z17    198 -    V1 V2 M3           | vector generate element masks
vlr      e7..56 VRR-a z13    129 -    V1 V2              | vector load (register)
vistr    e7..5c VRR-a z13    129 -    V1 V2 M3 M5?       | vector isolate string
vseg     e7..5f VRR-a z13    129 -    V1 V2 M3           | vector sign-extend element to doubleword
vmrl     e7..60 VRR-c z13    129 -    V1 V2 V3 M4        | vector merge low
vmrh     e7..61 VRR-c z13    129 -    V1 V2 V3 M4        | vector merge high
vlvgp    e7..62 VRR-f z13    129 -    V1 R2:gr64 R3:gr64 | vector load from two GRs
vsum     e7..64 VRR-c z13    129 -    V1 V2 V3 M4        | vector sum across word
vsumg    e7..65 VRR-c z13    129 -    V1 V2 V3 M4        | vector sum across doubleword
vcksm    e7..66 VRR-c z13    129 -    V1 V2 V3           | vector checksum
vsumq    e7..67 VRR-c z13    129 -    V1 V2 V3 M4        | vector sum across quadword
vn       e7..68 VRR-c z13    129 -    V1 V2 V3           | vector AND
vnc      e7..69 VRR-c z13    129 -    V1 V2 V3           | vector AND with complement
vo       e7..6a VRR-c z13    129 -    V1 V2 V3           | vector OR
vno      e7..6b VRR-c z13    129 -    V1 V2 V3           | vector NOR
vnx      e7..6c VRR-c z14    135 -    V1 V2 V3           | vector XNOR
vx       e7..6d VRR-c z13    129 -    V1 V2 V3           | vector XOR
vnn      e7..6e VRR-c z14    135 -    V1 V2 V3           | vector NAND
voc      e7..6f VRR-c z14    135 -    V1 V2 V3           | vector OR with complement
veslv    e7..70 VRR-c z13    129 -    V1 V2 V3 M4        | vector element shift left, per-element count
verim    e7..72 VRI-d z13    129 -    V1 V2 V3 I4:u M5   | vector element rotate and insert under mask
verllv   e7..73 VRR-c z13    129 -    V1 V2 V3 M4        | vector element rotate left, per-element count
vsl      e7..74 VRR-c z13    129 -    V1 V2 V3           | vector shift left by bits
vslb     e7..75 VRR-c z13    129 -    V1 V2 V3           | vector shift left by bytes
vsldb    e7..77 VRI-d z13    129 -    V1 V2 V3 I4:u      | vector shift left double by bytes
vesrlv   e7..78 VRR-c z13    129 -    V1 V2 V3 M4        | vector element shift right logical, per-element count
vesrav   e7..7a VRR-c z13    129 -    V1 V2 V3 M4        | vector element shift right arithmetic, per-element count
vsrl     e7..7c VRR-c z13    129 -    V1 V2 V3           | vector shift right logical by bits
vsrlb    e7..7d VRR-c z13    129 -    V1 V2 V3           | vector shift right logical by bytes
vsra     e7..7e VRR-c z13    129 -    V1 V2 V3           | vector shift right arithmetic by bits
vsrab    e7..7f VRR-c z13    129 -    V1 V2 V3           | vector shift right arithmetic by bytes
vfee     e7..80 VRR-b z13    129 -    V1 V2 V3 M4 M5?    | vector find element equal
vfene    e7..81 VRR-b z13    129 -    V1 V2 V3 M4 M5?    | vector find element not equal
vfae     e7..82 VRR-b z13    129 -    V1 V2 V3 M4 M5?    | vector find any element equal
vpdi     e7..84 VRR-c z13    129 -    V1 V2 V3 M4        | vector permute doublewords immediate
vbperm   e7..85 VRR-c z14    135 -    V1 V2 V3           | vector bit permute
vsld     e7..86 VRI-d z15    148 -    V1 V2 V3 I4:u      | vector shift left double by bits
vsrd     e7..87 VRI-d z15    148 -    V1 V2 V3 I4:u      | vector shift right double by bits
veval    e7..88 VRI-k z17    198 -    V1 V2 V3 V4 I5:u   | vector evaluate 3-input boolean function
vblend   e7..89 VRR-d z17    198 -    V1 V2 V3 V4 M5     | vector blend by element sign
vstrc    e7..8a VRR-d z13    129 -    V1 V2 V3 V4 M5 M6? | vector string range compare
vstrs    e7..8b VRR-d z15    148 -    V1 V2 V3 V4 M5 M6? | vector string search
vperm    e7..8c VRR-e z13    129 -    V1 V2 V3 V4        | vector permute bytes
vsel     e7..8d VRR-e z13    129 -    V1 V2 V3 V4        | vector bitwise select
vfms     e7..8e VRR-e z13    129 -    V1 V2 V3 V4 M5 M6  | vector FP multiply and subtract
vfma     e7..8f VRR-e z13    129 -    V1 V2 V3 V4 M5 M6  | vector FP multiply and add
vpk      e7..94 VRR-c z13    129 -    V1 V2 V3 M4        | vector pack
vpkls    e7..95 VRR-b z13    129 -    V1 V2 V3 M4 M5     | vector pack logical saturate
vpks     e7..97 VRR-b z13    129 -    V1 V2 V3 M4 M5     | vector pack signed saturate
vfnms    e7..9e VRR-e z14    135 -    V1 V2 V3 V4 M5 M6  | vector FP negative multiply and subtract
vfnma    e7..9f VRR-e z14    135 -    V1 V2 V3 V4 M5 M6  | vector FP negative multiply and add
vmlh     e7..a1 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply high logical
vml      e7..a2 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply low
vmh      e7..a3 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply high signed
vmle     e7..a4 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply even logical
vmlo     e7..a5 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply odd logical
vme      e7..a6 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply even signed
vmo      e7..a7 VRR-c z13    129 -    V1 V2 V3 M4        | vector multiply odd signed
vmalh    e7..a9 VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add high logical
vmal     e7..aa VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add low
vmah     e7..ab VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add high signed
vmale    e7..ac VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add even logical
vmalo    e7..ad VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add odd logical
vmae     e7..ae VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add even signed
vmao     e7..af VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector multiply and add odd signed
vdl      e7..b0 VRR-c z17    198 -    V1 V2 V3 M4 M5     | vector divide logical
vrl      e7..b1 VRR-c z17    198 -    V1 V2 V3 M4 M5     | vector remainder logical
vd       e7..b2 VRR-c z17    198 -    V1 V2 V3 M4 M5     | vector divide signed
vr       e7..b3 VRR-c z17    198 -    V1 V2 V3 M4 M5     | vector remainder signed
vgfm     e7..b4 VRR-c z13    129 -    V1 V2 V3 M4        | vector Galois-field multiply sum
vmsl     e7..b8 VRR-d z14    135 -    V1 V2 V3 V4 M5 M6  | vector multiply sum logical
vaccc    e7..b9 VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector add with carry, compute carry
vac      e7..bb VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector add with carry
vgfma    e7..bc VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector Galois-field multiply sum and accumulate
vsbcbi   e7..bd VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector subtract with borrow, compute borrow indication
vsbi     e7..bf VRR-d z13    129 -    V1 V2 V3 V4 M5     | vector subtract with borrow indication
vclfp    e7..c0 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP convert to logical
vcfpl    e7..c1 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP convert from logical
vcsfp    e7..c2 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP convert to signed fixed
vcfps    e7..c3 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP convert from signed fixed
vfll     e7..c4 VRR-a z13    129 -    V1 V2 M3 M4        | vector FP load lengthened
vflr     e7..c5 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP load rounded
vfi      e7..c7 VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP round to integer
wfk      e7..ca VRR-a z13    129 -    V1 V2 M3 M4        | vector FP compare and signal scalar
wfc      e7..cb VRR-a z13    129 -    V1 V2 M3 M4        | vector FP compare scalar
vfpso    e7..cc VRR-a z13    129 -    V1 V2 M3 M4 M5     | vector FP perform sign operation
vfsq     e7..ce VRR-a z13    129 -    V1 V2 M3 M4        | vector FP square root
vupll    e7..d4 VRR-a z13    129 -    V1 V2 M3           | vector unpack logical low
vuplh    e7..d5 VRR-a z13    129 -    V1 V2 M3           | vector unpack logical high
vupl     e7..d6 VRR-a z13    129 -    V1 V2 M3           | vector unpack low
vuph     e7..d7 VRR-a z13    129 -    V1 V2 M3           | vector unpack high
vtm      e7..d8 VRR-a z13    129 -    V1 V2              | vector test under mask
vecl     e7..d9 VRR-a z13    129 -    V1 V2 M3           | vector element compare logical, set CC
vec      e7..db VRR-a z13    129 -    V1 V2 M3           | vector element compare, set CC
vlc      e7..de VRR-a z13    129 -    V1 V2 M3           | vector load complement
vlp      e7..df VRR-a z13    129 -    V1 V2 M3           | vector load positive
vfs      e7..e2 VRR-c z13    129 -    V1 V2 V3 M4 M5     | vector FP subtract
vfa      e7..e3 VRR-c z13    129 -    V1 V2 V3 M4 M5     | vector FP add
vfd      e7..e5 VRR-c z13    129 -    V1 V2 V3 M4 M5     | vector FP divide
vfm      e7..e7 VRR-c z13    129 -    V1 V2 V3 M4 M5     | vector FP multiply
vfce     e7..e8 VRR-c z13    129 -    V1 V2 V3 M4 M5 M6  | vector FP compare equal
vfche    e7..ea VRR-c z13    129 -    V1 V2 V3 M4 M5 M6  | vector FP compare high or equal
vfch     e7..eb VRR-c z13    129 -    V1 V2 V3 M4 M5 M6  | vector FP compare high
vfmin    e7..ee VRR-c z14    135 -    V1 V2 V3 M4 M5 M6  | vector FP minimum
vfmax    e7..ef VRR-c z14    135 -    V1 V2 V3 M4 M5 M6  | vector FP maximum
vavgl    e7..f0 VRR-c z13    129 -    V1 V2 V3 M4        | vector average logical
vacc     e7..f1 VRR-c z13    129 -    V1 V2 V3 M4        | vector add, compute carry
vavg     e7..f2 VRR-c z13    129 -    V1 V2 V3 M4        | vector average signed
va       e7..f3 VRR-c z13    129 -    V1 V2 V3 M4        | vector add
vscbi    e7..f5 VRR-c z13    129 -    V1 V2 V3 M4        | vector subtract, compute borrow indication
vs       e7..f7 VRR-c z13    129 -    V1 V2 V3 M4        | vector subtract
vceq     e7..f8 VRR-b z13    129 -    V1 V2 V3 M4 M5     | vector compare equal
vchl     e7..f9 VRR-b z13    129 -    V1 V2 V3 M4 M5     | vector compare high logical
vch      e7..fb VRR-b z13    129 -    V1 V2 V3 M4 M5     | vector compare high signed
vmnl     e7..fc VRR-c z13    129 -    V1 V2 V3 M4        | vector minimum logical
vmxl     e7..fd VRR-c z13    129 -    V1 V2 V3 M4        | vector maximum logical
vmn      e7..fe VRR-c z13    129 -    V1 V2 V3 M4        | vector minimum signed
vmx      e7..ff VRR-c z13    129 -    V1 V2 V3 M4        | vector maximum signed
`,
);
