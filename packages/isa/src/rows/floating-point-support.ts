/**
 * Floating-point-support instructions: what HFP, BFP and DFP share.
 * Principles of Operation, "Floating-Point Overview and Support Instructions".
 */
import { declare } from '../declare.ts';

export const floatingPointSupport = declare(
  'FP support',
  `
pfpo     010a   E     z9-ec  44  -    -                  | perform floating-point operation (radix conversion)
ldr      28     RR    z900   -   -    R1:fpr64 R2:fpr64  | load FPR (long)
ler      38     RR    z900   -   -    R1:fpr32 R2:fpr32  | load FPR (short)
std      60     RX-a  z900   -   -    R1:fpr64 S2(X2)    | store FPR (long)
ld       68     RX-a  z900   -   -    R1:fpr64 S2(X2)    | load FPR (long)
ste      70     RX-a  z900   -   -    R1:fpr32 S2(X2)    | store FPR (short)
le       78     RX-a  z900   -   -    R1:fpr32 S2(X2)    | load FPR (short)
srnm     b299   S     z900   -   -    S2                 | set BFP rounding mode, 2-bit
stfpc    b29c   S     z900   -   -    S2                 | store FP control register
lfpc     b29d   S     z900   -   -    S2                 | load FP control register
srnmb    b2b8   S     z196   37  -    S2                 | set BFP rounding mode, 3-bit
srnmt    b2b9   S     z9-ec  41  -    S2                 | set DFP rounding mode
lfas     b2bd   S     z9-ec  41  -    S2                 | load FPC and signal
tbedr    b350   RRF-e z900   -   -    R1:fpr32 M3 R2:fpr64 | convert HFP to BFP (long to short)
tbdr     b351   RRF-e z900   -   -    R1:fpr64 M3 R2:fpr64 | convert HFP to BFP (long)
thder    b358   RRE   z900   -   -    R1:fpr64 R2:fpr32  | convert BFP to HFP (short to long)
thdr     b359   RRE   z900   -   -    R1:fpr64 R2:fpr64  | convert BFP to HFP (long)
lxr      b365   RRE   z900   -   -    R1:fpr128 R2:fpr128 | load FPR (extended)
lpdfr    b370   RRE   z9-ec  41  -    R1:fpr64 R2:fpr64  | load positive FPR, no CC
lndfr    b371   RRE   z9-ec  41  -    R1:fpr64 R2:fpr64  | load negative FPR, no CC
cpsdr    b372   RRF-b z9-ec  41  -    R1:fpr64 R3:fpr64 R2:fpr64 | copy sign to FPR
lcdfr    b373   RRE   z9-ec  41  -    R1:fpr64 R2:fpr64  | load complement FPR, no CC
lzer     b374   RRE   z900   -   -    R1:fpr32           | load FP zero (short)
lzdr     b375   RRE   z900   -   -    R1:fpr64           | load FP zero (long)
lzxr     b376   RRE   z900   -   -    R1:fpr128          | load FP zero (extended)
sfpc     b384   RRE   z900   -   -    R1:gr32            | set FP control register
sfasr    b385   RRE   z9-ec  41  -    R1:gr32            | set FPC and signal
efpc     b38c   RRE   z900   -   -    R1:gr32            | extract FP control register
ldgr     b3c1   RRE   z9-ec  41  -    R1:fpr64 R2:gr64   | load FPR from GR
lgdr     b3cd   RRE   z9-ec  41  -    R1:gr64 R2:fpr64   | load GR from FPR
ley      ed..64 RXY-a z990   18  -    R1:fpr32 S2(X2)    | load FPR (short)
ldy      ed..65 RXY-a z990   18  -    R1:fpr64 S2(X2)    | load FPR (long)
stey     ed..66 RXY-a z990   18  -    R1:fpr32 S2(X2)    | store FPR (short)
stdy     ed..67 RXY-a z990   18  -    R1:fpr64 S2(X2)    | store FPR (long)
`,
);
