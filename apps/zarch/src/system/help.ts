/** The texts that `-h`, `-version` and the `help` arguments print. */
import { cpuModelNames, DEFAULT_MODEL } from '@zarch/machine';
import { version } from '../version.ts';
import { deviceModels } from './device-options.ts';
import type { Information } from './draft.ts';
import { LOG_ITEMS } from './log-items.ts';
import { virtioModels } from './virtio-options.ts';

const USAGE = `The options are those of QEMU, as far as zarch has the devices.

Machine:
  -machine, -M [type=]s390-ccw-virtio[,accel=ANY][,loadparm=TEXT]
  -cpu MODEL                 see -cpu help
  -m [size=]SIZE[kmgt]       memory, in MiB without a suffix (default 128)
  -smp [cpus=]1[,maxcpus=N]
  -accel ANY[,tier=default|interpret|translate][,keep=on|off][,counters=on|off]
                             the engine is always zarch's own
  -uuid UUID  -name NAME
Program:
  -kernel FILE               a Linux image or an ELF64 program
  -initrd FILE  -append TEXT
Consoles and devices:
  -nographic                 the console on the terminal; Ctrl-a h shows its keys
  -display none  -nodefaults  -echr CODE
  -serial none|null|stdio|mon:stdio|file:PATH|unix:PATH[,server=on]|tcp:HOST:PORT[,server=on]|chardev:ID
  -chardev null|stdio|file|socket,id=ID[,...]
  -device MODEL[,id=ID][,...]   see -device help
Disks:
  FILE  -hda FILE  -drive file=FILE[,if=virtio|none][,id=ID][,format=raw][,readonly=on|off][,snapshot=on|off]
                             [,cache=writeback|none|writethrough|directsync|unsafe]
  -blockdev driver=raw|file,node-name=NAME,file=NAME|filename=FILE[,read-only=on|off][,cache.direct=on|off]
  -device virtio-blk-ccw,drive=ID[,devno=fe.0.0001][,serial=TEXT][,write-cache=on|off]
  -snapshot                  images stay as they are
Networks and folders:
  -netdev user,id=ID[,net=NETWORK[/MASK]][,host=ADDRESS][,dhcpstart=ADDRESS][,dns=ADDRESS][,restrict=on|off]
                    [,ipv4=on|off][,ipv6=on|off][,ipv6-net=PREFIX[/64]][,ipv6-host=ADDRESS][,ipv6-dns=ADDRESS]
                    [,hostname=NAME][,domainname=NAME][,dnssearch=NAME]...
                    [,hostfwd=[tcp|udp]:[HOSTADDRESS]:HOSTPORT-[GUESTADDRESS]:GUESTPORT]...
  -nic user|socket|stream|dgram[,model=virtio-net-ccw][,mac=ADDRESS][,...]   a network with its device
  -netdev socket,id=ID,listen=[HOST]:PORT|connect=HOST:PORT|udp=HOST:PORT,localaddr=HOST:PORT
  -netdev stream,id=ID[,server=on],addr.type=inet|unix[,addr.host=HOST][,addr.port=PORT][,addr.path=PATH]
  -netdev dgram,id=ID,local.type=inet,local.host=HOST,local.port=PORT,remote.type=inet,...
  -device virtio-net-ccw,netdev=ID[,mac=ADDRESS]
  -virtfs local,path=FOLDER,mount_tag=TAG,security_model=none|passthrough[,readonly=on]
  -fsdev local,id=ID,path=FOLDER,security_model=... -device virtio-9p-ccw,fsdev=ID,mount_tag=TAG
Other virtio devices:
  -device virtio-rng-ccw[,rng=ID]  -object rng-builtin|rng-random,id=ID[,filename=FILE]
  -device virtio-balloon-ccw
  -device virtio-serial-ccw -device virtconsole|virtserialport,chardev=ID[,name=NAME]
Running:
  -S                         do not start the CPU
  -s  -gdb tcp:[HOST]:PORT|unix:PATH|none   wait for gdb; -s is -gdb tcp::1234, on the loopback address
  -no-reboot  -no-shutdown  -watchdog-action ACTION
  -action panic=pause|shutdown|exit-failure|none,reboot=reset|shutdown,shutdown=poweroff|pause,watchdog=ACTION
  -d ITEM,... -D FILE        log, see -d help
  -version  -h
`;

const list = (title: string, items: readonly { readonly name: string; readonly description: string }[]) =>
  `${title}\n${items.map(({ name, description }) => `${name.padEnd(20)} ${description}\n`).join('')}`;

export function informationText(program: string, what: Information): string {
  switch (what) {
    case 'version':
      return `zarch emulator version ${version()}\n`;
    case 'help':
      return `zarch emulator version ${version()}\nusage: ${program} [options]\n\n${USAGE}`;
    case 'machine':
      return list('Supported machines are:', [
        { name: 's390-ccw-virtio', description: 'virtual s390x machine (default)' },
      ]);
    case 'cpu':
      return list(
        'Available CPUs:',
        cpuModelNames().map((name) => ({ name, description: name === DEFAULT_MODEL ? '(default)' : '' })),
      ).replaceAll(/ +$/gm, '');
    case 'device':
      return list('Devices:', [...deviceModels, ...virtioModels]);
    case 'log':
      return list('Log items (comma separated):', LOG_ITEMS);
    case 'chardev':
      return 'Available chardev backend types:\n  file\n  null\n  socket\n  stdio\n';
    case 'accel':
      return 'Accelerators supported:\nany name stands for the one engine there is, with its tiers default, interpret and translate\n';
  }
}
