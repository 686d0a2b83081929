/** The program's version. */
import { readFileSync } from 'node:fs';

/** As package.json has it, one folder above both the source and the built program. */
export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
