# The shell itself: arithmetic, a case statement and parameter expansion in a loop.
sum=0
n=0
while [ $n -lt 30000 ]; do
  n=$((n + 1))
  case $((n % 7)) in
    0) sum=$((sum + n)) ;;
    3) sum=$((sum ^ n)) ;;
    *) word=x$n; sum=$((sum + ${#word})) ;;
  esac
done
echo $sum
