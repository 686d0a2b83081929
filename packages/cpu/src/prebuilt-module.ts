/** The CPU's module as most guests need it, made when the package is built: that takes a fifth of a second. */

/** Set by the package's build to the module in base64. */
declare const ZARCH_CPU_MODULE: string | undefined;

/** What ECMAScript 2026 adds to `Uint8Array`. */
interface Base64Decoder {
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

/** In the binary format; undefined in the source tree, and where the host cannot read it. */
export function prebuiltModule(): Uint8Array<ArrayBuffer> | undefined {
  if (typeof ZARCH_CPU_MODULE === 'undefined') return undefined;
  const { fromBase64 } = Uint8Array as unknown as Base64Decoder;
  return fromBase64?.(ZARCH_CPU_MODULE);
}
