# Sends 128 MiB to the host over TCP and user-mode networking.
dd if=/dev/zero bs=64k count=2048 2>/dev/null | nc 10.0.2.2 "$sinkport" | cut -c 1-16
