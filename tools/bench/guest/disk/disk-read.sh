# Reads a disk of 1 GiB from its first to its last byte, past the guest's page cache.
dd if=/dev/disk-to-read of=/dev/null bs=1M iflag=direct 2>/dev/null &&
  dd if=/dev/disk-to-read bs=1M skip=1023 iflag=direct 2>/dev/null | md5sum | cut -c 1-16
