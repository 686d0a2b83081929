/**
 * General instructions with storage operands, in order of operation code.
 * Principles of Operation, "General Instructions".
 */
import { declare } from '../declare.ts';

export const generalStorage = declare(
  'general',
  `
sth      40     RX-a  z900   -   -    R1:gr32 S2(X2)     | store halfword
la       41     RX-a  z900   -   -    R1:gr64 S2(X2)     | load address (12-bit-disp)
stc      42     RX-a  z900   -   -    R1:gr32 S2(X2)     | store character
ic       43     RX-a  z900   -   -    R1:gr64 S2(X2)     | insert character
ex       44     RX-a  z900   -   -    R1:gr64 S2(X2)     | execute target instruction with modified byte (indexed-address)
bal      45     RX-a  z900   -   -    R1:gr64 S2(X2)     | branch and link (memory operand)
bct      46     RX-a  z900   -   -    R1:gr32 S2(X2)     | branch on count down (32-bit)
bc       47     RX-b  z900   -   -    M1 S2(X2)          | branch on condition mask (memory operand)
lh       48     RX-a  z900   -   -    R1:gr32 S2(X2)     | load halfword (32-bit with signed 16-bit operand, memory)
ch       49     RX-a  z900   -   -    R1:gr32 S2(X2)     | compare halfword (32-bit with signed 16-bit operand, memory)
ah       4a     RX-a  z900   -   -    R1:gr32 S2(X2)     | add halfword (32-bit with signed 16-bit operand, memory)
sh       4b     RX-a  z900   -   -    R1:gr32 S2(X2)     | subtract halfword (32-bit with signed 16-bit operand, memory)
mh       4c     RX-a  z900   -   -    R1:gr32 S2(X2)     | multiply halfword (32-bit with signed 16-bit operand)
bas      4d     RX-a  z900   -   -    R1:gr64 S2(X2)     | branch and save return address (memory operand)
cvd      4e     RX-a  z900   -   -    R1:gr32 S2(X2)     | convert binary to decimal (32-bit)
cvb      4f     RX-a  z900   -   -    R1:gr32 S2(X2)     | convert decimal to binary (32-bit)
st       50     RX-a  z900   -   -    R1:gr32 S2(X2)     | store (32-bit)
lae      51     RX-a  z900   -   -    R1:gr64 S2(X2)     | load address and set access register (12-bit-disp)
n        54     RX-a  z900   -   -    R1:gr32 S2(X2)     | bitwise AND (32-bit, memory)
cl       55     RX-a  z900   -   -    R1:gr32 S2(X2)     | compare logical (32-bit, memory)
o        56     RX-a  z900   -   -    R1:gr32 S2(X2)     | bitwise OR (32-bit, memory)
x        57     RX-a  z900   -   -    R1:gr32 S2(X2)     | bitwise XOR (32-bit, memory)
l        58     RX-a  z900   -   -    R1:gr32 S2(X2)     | load (32-bit, memory)
c        59     RX-a  z900   -   -    R1:gr32 S2(X2)     | compare (32-bit, memory)
a        5a     RX-a  z900   -   -    R1:gr32 S2(X2)     | add (32-bit, memory)
s        5b     RX-a  z900   -   -    R1:gr32 S2(X2)     | subtract (32-bit, memory)
m        5c     RX-a  z900   -   -    R1:gr128 S2(X2)    | multiply (32-bit)
d        5d     RX-a  z900   -   -    R1:gr128 S2(X2)    | divide (32-bit)
al       5e     RX-a  z900   -   -    R1:gr32 S2(X2)     | add logical (32-bit, memory)
sl       5f     RX-a  z900   -   -    R1:gr32 S2(X2)     | subtract logical (32-bit, memory)
ms       71     RX-a  z900   -   -    R1:gr32 S2(X2)     | multiply single (32-bit)
bxh      86     RS-a  z900   -   -    R1:gr32 R3:gr32 S2 | branch on index high (32-bit)
bxle     87     RS-a  z900   -   -    R1:gr32 R3:gr32 S2 | branch on index low or equal (32-bit)
srl      88     RS-a  z900   -   -    R1:gr32 S2         | shift right single logical (32-bit)
sll      89     RS-a  z900   -   -    R1:gr32 S2         | shift left single logical (32-bit)
sra      8a     RS-a  z900   -   -    R1:gr32 S2         | shift right single arithmetic (32-bit)
sla      8b     RS-a  z900   -   -    R1:gr32 S2         | shift left single arithmetic (32-bit)
srdl     8c     RS-a  z900   -   -    R1:gr128 S2        | shift right double logical
sldl     8d     RS-a  z900   -   -    R1:gr128 S2        | shift left double logical
srda     8e     RS-a  z900   -   -    R1:gr128 S2        | shift right double arithmetic
slda     8f     RS-a  z900   -   -    R1:gr128 S2        | shift left double arithmetic
stm      90     RS-a  z900   -   -    R1:gr32 R3:gr32 S2 | store multiple (32-bit)
ts       93     S     z900   -   -    S2                 | test and set
lm       98     RS-a  z900   -   -    R1:gr32 R3:gr32 S2 | load multiple (32-bit)
lam      9a     RS-a  z900   -   -    R1:ar R3:ar S2     | load access registers
stam     9b     RS-a  z900   -   -    R1:ar R3:ar S2     | store access registers
mvcle    a8     RS-a  z900   -   -    R1:gr128 R3:gr128 S2 | move long, extended lengths
clcle    a9     RS-a  z900   -   -    R1:gr128 R3:gr128 S2 | compare logical long, extended lengths
stck     b205   S     z900   -   -    S2                 | store clock
cfc      b21a   S     z900   -   -    S2                 | compare and form codeword (sort assist)
stcke    b278   S     z900   -   -    S2                 | store clock extended
stckf    b27c   S     z9-109 25  -    S2                 | store clock fast
stfle    b2b0   S     z9-109 7   -    S2                 | store facility list extended
cs       ba     RS-a  z900   -   -    R1:gr32 R3:gr32 S2 | compare and swap (32-bit)
cds      bb     RS-a  z900   -   -    R1:gr128 R3:gr128 S2 | compare double and swap (two 32-bit words)
clm      bd     RS-b  z900   -   -    R1:gr32 M3 S2      | compare logical characters under mask (b32-63)
stcm     be     RS-b  z900   -   -    R1:gr32 M3 S2      | store characters under mask (b32-63)
icm      bf     RS-b  z900   -   -    R1:gr32 M3 S2      | insert characters under mask (b32-63)
ectg     c8.1   SSF   z9-ec  31  -    S1 S2 R3:gr64      | extract CPU time
csst     c8.2   SSF   z9-ec  32  -    S1 S2 R3:gr64      | compare and swap and store
lpd      c8.4   SSF   z196   45  -    R3:gr128 S1 S2     | load pair disjoint (32-bit)
lpdg     c8.5   SSF   z196   45  -    R3:gr128 S1 S2     | load pair disjoint (64-bit)
cal      c8.6   SSF   z17    201 -    R3:gr32 S1 S2      | compare and load (32-bit)
calg     c8.7   SSF   z17    201 -    R3:gr64 S1 S2      | compare and load (64-bit)
calgf    c8.f   SSF   z17    201 -    R3:gr64 S1 S2      | compare and load (64-bit with unsigned 32-bit operand)
trtr     d0     SS-a  z9-109 22  -    S1(L1) S2          | translate and test reverse
mvn      d1     SS-a  z900   -   -    S1(L1) S2          | move numerics (low nibbles)
mvc      d2     SS-a  z900   -   -    S1(L1) S2          | move storage bytes
mvz      d3     SS-a  z900   -   -    S1(L1) S2          | move zones (high nibbles)
nc       d4     SS-a  z900   -   -    S1(L1) S2          | AND storage bytes
clc      d5     SS-a  z900   -   -    S1(L1) S2          | compare logical storage bytes
oc       d6     SS-a  z900   -   -    S1(L1) S2          | OR storage bytes
xc       d7     SS-a  z900   -   -    S1(L1) S2          | XOR storage bytes
tr       dc     SS-a  z900   -   -    S1(L1) S2          | translate bytes
trt      dd     SS-a  z900   -   -    S1(L1) S2          | translate and test
pku      e1     SS-f  z900   16  -    S1 S2(L2)          | pack Unicode
unpku    e2     SS-a  z900   16  -    S1(L1) S2          | unpack Unicode
ltg      e3..02 RXY-a z9-109 21  -    R1:gr64 S2(X2)     | load and test (64-bit, memory)
lg       e3..04 RXY-a z900   -   -    R1:gr64 S2(X2)     | load (64-bit, memory)
cvby     e3..06 RXY-a z990   18  -    R1:gr32 S2(X2)     | convert decimal to binary (32-bit)
ag       e3..08 RXY-a z900   -   -    R1:gr64 S2(X2)     | add (64-bit, memory)
sg       e3..09 RXY-a z900   -   -    R1:gr64 S2(X2)     | subtract (64-bit, memory)
alg      e3..0a RXY-a z900   -   -    R1:gr64 S2(X2)     | add logical (64-bit, memory)
slg      e3..0b RXY-a z900   -   -    R1:gr64 S2(X2)     | subtract logical (64-bit, memory)
msg      e3..0c RXY-a z900   -   -    R1:gr64 S2(X2)     | multiply single (64-bit)
dsg      e3..0d RXY-a z900   -   -    R1:gr128 S2(X2)    | divide single (64-bit)
cvbg     e3..0e RXY-a z900   -   -    R1:gr64 S2(X2)     | convert decimal to binary (64-bit)
lrvg     e3..0f RXY-a z900   -   -    R1:gr64 S2(X2)     | load byte-reversed (64-bit)
lt       e3..12 RXY-a z9-109 21  -    R1:gr32 S2(X2)     | load and test (32-bit, memory)
lgf      e3..14 RXY-a z900   -   -    R1:gr64 S2(X2)     | load (64-bit with signed 32-bit operand, memory)
lgh      e3..15 RXY-a z900   -   -    R1:gr64 S2(X2)     | load halfword (64-bit with signed 16-bit operand, memory)
llgf     e3..16 RXY-a z900   -   -    R1:gr64 S2(X2)     | load logical word (64-bit with unsigned 32-bit operand, memory)
llgt     e3..17 RXY-a z900   -   -    R1:gr64 S2(X2)     | load logical 31 bits (64-bit from 31-bit operand, memory)
agf      e3..18 RXY-a z900   -   -    R1:gr64 S2(X2)     | add (64-bit with signed 32-bit operand, memory)
sgf      e3..19 RXY-a z900   -   -    R1:gr64 S2(X2)     | subtract (64-bit with signed 32-bit operand, memory)
algf     e3..1a RXY-a z900   -   -    R1:gr64 S2(X2)     | add logical (64-bit with unsigned 32-bit operand, memory)
slgf     e3..1b RXY-a z900   -   -    R1:gr64 S2(X2)     | subtract logical (64-bit with unsigned 32-bit operand, memory)
msgf     e3..1c RXY-a z900   -   -    R1:gr64 S2(X2)     | multiply single (64-bit with signed 32-bit operand)
dsgf     e3..1d RXY-a z900   -   -    R1:gr128 S2(X2)    | divide single (64-bit with signed 32-bit operand)
lrv      e3..1e RXY-a z900   -   -    R1:gr32 S2(X2)     | load byte-reversed (32-bit)
lrvh     e3..1f RXY-a z900   -   -    R1:gr32 S2(X2)     | load byte-reversed (16-bit)
cg       e3..20 RXY-a z900   -   -    R1:gr64 S2(X2)     | compare (64-bit, memory)
clg      e3..21 RXY-a z900   -   -    R1:gr64 S2(X2)     | compare logical (64-bit, memory)
stg      e3..24 RXY-a z900   -   -    R1:gr64 S2(X2)     | store (64-bit)
cvdy     e3..26 RXY-a z990   18  -    R1:gr32 S2(X2)     | convert binary to decimal (32-bit)
lzrg     e3..2a RXY-a z13    53  -    R1:gr64 S2(X2)     | load and zero rightmost byte (64-bit)
cvdg     e3..2e RXY-a z900   -   -    R1:gr64 S2(X2)     | convert binary to decimal (64-bit)
strvg    e3..2f RXY-a z900   -   -    R1:gr64 S2(X2)     | store byte-reversed (64-bit)
cgf      e3..30 RXY-a z900   -   -    R1:gr64 S2(X2)     | compare (64-bit with signed 32-bit operand, memory)
clgf     e3..31 RXY-a z900   -   -    R1:gr64 S2(X2)     | compare logical (64-bit with unsigned 32-bit operand, memory)
ltgf     e3..32 RXY-a z10    34  -    R1:gr64 S2(X2)     | load and test (64-bit with signed 32-bit operand, memory)
cgh      e3..34 RXY-a z10    34  -    R1:gr64 S2(X2)     | compare halfword (64-bit with signed 16-bit operand, memory)
pfd      e3..36 RXY-b z10    34  -    M1 S2(X2)          | prefetch data hint (memory operand)
agh      e3..38 RXY-a z14    58  -    R1:gr64 S2(X2)     | add halfword (64-bit with signed 16-bit operand, memory)
sgh      e3..39 RXY-a z14    58  -    R1:gr64 S2(X2)     | subtract halfword (64-bit with signed 16-bit operand, memory)
llzrgf   e3..3a RXY-a z13    53  -    R1:gr64 S2(X2)     | load and zero rightmost byte (64-bit with unsigned 32-bit operand)
lzrf     e3..3b RXY-a z13    53  -    R1:gr32 S2(X2)     | load and zero rightmost byte (32-bit)
mgh      e3..3c RXY-a z14    58  -    R1:gr64 S2(X2)     | multiply halfword (64-bit with signed 16-bit operand)
strv     e3..3e RXY-a z900   -   -    R1:gr32 S2(X2)     | store byte-reversed (32-bit)
strvh    e3..3f RXY-a z900   -   -    R1:gr32 S2(X2)     | store byte-reversed (16-bit)
bctg     e3..46 RXY-a z900   -   -    R1:gr64 S2(X2)     | branch on count down (64-bit)
bic      e3..47 RXY-b z14    58  -    M1 S2(X2)          | branch on condition to address loaded from storage
sty      e3..50 RXY-a z990   18  -    R1:gr32 S2(X2)     | store (32-bit)
msy      e3..51 RXY-a z990   18  -    R1:gr32 S2(X2)     | multiply single (32-bit)
msc      e3..53 RXY-a z14    58  -    R1:gr32 S2(X2)     | multiply single setting CC (32-bit)
ny       e3..54 RXY-a z990   18  -    R1:gr32 S2(X2)     | bitwise AND (32-bit, memory)
cly      e3..55 RXY-a z990   18  -    R1:gr32 S2(X2)     | compare logical (32-bit, memory)
oy       e3..56 RXY-a z990   18  -    R1:gr32 S2(X2)     | bitwise OR (32-bit, memory)
xy       e3..57 RXY-a z990   18  -    R1:gr32 S2(X2)     | bitwise XOR (32-bit, memory)
ly       e3..58 RXY-a z990   18  -    R1:gr32 S2(X2)     | load (32-bit, memory)
cy       e3..59 RXY-a z990   18  -    R1:gr32 S2(X2)     | compare (32-bit, memory)
ay       e3..5a RXY-a z990   18  -    R1:gr32 S2(X2)     | add (32-bit, memory)
sy       e3..5b RXY-a z990   18  -    R1:gr32 S2(X2)     | subtract (32-bit, memory)
mfy      e3..5c RXY-a z10    34  -    R1:gr128 S2(X2)    | multiply (32-bit)
aly      e3..5e RXY-a z990   18  -    R1:gr32 S2(X2)     | add logical (32-bit, memory)
sly      e3..5f RXY-a z990   18  -    R1:gr32 S2(X2)     | subtract logical (32-bit, memory)
lxab     e3..60 RXY-a z17    84  -    R1:gr64 S2(X2)     | load indexed address (x1)
llxab    e3..61 RXY-a z17    84  -    R1:gr64 S2(X2)     | load logical indexed address (x1)
lxah     e3..62 RXY-a z17    84  -    R1:gr64 S2(X2)     | load indexed address (x2)
llxah    e3..63 RXY-a z17    84  -    R1:gr64 S2(X2)     | load logical indexed address (x2)
lxaf     e3..64 RXY-a z17    84  -    R1:gr64 S2(X2)     | load indexed address (x4)
llxaf    e3..65 RXY-a z17    84  -    R1:gr64 S2(X2)     | load logical indexed address (x4)
lxag     e3..66 RXY-a z17    84  -    R1:gr64 S2(X2)     | load indexed address (x8)
llxag    e3..67 RXY-a z17    84  -    R1:gr64 S2(X2)     | load logical indexed address (x8)
lxaq     e3..68 RXY-a z17    84  -    R1:gr64 S2(X2)     | load indexed address (x16)
llxaq    e3..69 RXY-a z17    84  -    R1:gr64 S2(X2)     | load logical indexed address (x16)
sthy     e3..70 RXY-a z990   18  -    R1:gr32 S2(X2)     | store halfword
lay      e3..71 RXY-a z990   18  -    R1:gr64 S2(X2)     | load address (20-bit-disp)
stcy     e3..72 RXY-a z990   18  -    R1:gr32 S2(X2)     | store character
icy      e3..73 RXY-a z990   18  -    R1:gr64 S2(X2)     | insert character
laey     e3..75 RXY-a z10    34  -    R1:gr64 S2(X2)     | load address and set access register (20-bit-disp)
lb       e3..76 RXY-a z990   18  -    R1:gr32 S2(X2)     | load byte (32-bit from signed byte, memory)
lgb      e3..77 RXY-a z990   18  -    R1:gr64 S2(X2)     | load byte (64-bit from signed byte, memory)
lhy      e3..78 RXY-a z990   18  -    R1:gr32 S2(X2)     | load halfword (32-bit with signed 16-bit operand, memory)
chy      e3..79 RXY-a z990   18  -    R1:gr32 S2(X2)     | compare halfword (32-bit with signed 16-bit operand, memory)
ahy      e3..7a RXY-a z990   18  -    R1:gr32 S2(X2)     | add halfword (32-bit with signed 16-bit operand, memory)
shy      e3..7b RXY-a z990   18  -    R1:gr32 S2(X2)     | subtract halfword (32-bit with signed 16-bit operand, memory)
mhy      e3..7c RXY-a z10    34  -    R1:gr32 S2(X2)     | multiply halfword (32-bit with signed 16-bit operand)
ng       e3..80 RXY-a z900   -   -    R1:gr64 S2(X2)     | bitwise AND (64-bit, memory)
og       e3..81 RXY-a z900   -   -    R1:gr64 S2(X2)     | bitwise OR (64-bit, memory)
xg       e3..82 RXY-a z900   -   -    R1:gr64 S2(X2)     | bitwise XOR (64-bit, memory)
msgc     e3..83 RXY-a z14    58  -    R1:gr64 S2(X2)     | multiply single setting CC (64-bit)
mg       e3..84 RXY-a z14    58  -    R1:gr128 S2(X2)    | multiply (64-bit)
lgat     e3..85 RXY-a zEC12  49  -    R1:gr64 S2(X2)     | load and trap if zero (64-bit)
mlg      e3..86 RXY-a z900   -   -    R1:gr128 S2(X2)    | multiply logical (64-bit)
dlg      e3..87 RXY-a z900   -   -    R1:gr128 S2(X2)    | divide logical (64-bit)
alcg     e3..88 RXY-a z900   -   -    R1:gr64 S2(X2)     | add logical with carry (64-bit, memory)
slbg     e3..89 RXY-a z900   -   -    R1:gr64 S2(X2)     | subtract logical with borrow (64-bit, memory)
stpq     e3..8e RXY-a z900   -   -    R1:gr128 S2(X2)    | store pair to quadword
lpq      e3..8f RXY-a z900   -   -    R1:gr128 S2(X2)    | load pair from quadword
llgc     e3..90 RXY-a z900   -   -    R1:gr64 S2(X2)     | load logical character (64-bit from unsigned byte, memory)
llgh     e3..91 RXY-a z900   -   -    R1:gr64 S2(X2)     | load logical halfword (64-bit with unsigned 16-bit operand, memory)
llc      e3..94 RXY-a z9-109 21  -    R1:gr32 S2(X2)     | load logical character (32-bit from unsigned byte, memory)
llh      e3..95 RXY-a z9-109 21  -    R1:gr32 S2(X2)     | load logical halfword (32-bit with unsigned 16-bit operand, memory)
ml       e3..96 RXY-a z900   -   -    R1:gr128 S2(X2)    | multiply logical (32-bit)
dl       e3..97 RXY-a z900   -   -    R1:gr128 S2(X2)    | divide logical (32-bit)
alc      e3..98 RXY-a z900   -   -    R1:gr32 S2(X2)     | add logical with carry (32-bit, memory)
slb      e3..99 RXY-a z900   -   -    R1:gr32 S2(X2)     | subtract logical with borrow (32-bit, memory)
llgtat   e3..9c RXY-a zEC12  49  -    R1:gr64 S2(X2)     | load and trap if zero (64-bit from 31-bit operand)
llgfat   e3..9d RXY-a zEC12  49  -    R1:gr64 S2(X2)     | load and trap if zero (64-bit with unsigned 32-bit operand)
lat      e3..9f RXY-a zEC12  49  -    R1:gr32 S2(X2)     | load and trap if zero (32-bit)
lbh      e3..c0 RXY-a z196   45  -    R1:grh32 S2(X2)    | load byte (high word, memory)
llch     e3..c2 RXY-a z196   45  -    R1:grh32 S2(X2)    | load logical character (high word, memory)
stch     e3..c3 RXY-a z196   45  -    R1:grh32 S2(X2)    | store character from high word
lhh      e3..c4 RXY-a z196   45  -    R1:grh32 S2(X2)    | load halfword (high word, memory)
llhh     e3..c6 RXY-a z196   45  -    R1:grh32 S2(X2)    | load logical halfword (high word, memory)
sthh     e3..c7 RXY-a z196   45  -    R1:grh32 S2(X2)    | store halfword from high word
lfhat    e3..c8 RXY-a zEC12  49  -    R1:grh32 S2(X2)    | load and trap if zero (high word)
lfh      e3..ca RXY-a z196   45  -    R1:grh32 S2(X2)    | load high word
stfh     e3..cb RXY-a z196   45  -    R1:grh32 S2(X2)    | store high word
chf      e3..cd RXY-a z196   45  -    R1:grh32 S2(X2)    | compare high word (high word, memory operand)
clhf     e3..cf RXY-a z196   45  -    R1:grh32 S2(X2)    | compare logical high word (high word, memory operand)
mvcrl    e50a   SSE   z15    61  -    S1 S2              | move right to left
lcbb     e7..27 RXE   z13    129 -    R1:gr32 S2(X2) M3  | load count to block boundary
mvcin    e8     SS-a  z900   -   -    S1(L1) S2          | move inverse (byte order)
pka      e9     SS-f  z900   16  -    S1 S2(L2)          | pack ASCII
unpka    ea     SS-a  z900   16  -    S1(L1) S2          | unpack ASCII
lmg      eb..04 RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | load multiple (64-bit)
srag     eb..0a RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | shift right single arithmetic (64-bit)
slag     eb..0b RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | shift left single arithmetic (64-bit)
srlg     eb..0c RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | shift right single logical (64-bit)
sllg     eb..0d RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | shift left single logical (64-bit)
csy      eb..14 RSY-a z990   18  -    R1:gr32 R3:gr32 S2 | compare and swap (32-bit)
pfcr     eb..16 RSY-a z17    201 -    R1:gr64 R3:gr64 S2 | perform functions with concurrent results
rllg     eb..1c RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | rotate left logical (64-bit)
rll      eb..1d RSY-a z900   -   -    R1:gr32 R3:gr32 S2 | rotate left logical (32-bit)
clmh     eb..20 RSY-b z900   -   -    R1:grh32 M3 S2     | compare logical characters under mask (b0-31)
clmy     eb..21 RSY-b z990   18  -    R1:gr32 M3 S2      | compare logical characters under mask (b32-63)
clt      eb..23 RSY-b zEC12  49  -    R1:gr32 M3 S2      | compare logical and trap (32-bit, memory operand)
stmg     eb..24 RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | store multiple (64-bit)
stmh     eb..26 RSY-a z900   -   -    R1:grh32 R3:grh32 S2 | store multiple (high word)
clgt     eb..2b RSY-b zEC12  49  -    R1:gr64 M3 S2      | compare logical and trap (64-bit, memory operand)
stcmh    eb..2c RSY-b z900   -   -    R1:grh32 M3 S2     | store characters under mask (b0-31)
stcmy    eb..2d RSY-b z990   18  -    R1:gr32 M3 S2      | store characters under mask (b32-63)
csg      eb..30 RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | compare and swap (64-bit)
cdsy     eb..31 RSY-a z990   18  -    R1:gr128 R3:gr128 S2 | compare double and swap (two 32-bit words)
cdsg     eb..3e RSY-a z900   -   -    R1:gr128 R3:gr128 S2 | compare double and swap (two 64-bit words)
bxhg     eb..44 RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | branch on index high (64-bit)
bxleg    eb..45 RSY-a z900   -   -    R1:gr64 R3:gr64 S2 | branch on index low or equal (64-bit)
ecag     eb..4c RSY-a z10    34  -    R1:gr64 R3:gr64 S2 | extract CPU attribute (cache topology)
icmh     eb..80 RSY-b z900   -   -    R1:grh32 M3 S2     | insert characters under mask (b0-31)
icmy     eb..81 RSY-b z990   18  -    R1:gr32 M3 S2      | insert characters under mask (b32-63)
mvclu    eb..8e RSY-a z900   16  -    R1:gr128 R3:gr128 S2 | move long, two-byte units
clclu    eb..8f RSY-a z900   16  -    R1:gr128 R3:gr128 S2 | compare logical long, two-byte units
stmy     eb..90 RSY-a z990   18  -    R1:gr32 R3:gr32 S2 | store multiple (32-bit)
lmh      eb..96 RSY-a z900   -   -    R1:grh32 R3:grh32 S2 | load multiple (high word)
lmy      eb..98 RSY-a z990   18  -    R1:gr32 R3:gr32 S2 | load multiple (32-bit)
lamy     eb..9a RSY-a z990   18  -    R1:ar R3:ar S2     | load access registers
stamy    eb..9b RSY-a z990   18  -    R1:ar R3:ar S2     | store access registers
srak     eb..dc RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | shift right single arithmetic (32-bit, separate result register)
slak     eb..dd RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | shift left single arithmetic (32-bit, separate result register)
srlk     eb..de RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | shift right single logical (32-bit, separate result register)
sllk     eb..df RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | shift left single logical (32-bit, separate result register)
locfh    eb..e0 RSY-b z13    53  -    R1:grh32 S2 M3     | load on condition (high word, memory)
stocfh   eb..e1 RSY-b z13    53  -    R1:grh32 S2 M3     | store on condition (high word)
locg     eb..e2 RSY-b z196   45  -    R1:gr64 S2 M3      | load on condition (64-bit, memory)
stocg    eb..e3 RSY-b z196   45  -    R1:gr64 S2 M3      | store on condition (64-bit)
lang     eb..e4 RSY-a z196   45  -    R1:gr64 R3:gr64 S2 | load and AND (atomic) (64-bit)
laog     eb..e6 RSY-a z196   45  -    R1:gr64 R3:gr64 S2 | load and OR (atomic) (64-bit)
laxg     eb..e7 RSY-a z196   45  -    R1:gr64 R3:gr64 S2 | load and XOR (atomic) (64-bit)
laag     eb..e8 RSY-a z196   45  -    R1:gr64 R3:gr64 S2 | load and add (atomic) (64-bit)
laalg    eb..ea RSY-a z196   45  -    R1:gr64 R3:gr64 S2 | load and add logical (atomic) (64-bit)
loc      eb..f2 RSY-b z196   45  -    R1:gr32 S2 M3      | load on condition (32-bit, memory)
stoc     eb..f3 RSY-b z196   45  -    R1:gr32 S2 M3      | store on condition (32-bit)
lan      eb..f4 RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | load and AND (atomic) (32-bit)
lao      eb..f6 RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | load and OR (atomic) (32-bit)
lax      eb..f7 RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | load and XOR (atomic) (32-bit)
laa      eb..f8 RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | load and add (atomic) (32-bit)
laal     eb..fa RSY-a z196   45  -    R1:gr32 R3:gr32 S2 | load and add logical (atomic) (32-bit)
plo      ee     SS-e  z900   -   -    R1:gr64 S2 R3:gr64 S4 | perform locked operation
lmd      ef     SS-e  z900   -   -    R1:gr64 R3:gr64 S2 S4 | load multiple disjoint (high and low words)
mvo      f1     SS-b  z900   -   -    S1(L1) S2(L2)      | move with offset
pack     f2     SS-b  z900   -   -    S1(L1) S2(L2)      | pack decimal
unpk     f3     SS-b  z900   -   -    S1(L1) S2(L2)      | unpack decimal
`,
);
