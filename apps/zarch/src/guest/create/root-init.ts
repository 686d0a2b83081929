// What a RAM disk's /init does to start the system on a disk: kernel parameters root=, rootfstype=, rootflags=, ro, rw
// and init= (Linux, Documentation/admin-guide/kernel-parameters.rst), switch_root(8).

/**
 * Kernel modules that are needed before there is a root file system, by the disk and the consoles, and those of a network,
 * with which a system does that has no modules of its own.
 */
export const ROOT_MODULES = ['virtio_blk', 'ext4', 'virtio_console', 'virtio_net', 'af_packet'] as const;

/** Lines of shell for /init, which do not come to their end unless the root cannot be mounted. */
export const rootInitLines: readonly string[] = `\
root=/dev/vda type= flags= mode=ro init=/sbin/init
for word in $(cat /proc/cmdline); do
  case $word in
    root=*) root=\${word#root=} ;;
    rootfstype=*) type="-t \${word#rootfstype=}" ;;
    rootflags=*) flags=,\${word#rootflags=} ;;
    init=*) init=\${word#init=} ;;
    ro|rw) mode=$word ;;
  esac
done
for wait in $(seq 50); do
  case $root in
    UUID=*|LABEL=*) device=$(findfs "$root" 2>/dev/null) ;;
    *) device=$root ;;
  esac
  [ -b "$device" ] && break
  sleep 0.1
done
if mount $type -o "$mode$flags" "$device" /mnt && [ -x "/mnt$init" -o -L "/mnt$init" ]; then
  umount /dev/pts
  rm -f /dev/ttyS0
  for name in dev proc sys; do mount --move /$name /mnt/$name; done
  exec switch_root /mnt "$init"
fi
echo "zarch: cannot start a system from root=$root"
`.split('\n');
