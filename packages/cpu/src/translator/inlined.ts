/**
 * How translated code does an instruction. Principles of Operation, chapter 5: what changes translation, addressing mode
 * or the PSW's control ends a region, because everything after it may be fetched from elsewhere.
 */
import type { Instruction } from '@zarch/isa';
import { hotInstructions } from '../interpreter/hot.ts';
import type { Effects } from './effects.ts';

export type Treatment =
  /** Its definition becomes part of the region. */
  | 'inline'
  /** The interpreter's function for it is called; the region goes on if nothing but the next instruction follows. */
  | 'call'
  /** The region ends before it. */
  | 'end';

/** Floating-point and other instructions that are worth their code, beside those of the interpreter's loop. */
const alsoInline: ReadonlySet<string> = new Set(
  `
  ldy ley stdy stey lzer lcdfr lndfr lpdfr cpsdr
  seb deb sqebr sqdb sqeb mdebr mdeb
  kdbr kebr ceb kdb keb lcebr lndbr lnebr lpebr tcdb tceb
  msdbr msebr madb maeb msdb mseb fiebr
  cegbr cdlfbr celfbr cdlgbr celgbr cfebr cgebr clfdbr clfebr clgdbr clgebr
  icm icmy stcm stcmy clm clmy icmh stcmh
  laa laag laal laalg lan lang lao laog lax laxg cds cdsy cdsg
  risbhg risblg popcnt ahhhr ahhlr alhhhr alhhlr
  mr mfy m ml dr d dsgr dsgfr dsg dsgf dl dlg mh msy msc msgc
  sldl srdl slda srda
  bctr bctgr bct bctg bal bas
  sar ear cpya ipm
  lat lgat clt clgt cit cgit clfit clgit crt cgrt clrt clgrt
  lfh stfh lhh llhh lbh llch brcth aih cih clih chf clhf alsih alsihn
  lzrf lzrg llzrgf
  strv strvg strvh lrvh llgt
  pfd pfdrl ppa niai bpp bprp
  lpq stpq
  lmh stmh lam stam lamy stamy
  sthrl lhrl lghrl llghrl llhrl chrl cghrl clhrl clghrl cgfrl clgfrl
  sh shy shhhr sy sgf sgh slb slbg alc slhhhr
  locfhr stocfh locfh lochhi selfhr
  xiy niy oiy xy oy ny
  lpgr lngr lpgfr lngfr lcgfr lbr lhr alsi algsi alhsik aly sly laey chy ahy mhy slgf msgf msgfr cgh mgh mg mgrk
  lmy stmy slak stoc xihf oihf oihh oihl nihl iihh iihl iilh iill nngrk nnrk nogrk nork nxgrk nxrk ncgrk ncrk ocgrk ocrk
  csy
  `
    .trim()
    .split(/\s+/),
);

/** Control instructions after which a region can go on, if it finds its mapping and mode unchanged. */
const callable: ReadonlySet<string> = new Set(
  `spka stctg stctl stpt stckc stap stidp epsw iske rrbe lra lrag tprot lpp lura lurag ipk
  mvcos mvcp mvcs mvck stfl spt ptff`
    .trim()
    .split(/\s+/),
);

/** They change what a region relies on in ways that its check does not see, or are branches of a special kind. */
const ends: ReadonlySet<string> = new Set(
  `svc bsm bassm sam24 sam31 sam64 tam balr bal pc pr pt pti bakr sie trap2 trap4 mc
  tbegin tbeginc tend tabort cksm mvcl mvcle mvclu clcl clcle clclu cu12 cu14 cu21 cu24 cu41 cu42 cuse cmpsc
  tre troo trot trto trtt`
    .trim()
    .split(/\s+/),
);

export function treatment(row: Instruction, effects: Effects | undefined): Treatment {
  if (!effects || ends.has(row.mnemonic)) return 'end';
  const known = hotInstructions.has(row.mnemonic) || alsoInline.has(row.mnemonic);
  if (known && !effects.outlined) return 'inline';
  if (effects.branches !== 'never') return 'end';
  if (row.privileged !== 'no' && !callable.has(row.mnemonic)) return 'end';
  return 'call';
}
