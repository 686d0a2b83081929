/** Where the repository and the guest's sources are. */
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
/** The sources of the guest's programs. */
export const guestDirectory = join(import.meta.dirname, '../guest');
/** The benchmark's sources, whose kernels and mixes are run too. */
export const benchDirectory = join(root, 'tools/bench/guest');
