# Files on tmpfs: compressed, unpacked, archived and copied, their checksums as before.
. /stress/known
round=$1
is() { [ "$2" = "$3" ] || { echo "$1: $2, not $3"; exit 1; }; }
rm -rf ./*
gzip -c /stress/text >text.gz || exit 1
is gunzip "$(gunzip -c text.gz | sha256sum)" "$sha256  -"
bzip2 -c /stress/text | bunzip2 | sha256sum | grep -q "$sha256" || { echo bzip2; exit 1; }
mkdir tree
n=0
while [ $n -lt 12 ]; do
  n=$((n + 1))
  dd if=/stress/text of=tree/$n bs=$((n * 97 + round % 50)) skip=$n count=40 2>/dev/null || exit 1
done
(cd tree && sha256sum *) >sums
tar -czf tree.tar.gz tree || exit 1
rm -rf tree
tar -xzf tree.tar.gz || exit 1
(cd tree && sha256sum -c ../sums >/dev/null) || { echo tar; exit 1; }
cp -r tree other
diff -r tree other || exit 1
find other -type f | wc -l | grep -q '^12$' || { echo find; exit 1; }
