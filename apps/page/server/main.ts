/** `pnpm --filter @zarch/page start`: serves the page with Debian's kernel, until it is interrupted. */
import { fetchGuestFiles } from './guest.ts';
import { servePage } from './server.ts';

const port = Number(process.env['PORT'] ?? 8080);
const { address } = await servePage({ ...fetchGuestFiles() }, port);
console.log(`${address}?kernel=kernel&initrd=initrd`);
