# Decompression of xz, which busybox cannot make.
for n in 1 2 3 4; do unxz -c /bench/text.xz; done | md5sum | cut -c 1-16
