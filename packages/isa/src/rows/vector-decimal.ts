/**
 * Vector decimal instructions. Principles of Operation, "Vector Decimal Instructions".
 */
import { declare } from '../declare.ts';

export const vectorDecimal = declare(
  'vector-packed-decimal',
  `
vpkz     e6..34 VSI   z14    134 -    V1 S2 I3:u         | vector pack zoned (from-storage)
vlrl     e6..35 VSI   z14    134 -    V1 S2 I3:u         | vector load rightmost with length (length-immediate)
vlrlr    e6..37 VRS-d z14    134 -    V1 R3:gr32 S2      | vector load rightmost with length (length-in-register)
vupkz    e6..3c VSI   z14    134 -    V1 S2 I3:u         | vector unpack zoned (to-storage)
vstrl    e6..3d VSI   z14    134 -    V1 S2 I3:u         | vector store rightmost with length (length-immediate)
vstrlr   e6..3f VRS-d z14    134 -    V1 R3:gr32 S2      | vector store rightmost with length (length-in-register)
vlip     e6..49 VRI-h z14    134 -    V1 I2:u I3:u       | vector load immediate decimal
vcvdq    e6..4a VRI-j z17    199 -    V1 V2 I3:u M4      | vector convert binary to decimal (128-bit)
vcvbq    e6..4e VRR-k z17    199 -    V1 V2 M3           | vector convert decimal to binary (128-bit)
vcvb     e6..50 VRR-i z14    134 -    R1:gr32 V2 M3 M4?  | vector convert decimal to binary (32-bit)
vclzdp   e6..51 VRR-k z16    192 -    V1 V2 M3           | vector decimal count leading zero digits
vcvbg    e6..52 VRR-i z14    134 -    R1:gr64 V2 M3 M4?  | vector convert decimal to binary (64-bit)
vupkzh   e6..54 VRR-k z16    192 -    V1 V2 M3           | vector unpack zoned (high)
vcvd     e6..58 VRI-i z14    134 -    V1 R2:gr32 I3:u M4 | vector convert binary to decimal (32-bit)
vsrp     e6..59 VRI-g z14    134 -    V1 V2 I3:u I4:u M5 | vector decimal shift and round (count-immediate)
vcvdg    e6..5a VRI-i z14    134 -    V1 R2:gr64 I3:u M4 | vector convert binary to decimal (64-bit)
vpsop    e6..5b VRI-g z14    134 -    V1 V2 I3:u I4:u M5 | vector decimal perform sign operation
vupkzl   e6..5c VRR-k z16    192 -    V1 V2 M3           | vector unpack zoned (low)
vtp      e6..5f VRR-g z14    134 -    V1 I2:u?           | vector decimal test
vpkzr    e6..70 VRI-f z16    192 -    V1 V2 V3 I4:u M5   | vector pack zoned (registers)
vap      e6..71 VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal add
vsrpr    e6..72 VRI-f z16    192 -    V1 V2 V3 I4:u M5   | vector decimal shift and round (count-in-register)
vsp      e6..73 VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal subtract
vschp    e6..74 VRR-b z16    192 -    V1 V2 V3 M4 M5     | vector decimal scale and convert to HFP
vcp      e6..77 VRR-h z14    134 -    V1 V2 M3           | vector decimal compare
vmp      e6..78 VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal multiply
vmsp     e6..79 VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal multiply and shift
vdp      e6..7a VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal divide
vrp      e6..7b VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal remainder
vscshp   e6..7c VRR-b z16    192 -    V1 V2 V3           | vector decimal scale and convert and split to HFP
vcsph    e6..7d VRR-j z16    192 -    V1 V2 V3 M4        | vector convert HFP to scaled decimal
vsdp     e6..7e VRI-f z14    134 -    V1 V2 V3 I4:u M5   | vector decimal shift and divide
vtz      e6..7f VRI-l z17    199 -    V1 V2 I3:u         | vector test zoned
`,
);
