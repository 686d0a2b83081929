/**
 * Instructions of the message-security assist and of the specialized-function facilities.
 * Principles of Operation, "General Instructions" (cryptography) and "Specialized-Function-Assist
 *  Instructions" (neural-network processing, DEFLATE conversion, sorting).
 */
import { declare } from '../declare.ts';

/** Message-security assist. */
export const cryptography = declare(
  'MSA crypto',
  `
kmac     b91e   RRE   z990   17  -    R1:gr64 R2:gr128   | compute message authentication code
pckmo    b928   RRE   z196   76  priv -                  | perform cryptographic key-management operation
kma      b929   RRF-b z14    146 -    R1:gr128 R3:gr128 R2:gr128 | cipher message with authentication (GCM)
kmf      b92a   RRE   z196   77  -    R1:gr128 R2:gr128  | cipher message with cipher feedback
kmo      b92b   RRE   z196   77  -    R1:gr128 R2:gr128  | cipher message with output feedback
pcc      b92c   RRE   z196   77  -    -                  | perform cryptographic computation
kmctr    b92d   RRF-b z196   77  -    R1:gr128 R3:gr128 R2:gr128 | cipher message with counter
km       b92e   RRE   z990   17  -    R1:gr128 R2:gr128  | cipher message
kmc      b92f   RRE   z990   17  -    R1:gr128 R2:gr128  | cipher message with chaining
kdsa     b93a   RRE   z15    155 -    R1:gr64 R2:gr128   | compute digital signature authentication
prno     b93c   RRE   z13    57  -    R1:gr128 R2:gr128  | perform random number operation
kimd     b93e   RRF-c z990   17  -    R1:gr64 R2:gr128 M3? | compute intermediate message digest
klmd     b93f   RRF-c z990   17  -    R1:gr64 R2:gr128 M3? | compute last message digest
`,
);

/** Neural-network-processing assist. */
export const neuralNetworkProcessing = declare(
  'NNPA',
  `
nnpa     b93b   RRE   z16    165 -    -                  | neural-network processing assist
vcnf     e6..55 VRR-a z16    165 -    V1 V2 M3 M4        | vector FP convert to NNP format
vclfnh   e6..56 VRR-a z16    165 -    V1 V2 M3 M4        | vector FP convert and lengthen from NNP, high
vcfn     e6..5d VRR-a z16    165 -    V1 V2 M3 M4        | vector FP convert from NNP format
vclfnl   e6..5e VRR-a z16    165 -    V1 V2 M3 M4        | vector FP convert and lengthen from NNP, low
vcrnf    e6..75 VRR-c z16    165 -    V1 V2 V3 M4 M5     | vector FP convert and round to NNP
`,
);

/** DEFLATE conversion. */
export const deflateConversion = declare(
  'DFLTCC',
  `
dfltcc   b939   RRF-a z15    151 -    R1:gr128 R2:gr128 R3:gr64 | deflate conversion call
`,
);

/** Enhanced sort. */
export const sorting = declare(
  'sort',
  `
sortl    b938   RRE   z15    150 -    R1:gr128 R2:gr128  | sort lists
`,
);
