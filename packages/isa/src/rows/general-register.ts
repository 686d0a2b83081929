/**
 * General instructions whose operands are all in registers, in order of operation code.
 * Principles of Operation, "General Instructions".
 */
import { declare } from '../declare.ts';

export const generalRegister = declare(
  'general',
  `
upt      0102   E     z900   -   -    -                  | update tree (sort assist)
tam      010b   E     z900   -   -    -                  | test addressing mode
sam24    010c   E     z900   -   -    -                  | set addressing mode (24-bit)
sam31    010d   E     z900   -   -    -                  | set addressing mode (31-bit)
sam64    010e   E     z900   -   -    -                  | set addressing mode (64-bit)
spm      04     RR    z900   -   -    R1:gr32            | set program mask and CC
balr     05     RR    z900   -   -    R1:gr64 R2:gr64    | branch and link (register)
bctr     06     RR    z900   -   -    R1:gr32 R2:gr64    | branch on count down (32-bit, register)
bcr      07     RR    z900   -   -    R1:u R2:gr64       | branch on condition mask (register)
bsm      0b     RR    z900   -   -    R1:gr64 R2:gr64    | branch and change addressing mode
bassm    0c     RR    z900   -   -    R1:gr64 R2:gr64    | branch and save, change addressing mode
basr     0d     RR    z900   -   -    R1:gr64 R2:gr64    | branch and save return address (register)
mvcl     0e     RR    z900   -   -    R1:gr128 R2:gr128  | move long
clcl     0f     RR    z900   -   -    R1:gr128 R2:gr128  | compare logical long operands
lpr      10     RR    z900   -   -    R1:gr32 R2:gr32    | load positive (32-bit, register)
lnr      11     RR    z900   -   -    R1:gr32 R2:gr32    | load negative (32-bit, register)
ltr      12     RR    z900   -   -    R1:gr32 R2:gr32    | load and test (32-bit, register)
lcr      13     RR    z900   -   -    R1:gr32 R2:gr32    | load complement (32-bit, register)
nr       14     RR    z900   -   -    R1:gr32 R2:gr32    | bitwise AND (32-bit, register)
clr      15     RR    z900   -   -    R1:gr32 R2:gr32    | compare logical (32-bit, register)
or       16     RR    z900   -   -    R1:gr32 R2:gr32    | bitwise OR (32-bit, register)
xr       17     RR    z900   -   -    R1:gr32 R2:gr32    | bitwise XOR (32-bit, register)
lr       18     RR    z900   -   -    R1:gr32 R2:gr32    | load (32-bit, register)
cr       19     RR    z900   -   -    R1:gr32 R2:gr32    | compare (32-bit, register)
ar       1a     RR    z900   -   -    R1:gr32 R2:gr32    | add (32-bit, register)
sr       1b     RR    z900   -   -    R1:gr32 R2:gr32    | subtract (32-bit, register)
mr       1c     RR    z900   -   -    R1:gr128 R2:gr32   | multiply (32-bit)
dr       1d     RR    z900   -   -    R1:gr128 R2:gr32   | divide (32-bit)
alr      1e     RR    z900   -   -    R1:gr32 R2:gr32    | add logical (32-bit, register)
slr      1f     RR    z900   -   -    R1:gr32 R2:gr32    | subtract logical (32-bit, register)
ipm      b222   RRE   z900   -   -    R1:gr32            | insert program mask and CC
cksm     b241   RRE   z900   -   -    R1:gr32 R2:gr128   | checksum
cpya     b24d   RRE   z900   -   -    R1:ar R2:ar        | copy access register
sar      b24e   RRE   z900   -   -    R1:ar R2:gr32      | set access register
ear      b24f   RRE   z900   -   -    R1:gr32 R2:ar      | extract access register
msr      b252   RRE   z900   -   -    R1:gr32 R2:gr32    | multiply single (32-bit)
mvst     b255   RRE   z900   -   -    R1:gr64 R2:gr64    | move string to ending character
cuse     b257   RRE   z900   -   -    R1:gr128 R2:gr128  | compare until substring equal
clst     b25d   RRE   z900   -   -    R1:gr64 R2:gr64    | compare logical string to ending character
srst     b25e   RRE   z900   -   -    R1:gr64 R2:gr64    | search string
cmpsc    b263   RRE   z900   -   -    R1:gr128 R2:gr128  | compression call
tre      b2a5   RRE   z900   -   -    R1:gr128 R2:gr64   | translate extended
cu21     b2a6   RRF-c z900   -   -    R1:gr128 R2:gr128 M3? | convert UTF-16 to UTF-8
cu12     b2a7   RRF-c z900   -   -    R1:gr128 R2:gr128 M3? | convert UTF-8 to UTF-16
ppa      b2e8   RRF-c zEC12  49  -    R1:gr64 R2:gr64 M3 | perform processor assist
lpgr     b900   RRE   z900   -   -    R1:gr64 R2:gr64    | load positive (64-bit, register)
lngr     b901   RRE   z900   -   -    R1:gr64 R2:gr64    | load negative (64-bit, register)
ltgr     b902   RRE   z900   -   -    R1:gr64 R2:gr64    | load and test (64-bit, register)
lcgr     b903   RRE   z900   -   -    R1:gr64 R2:gr64    | load complement (64-bit, register)
lgr      b904   RRE   z900   -   -    R1:gr64 R2:gr64    | load (64-bit, register)
lgbr     b906   RRE   z9-109 21  -    R1:gr64 R2:gr64    | load byte (64-bit from signed byte, register)
lghr     b907   RRE   z9-109 21  -    R1:gr64 R2:gr64    | load halfword (64-bit with signed 16-bit operand, register)
agr      b908   RRE   z900   -   -    R1:gr64 R2:gr64    | add (64-bit, register)
sgr      b909   RRE   z900   -   -    R1:gr64 R2:gr64    | subtract (64-bit, register)
algr     b90a   RRE   z900   -   -    R1:gr64 R2:gr64    | add logical (64-bit, register)
slgr     b90b   RRE   z900   -   -    R1:gr64 R2:gr64    | subtract logical (64-bit, register)
msgr     b90c   RRE   z900   -   -    R1:gr64 R2:gr64    | multiply single (64-bit)
dsgr     b90d   RRE   z900   -   -    R1:gr128 R2:gr64   | divide single (64-bit)
lrvgr    b90f   RRE   z900   -   -    R1:gr64 R2:gr64    | load byte-reversed (64-bit, register)
lpgfr    b910   RRE   z900   -   -    R1:gr64 R2:gr32    | load positive (64-bit with signed 32-bit operand, register)
lngfr    b911   RRE   z900   -   -    R1:gr64 R2:gr32    | load negative (64-bit with signed 32-bit operand, register)
ltgfr    b912   RRE   z900   -   -    R1:gr64 R2:gr32    | load and test (64-bit with signed 32-bit operand, register)
lcgfr    b913   RRE   z900   -   -    R1:gr64 R2:gr32    | load complement (64-bit with signed 32-bit operand, register)
lgfr     b914   RRE   z900   -   -    R1:gr64 R2:gr32    | load (64-bit with signed 32-bit operand, register)
llgfr    b916   RRE   z900   -   -    R1:gr64 R2:gr32    | load logical word (64-bit with unsigned 32-bit operand, register)
llgtr    b917   RRE   z900   -   -    R1:gr64 R2:gr64    | load logical 31 bits (64-bit from 31-bit operand, register)
agfr     b918   RRE   z900   -   -    R1:gr64 R2:gr32    | add (64-bit with signed 32-bit operand, register)
sgfr     b919   RRE   z900   -   -    R1:gr64 R2:gr32    | subtract (64-bit with signed 32-bit operand, register)
algfr    b91a   RRE   z900   -   -    R1:gr64 R2:gr32    | add logical (64-bit with unsigned 32-bit operand, register)
slgfr    b91b   RRE   z900   -   -    R1:gr64 R2:gr32    | subtract logical (64-bit with unsigned 32-bit operand, register)
msgfr    b91c   RRE   z900   -   -    R1:gr64 R2:gr32    | multiply single (64-bit with signed 32-bit operand)
dsgfr    b91d   RRE   z900   -   -    R1:gr128 R2:gr32   | divide single (64-bit with signed 32-bit operand)
lrvr     b91f   RRE   z900   -   -    R1:gr32 R2:gr32    | load byte-reversed (32-bit, register)
cgr      b920   RRE   z900   -   -    R1:gr64 R2:gr64    | compare (64-bit, register)
clgr     b921   RRE   z900   -   -    R1:gr64 R2:gr64    | compare logical (64-bit, register)
lbr      b926   RRE   z9-109 21  -    R1:gr32 R2:gr32    | load byte (32-bit from signed byte, register)
lhr      b927   RRE   z9-109 21  -    R1:gr32 R2:gr32    | load halfword (32-bit with signed 16-bit operand, register)
cgfr     b930   RRE   z900   -   -    R1:gr64 R2:gr32    | compare (64-bit with signed 32-bit operand, register)
clgfr    b931   RRE   z900   -   -    R1:gr64 R2:gr32    | compare logical (64-bit with unsigned 32-bit operand, register)
bctgr    b946   RRE   z900   -   -    R1:gr64 R2:gr64    | branch on count down (64-bit, register)
cgrt     b960   RRF-c z10    34  -    R1:gr64 R2:gr64 M3 | compare and trap (64-bit)
clgrt    b961   RRF-c z10    34  -    R1:gr64 R2:gr64 M3 | compare logical and trap (64-bit)
nngrk    b964   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 | NAND (64-bit, register)
ocgrk    b965   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 | OR with complement (64-bit, register)
nogrk    b966   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 | NOR (64-bit, register)
nxgrk    b967   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 | NOT-XOR (XNOR) (64-bit, register)
clzg     b968   RRE   z17    84  -    R1:gr64 R2:gr64    | count leading zeros (64-bit)
ctzg     b969   RRE   z17    84  -    R1:gr64 R2:gr64    | count trailing zeros (64-bit)
bextg    b96c   RRF-a z17    84  -    R1:gr64 R2:gr64 R3:gr64 | bit extract under mask (64-bit)
bdepg    b96d   RRF-a z17    84  -    R1:gr64 R2:gr64 R3:gr64 | bit deposit under mask (64-bit)
crt      b972   RRF-c z10    34  -    R1:gr32 R2:gr32 M3 | compare and trap (32-bit)
clrt     b973   RRF-c z10    34  -    R1:gr32 R2:gr32 M3 | compare logical and trap (32-bit)
nnrk     b974   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 | NAND (32-bit, register)
ocrk     b975   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 | OR with complement (32-bit, register)
nork     b976   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 | NOR (32-bit, register)
nxrk     b977   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 | NOT-XOR (XNOR) (32-bit, register)
ngr      b980   RRE   z900   -   -    R1:gr64 R2:gr64    | bitwise AND (64-bit, register)
ogr      b981   RRE   z900   -   -    R1:gr64 R2:gr64    | bitwise OR (64-bit, register)
xgr      b982   RRE   z900   -   -    R1:gr64 R2:gr64    | bitwise XOR (64-bit, register)
flogr    b983   RRE   z9-109 21  -    R1:gr128 R2:gr64   | find leftmost one bit
llgcr    b984   RRE   z9-109 21  -    R1:gr64 R2:gr64    | load logical character (64-bit from unsigned byte, register)
llghr    b985   RRE   z9-109 21  -    R1:gr64 R2:gr64    | load logical halfword (64-bit with unsigned 16-bit operand, register)
mlgr     b986   RRE   z900   -   -    R1:gr128 R2:gr64   | multiply logical (64-bit)
dlgr     b987   RRE   z900   -   -    R1:gr128 R2:gr64   | divide logical (64-bit)
alcgr    b988   RRE   z900   -   -    R1:gr64 R2:gr64    | add logical with carry (64-bit, register)
slbgr    b989   RRE   z900   -   -    R1:gr64 R2:gr64    | subtract logical with borrow (64-bit, register)
epsw     b98d   RRE   z900   -   -    R1:gr32 R2:gr32    | extract PSW
trtt     b990   RRF-c z900   16  -    R1:gr128 R2:gr64 M3? | translate two bytes to two bytes
trto     b991   RRF-c z900   16  -    R1:gr128 R2:gr64 M3? | translate two bytes to one byte
trot     b992   RRF-c z900   16  -    R1:gr128 R2:gr64 M3? | translate one byte to two bytes
troo     b993   RRF-c z900   16  -    R1:gr128 R2:gr64 M3? | translate one byte to one byte
llcr     b994   RRE   z9-109 21  -    R1:gr32 R2:gr32    | load logical character (32-bit from unsigned byte, register)
llhr     b995   RRE   z9-109 21  -    R1:gr32 R2:gr32    | load logical halfword (32-bit with unsigned 16-bit operand, register)
mlr      b996   RRE   z900   -   -    R1:gr128 R2:gr32   | multiply logical (32-bit)
dlr      b997   RRE   z900   -   -    R1:gr128 R2:gr32   | divide logical (32-bit)
alcr     b998   RRE   z900   -   -    R1:gr32 R2:gr32    | add logical with carry (32-bit, register)
slbr     b999   RRE   z900   -   -    R1:gr32 R2:gr32    | subtract logical with borrow (32-bit, register)
cu14     b9b0   RRF-c z9-109 22  -    R1:gr128 R2:gr128 M3? | convert UTF-8 to UTF-32
cu24     b9b1   RRF-c z9-109 22  -    R1:gr128 R2:gr128 M3? | convert UTF-16 to UTF-32
cu41     b9b2   RRE   z9-109 22  -    R1:gr128 R2:gr128  | convert UTF-32 to UTF-8
cu42     b9b3   RRE   z9-109 22  -    R1:gr128 R2:gr128  | convert UTF-32 to UTF-16
trtre    b9bd   RRF-c z10    26  -    R1:gr128 R2:gr64 M3? | translate and test reverse extended
srstu    b9be   RRE   z9-109 22  -    R1:gr64 R2:gr64    | search string Unicode
trte     b9bf   RRF-c z10    26  -    R1:gr128 R2:gr64 M3? | translate and test extended
selfhr   b9c0   RRF-a z15    61  -    R1:grh32 R2:grh32 R3:grh32 M4 | select register on condition (high word)
ahhhr    b9c8   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:grh32 | add high words (high with high word, register)
shhhr    b9c9   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:grh32 | subtract high words (high with high word, register)
alhhhr   b9ca   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:grh32 | add logical high words (high with high word, register)
slhhhr   b9cb   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:grh32 | subtract logical high words (high with high word, register)
chhr     b9cd   RRE   z196   45  -    R1:grh32 R2:grh32  | compare high word (high with high word, register)
clhhr    b9cf   RRE   z196   45  -    R1:grh32 R2:grh32  | compare logical high word (high with high word, register)
ahhlr    b9d8   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:gr32 | add high words (high with low word, register)
shhlr    b9d9   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:gr32 | subtract high words (high with low word, register)
alhhlr   b9da   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:gr32 | add logical high words (high with low word, register)
slhhlr   b9db   RRF-a z196   45  -    R1:grh32 R2:grh32 R3:gr32 | subtract logical high words (high with low word, register)
chlr     b9dd   RRE   z196   45  -    R1:grh32 R2:gr32   | compare high word (high with low word, register)
clhlr    b9df   RRE   z196   45  -    R1:grh32 R2:gr32   | compare logical high word (high with low word, register)
locfhr   b9e0   RRF-c z13    53  -    R1:grh32 R2:grh32 M3 | load on condition (high word, register)
popcnt   b9e1   RRF-c z196   45  -    R1:gr64 R2:gr64 M3? | population count
locgr    b9e2   RRF-c z196   45  -    R1:gr64 R2:gr64 M3 | load on condition (64-bit, register)
selgr    b9e3   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 M4 | select register on condition (64-bit)
ngrk     b9e4   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | bitwise AND (64-bit, register)
ncgrk    b9e5   RRF-a z15    61  -    R1:gr64 R2:gr64 R3:gr64 | AND with complement (64-bit, register)
ogrk     b9e6   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | bitwise OR (64-bit, register)
xgrk     b9e7   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | bitwise XOR (64-bit, register)
agrk     b9e8   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | add (64-bit, register)
sgrk     b9e9   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | subtract (64-bit, register)
algrk    b9ea   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | add logical (64-bit, register)
slgrk    b9eb   RRF-a z196   45  -    R1:gr64 R2:gr64 R3:gr64 | subtract logical (64-bit, register)
mgrk     b9ec   RRF-a z14    58  -    R1:gr128 R2:gr64 R3:gr64 | multiply (64-bit)
msgrkc   b9ed   RRF-a z14    58  -    R1:gr64 R2:gr64 R3:gr64 | multiply single setting CC (64-bit, separate result register)
selr     b9f0   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 M4 | select register on condition (32-bit)
locr     b9f2   RRF-c z196   45  -    R1:gr32 R2:gr32 M3 | load on condition (32-bit, register)
nrk      b9f4   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | bitwise AND (32-bit, register)
ncrk     b9f5   RRF-a z15    61  -    R1:gr32 R2:gr32 R3:gr32 | AND with complement (32-bit, register)
ork      b9f6   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | bitwise OR (32-bit, register)
xrk      b9f7   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | bitwise XOR (32-bit, register)
ark      b9f8   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | add (32-bit, register)
srk      b9f9   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | subtract (32-bit, register)
alrk     b9fa   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | add logical (32-bit, register)
slrk     b9fb   RRF-a z196   45  -    R1:gr32 R2:gr32 R3:gr32 | subtract logical (32-bit, register)
msrkc    b9fd   RRF-a z14    58  -    R1:gr32 R2:gr32 R3:gr32 | multiply single setting CC (32-bit, separate result register)
`,
);
