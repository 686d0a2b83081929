# The computing kernels, one after another, their checksums compared with the known ones; each worker starts elsewhere.
worker=$1
round=$2
total=$(grep -c . /stress/checksums)
first=$(((round * 7 + worker * 13) % total + 1))
# A few in each round, so that rounds are short.
for line in 0 1 2 3; do
  set -- $(sed -n "$(((first + line - 1) % total + 1))p" /stress/checksums)
  said=$(/stress/cases "$1" "$2") || exit 1
  [ "${said%% *}" = "$3" ] || { echo "$1: $said, not $3"; exit 1; }
done
