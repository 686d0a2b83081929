export {
  type Endpoint,
  familyOf,
  type IpAddress,
  type IpFamily,
  type IpNetwork,
  isInNetwork,
  parseIpAddress,
} from './address.ts';
export {
  type Configuration,
  configure,
  type HostForward,
  type Ipv4Options,
  type Ipv6Options,
  type UserNetworkOptions,
} from './configuration.ts';
export type {
  HostDatagramEvents,
  HostDatagrams,
  HostFailure,
  HostNetwork,
  HostStream,
  HostStreamEvents,
  Listening,
  Timer,
  Timers,
  UserNetworkHost,
} from './host.ts';
export type { Statistic } from './statistics.ts';
export { UserNetwork } from './user-network.ts';
