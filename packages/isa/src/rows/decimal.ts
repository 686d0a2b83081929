/**
 * Decimal instructions. Principles of Operation, "Decimal Instructions".
 */
import { declare } from '../declare.ts';

export const decimal = declare(
  'decimal',
  `
ed       de     SS-a  z900   -   -    S1(L1) S2          | edit decimal by pattern
edmk     df     SS-a  z900   -   -    S1(L1) S2          | edit and mark
tp       eb..c0 RSL-a z900   16  -    S1(L1)             | test decimal (packed validity)
srp      f0     SS-c  z900   -   -    S1(L1) S2 I3:u     | shift and round decimal
zap      f8     SS-b  z900   -   -    S1(L1) S2(L2)      | zero and add decimal
cp       f9     SS-b  z900   -   -    S1(L1) S2(L2)      | compare decimal
ap       fa     SS-b  z900   -   -    S1(L1) S2(L2)      | add decimal
sp       fb     SS-b  z900   -   -    S1(L1) S2(L2)      | subtract decimal
mp       fc     SS-b  z900   -   -    S1(L1) S2(L2)      | multiply decimal
dp       fd     SS-b  z900   -   -    S1(L1) S2(L2)      | divide decimal
`,
);
