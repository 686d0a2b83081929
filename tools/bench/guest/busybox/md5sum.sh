# MD5 of the text, several times over.
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do cat /bench/text; done | md5sum | cut -c 1-16
