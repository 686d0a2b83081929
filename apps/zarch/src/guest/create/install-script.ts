// The script that installs a Debian system onto an empty disk, run by busybox in a machine of zarch's own. The stages
// are those of every bootstrap of Debian: the required packages are laid out as they are, so that dpkg can run; then dpkg
// installs them properly, then all others.
import { MARK } from './stages.ts';

/** Where the script finds what the host gives it; see {@link ShareFiles}. */
export const SHARE_TAG = 'zarch';

/** What lies in the shared directory. */
export const ShareFiles = {
  /** Packages, as NAME.deb, uncompressed. */
  packages: 'debs',
  /** Names of packages, one a line, in an order in which they can be unpacked. */
  required: 'required',
  others: 'others',
  /** Files to put into the system when it is installed. */
  settings: 'settings',
  /** Lines `MODE PATH` for those of them that are not 644. */
  modes: 'modes',
  /** `root:PASSWORD` for chpasswd(8), or nothing. */
  password: 'password',
} as const;

/** Packages that the work of all others' scripts needs, in the order in which they can be installed one by one. */
const CORE = ['base-passwd', 'base-files', 'dpkg', 'libc6', 'perl-base', 'mawk', 'debconf'];

/** @param uuid - Of the file system to make. */
export function installScript(uuid: string): string {
  return `#!/bin/sh
say() { echo "${MARK} $*"; }
fail() { say failed "$*"; sync; poweroff -f; sleep 60; }

mkdir -p /share /target
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose,ro ${SHARE_TAG} /share ||
  fail mounting the packages

say format
# The disk is a new file, which reads as zeros.
/mke2fs -q -F -t ext4 -L root -U ${uuid} -E assume_storage_prezeroed=1 /dev/vda || fail making a file system
mount -t ext4 -o noatime /dev/vda /target || fail mounting the new file system

say extract
for name in bin sbin lib; do
  mkdir -p /target/usr/$name
  ln -s usr/$name /target/$name
done
while read -r name; do
  ar -p /share/${ShareFiles.packages}/$name.deb data.tar | tar -x -C /target || fail extracting $name
done </share/${ShareFiles.required}
mkdir -p /target/dev /target/proc /target/sys /target/run
mount --bind /dev /target/dev
mount -t proc proc /target/proc
mount -t sysfs sysfs /target/sys
mount -t tmpfs tmpfs /target/run
mkdir /target/run/share
mount --bind /share /target/run/share

cat >/target/run/install <<'END'
${chrootScript}
END
# Packages' scripts write to a pipe: some would take a terminal for a user's.
{
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 \\
    DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true INITRD=No \\
    chroot /target /bin/sh /run/install </dev/null || echo failed >>/target/run/failed
} 2>&1 | cat
[ ! -e /target/run/failed ] || fail "$(head -n 1 /target/run/failed)"

for name in run/share run sys proc dev; do umount /target/$name || umount -l /target/$name; done
umount /target || fail closing the file system
say done
poweroff -f
sleep 60
`;
}

/** Runs with the new system as its root. */
const chrootScript = `fail() { echo "$*" >/run/failed; exit 1; }
# dpkg closes the descriptor that it tells its progress on when it starts a package's script.
exec 3>&1
share=/run/share
debs() { sed "s|.*|$share/${ShareFiles.packages}/&.deb|" "$@"; }
# What dpkg writes is of no use unless all of it is there: nothing is gained by flushing each file.
dpkg="dpkg --status-fd 3 --force-unsafe-io --force-confold --force-overwrite"

ldconfig
mkdir -p /var/lib/dpkg/info
: >/var/lib/dpkg/available
# dpkg takes part in installing itself.
version=$(dpkg-deb -f $share/${ShareFiles.packages}/dpkg.deb Version)
printf 'Package: dpkg\\nVersion: %s\\nMaintainer: unknown\\nStatus: install ok installed\\n' "$version" >/var/lib/dpkg/status
: >/var/lib/dpkg/info/dpkg.list
ln -sf mawk /usr/bin/awk
for name in ${CORE.join(' ')}; do
  grep -qx $name $share/${ShareFiles.required} || continue
  [ $name != mawk ] || rm -f /usr/bin/awk
  [ $name != libc6 ] || [ -e /etc/localtime ] || ln -s /usr/share/zoneinfo/Etc/UTC /etc/localtime
  $dpkg --force-depends --install $share/${ShareFiles.packages}/$name.deb || fail installing $name
done

# No service is to be started.
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
$dpkg --force-depends --unpack $(debs $share/${ShareFiles.required}) || fail unpacking the required packages
$dpkg --force-depends --force-configure-any --configure --pending || fail configuring the required packages

# An index of manual pages takes long, and is made once a day anyway.
echo 'man-db man-db/auto-update boolean false' | debconf-set-selections
if [ -s $share/${ShareFiles.others} ]; then
  $dpkg --force-depends --unpack $(debs $share/${ShareFiles.others}) || fail unpacking the other packages
fi
for try in 1 2 3; do
  $dpkg --configure -a && break
  [ $try != 3 ] || fail configuring the other packages
done
[ -z "$(dpkg --audit)" ] || fail "leaving the packages whole: $(dpkg --audit | head -n 1)"
echo 'man-db man-db/auto-update boolean true' | debconf-set-selections

rm -f /etc/apt/sources.list
cp -r $share/${ShareFiles.settings}/. / || fail writing the settings
chown -R root:root /etc/apt /etc/systemd/network
(cd $share/${ShareFiles.settings} && find . -type f) | while read -r file; do chown root:root "/$file"; chmod 644 "/$file"; done
while read -r mode file; do chmod $mode "/$file"; done <$share/${ShareFiles.modes}
if [ -s $share/${ShareFiles.password} ]; then
  chpasswd <$share/${ShareFiles.password} || fail setting the password
else
  passwd -d root || fail removing the password
fi
systemctl enable systemd-networkd systemd-resolved || fail enabling the network
ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
# Each machine made of the disk gives itself an identity.
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id /usr/sbin/policy-rc.d
exit 0`;
