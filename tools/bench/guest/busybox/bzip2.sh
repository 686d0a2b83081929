# Compression with bzip2.
head -c 400000 /bench/text | bzip2 -c | md5sum | cut -c 1-16
