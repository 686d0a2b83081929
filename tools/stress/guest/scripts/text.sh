# Text through sort, awk, sed, tr and grep, the results known from the host.
. /stress/known
is() { [ "$2" = "$3" ] || { echo "$1: $2, not $3"; exit 1; }; }
is sha256 "$(sha256sum </stress/text)" "$sha256  -"
is md5 "$(md5sum </stress/text)" "$md5  -"
is sorted "$(sort /stress/text | sha256sum)" "$sorted  -"
is reversed "$(sort -r /stress/text | sort | sha256sum)" "$sorted  -"
is awk "$(awk '{ for (i = 1; i <= NF; i++) { n++; length_sum += length($i); seen[$i] = 1 } } END { for (w in seen) k++; print n, length_sum, k }' /stress/text)" "$words"
is wc "$(wc -l </stress/text)" "$lines"
is tr "$(tr a-z n-za-m </stress/text | tr a-z n-za-m | sed 's/a/#/g; s/#/a/g' | sha256sum)" "$sha256  -"
is grep "$(grep -v xyzzy /stress/text | sha256sum)" "$sha256  -"
