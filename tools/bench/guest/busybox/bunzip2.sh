# Decompression of bzip2.
bunzip2 -c /bench/text.bz2 | md5sum | cut -c 1-16
