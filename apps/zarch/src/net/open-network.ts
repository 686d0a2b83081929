/** Opens a network. Each kind is loaded when it is wanted: most machines have none. */
import type { DatagramNetwork } from './datagram-network.ts';
import type { NetworkOptions } from './network.ts';
import type { StreamNetwork } from './stream-network.ts';
import type { UserModeNetwork } from './user-mode-network.ts';

/** @throws {CommandError} When it cannot be opened. */
export async function openNetwork(
  network: NetworkOptions,
): Promise<StreamNetwork | DatagramNetwork | UserModeNetwork> {
  switch (network.kind) {
    case 'stream': {
      const { StreamNetwork } = await import('./stream-network.ts');
      return StreamNetwork.open(network);
    }
    case 'datagram': {
      const { DatagramNetwork } = await import('./datagram-network.ts');
      return DatagramNetwork.open(network);
    }
    case 'user': {
      const { UserModeNetwork } = await import('./user-mode-network.ts');
      return UserModeNetwork.open(network);
    }
  }
}
