/** Folders of the host for 9P: `-fsdev` and `-virtfs` (QEMU qemu-options.hx). */
import { usageError } from '../command-error.ts';
import { checkKeys, type KeyList, parseKeyList, parseWord, switchOf } from './parse.ts';

export interface SharedFolder {
  readonly path: string;
  readonly readOnly: boolean;
  /** Owners are set as the guest wants. */
  readonly owners: boolean;
}

const keys = ['fsdriver', 'id', 'path', 'security_model', 'readonly', 'writeout'];

/** Parses `-fsdev local,id=ID,path=FOLDER,security_model=none|passthrough`. */
export function parseFsdev(text: string): { readonly id: string; readonly folder: SharedFolder } {
  const what = `-fsdev ${text}`;
  const list = parseKeyList('-fsdev', text, 'fsdriver');
  checkKeys(what, list, keys);
  const id = list.get('id');
  if (!id) throw usageError(`${what}: Parameter 'id' is missing`);
  return { id, folder: folderOf(what, list) };
}

/** Parses `-virtfs local,path=FOLDER,mount_tag=TAG,...`, a folder with its device. */
export function parseVirtfs(text: string): { readonly tag: string; readonly folder: SharedFolder } {
  const what = `-virtfs ${text}`;
  const list = parseKeyList('-virtfs', text, 'fsdriver');
  checkKeys(what, list, [...keys, 'mount_tag']);
  const tag = list.get('mount_tag');
  if (!tag) throw usageError(`${what}: Parameter 'mount_tag' is missing`);
  return { tag, folder: folderOf(what, list) };
}

function folderOf(what: string, list: KeyList): SharedFolder {
  if (list.get('fsdriver') !== 'local')
    throw usageError(`${what}: '${list.get('fsdriver')}' is not supported: only local is`);
  const path = list.get('path');
  if (!path) throw usageError(`${what}: Parameter 'path' is missing`);
  const model = list.get('security_model');
  if (model === undefined) throw usageError(`${what}: Parameter 'security_model' is missing`);
  if (model.startsWith('mapped'))
    throw usageError(`${what}: security_model=${model} is not supported: use none or passthrough`);
  const owners = parseWord(`${what}: security_model`, model, ['none', 'passthrough']) === 'passthrough';
  return { path, owners, readOnly: switchOf(what, list, 'readonly', false) };
}
