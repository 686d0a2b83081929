/** Options of `qemu-system-s390x` that zarch does not have yet: they are refused by name, not as unknown ones. */
export const absentOptions: ReadonlySet<string> = new Set(
  `add-fd audio audiodev async-teardown bios boot bt c cdrom compat daemonize dtb dump-vmstate fda fdb 
  full-screen fw_cfg g global hdb hdc hdd icount incoming iscsi k loadvm mem-path mem-prealloc mon msg mtdblock 
  no-fd-bootchk no-hpet nouserconfig numa only-migratable overcommit perfmap jitdump pflash pidfile plugin preconfig
  prom-env qmp qmp-pretty readconfig rtc run-with runas sandbox sd seed semihosting semihosting-config set singlestep
  smbios spice tb-size tpmdev trace usb usbdevice vnc win2k-hack writeconfig chroot user L dfilter
  one-insn-per-tb acpitable nodefconfig xen-domid curses sdl rotate`
    .split(/\s+/)
    .filter((name) => name !== ''),
);
