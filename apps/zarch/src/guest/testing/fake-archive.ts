// A signed Debian archive on a loopback HTTP server, for tests. Every part can be replaced to be wrong.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createCleartextMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { sha256 } from '../cache.ts';
import { packDeb, packModule } from './deb-file.ts';

/** A key pair; `publicKey` is binary. */
export interface SigningKey {
  readonly privateKey: PrivateKey;
  readonly publicKey: Uint8Array;
  readonly fingerprint: string;
}

export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    userIDs: [{ name: 'Archive', email: 'archive@example.invalid' }],
    date: new Date(Date.now() - 60_000),
    format: 'object',
  });
  const fingerprint = publicKey.getFingerprint().toUpperCase();
  return { privateKey, publicKey: publicKey.write(), fingerprint };
}

export async function clearsign(text: string, key: SigningKey): Promise<string> {
  const message = await createCleartextMessage({ text });
  return sign({ message, signingKeys: key.privateKey });
}

/** The text of a Release file for these index files. */
export function releaseText(
  files: Readonly<Record<string, Uint8Array>>,
  fields: Readonly<Record<string, string>> = {},
): string {
  const head = {
    Origin: 'Debian',
    Suite: 'oldstable',
    Codename: 'bookworm',
    Date: 'Sat, 11 Jul 2026 10:16:37 UTC',
    ...fields,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  const sums = Object.entries(files).map(([path, data]) => ` ${sha256(data)} ${data.length} ${path}`);
  return [...lines, 'SHA256:', ...sums, ''].join('\n');
}

export const KERNEL = 'linux-image-6.1.0-9-s390x';

/** The packages that a guest is made of, and a keyring package. */
export async function fakePackages(key: SigningKey): Promise<Map<string, Uint8Array>> {
  const modules = 'lib/modules/6.1.0-9-s390x';
  return new Map([
    [
      KERNEL,
      await packDeb(
        {
          'boot/vmlinuz-6.1.0-9-s390x': 'the kernel',
          'boot/System.map-6.1.0-9-s390x': '0000000000010000 T _stext\n',
          [`${modules}/modules.builtin`]: 'kernel/drivers/virtio/virtio.ko\n',
          [`${modules}/kernel/net/core/failover.ko`]: packModule('depends=', 'name=failover'),
          [`${modules}/kernel/drivers/net/virtio_net.ko`]: packModule('depends=failover,virtio'),
        },
        'zst',
      ),
    ],
    ['linux-image-s390x', await packDeb({})],
    ['busybox-static', await packDeb({ 'bin/busybox': 'the busybox' })],
    [
      'debian-archive-keyring',
      await packDeb({ 'usr/share/keyrings/debian-archive-keyring.gpg': key.publicKey }),
    ],
  ]);
}

/** What the server has, by path; a function answers by itself. */
export type Served = Map<string, Uint8Array | ((response: ServerResponse) => void)>;

/** All files of an archive that holds these packages. */
export async function archiveFiles(
  packages: ReadonlyMap<string, Uint8Array>,
  key: SigningKey,
  fields: Readonly<Record<string, string>> = {},
  /** More lines of packages' entries. */
  more: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const served: Served = new Map();
  let index = '';
  for (const [name, deb] of packages) {
    const path = `pool/main/${name}_1.0-1_s390x.deb`;
    const depends = name === 'linux-image-s390x' ? `Depends: ${KERNEL} (= 1.0-1)\n` : '';
    index += `Package: ${name}\nVersion: 1.0-1\nArchitecture: s390x\n${depends}`;
    index += `Filename: ${path}\nSize: ${deb.length}\nSHA256: ${sha256(deb)}\n${more[name] ?? ''}\n`;
    served.set(`/debian/${path}`, deb);
  }
  const packed = gzipSync(index);
  const name = 'main/binary-s390x/Packages.gz';
  served.set(`/debian/dists/bookworm/${name}`, packed);
  const release = await clearsign(releaseText({ [name]: packed }, fields), key);
  served.set('/debian/dists/bookworm/InRelease', Buffer.from(release));
  return served;
}

/** A running server; `requests` lists the paths asked for. */
export interface Server {
  readonly mirror: string;
  readonly served: Served;
  readonly requests: string[];
  close(): Promise<void>;
}

export async function serve(served: Served): Promise<Server> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const found = served.get(decodeURIComponent(request.url ?? ''));
    if (typeof found === 'function') found(response);
    else if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': found.length }).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    mirror: `http://127.0.0.1:${port}/debian`,
    served,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
