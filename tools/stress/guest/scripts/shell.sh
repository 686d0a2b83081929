# The shell itself: arithmetic, cases, functions, pipes, here-documents, programs started again and again.
round=$1
sum=0
n=0
while [ $n -lt 3000 ]; do
  n=$((n + 1))
  case $((n % 3)) in
    0) sum=$((sum + n)) ;;
    1) word=x$n; sum=$((sum + n + ${#word} - ${#n} - 1)) ;;
    *) sum=$((sum ^ 0 | 0)); sum=$((sum + n)) ;;
  esac
done
[ $sum = 4501500 ] || { echo "the sum is $sum"; exit 1; }
power() { [ "$2" = 0 ] && echo 1 || echo $(($1 * $(power "$1" $(($2 - 1))))); }
[ "$(power 3 12)" = 531441 ] || { echo power; exit 1; }
n=0
while [ $n -lt 25 ]; do
  n=$((n + 1))
  [ "$(echo $((n * round)) | /bin/busybox cat)" = $((n * round)) ] || { echo "a pipe in round $n"; exit 1; }
  /bin/busybox true || exit 1
  ! /bin/busybox false || exit 1
done
[ "$(seq 1 200 | awk '{ s += $1 * $1 } END { print s }')" = 2686700 ] || { echo seq; exit 1; }
[ "$(expr 123456789 \* 1001)" = 123580245789 ] || { echo expr; exit 1; }
[ "$(cat <<END | wc -c
a line of $round
END
)" = $((11 + ${#round})) ] || { echo here-document; exit 1; }
