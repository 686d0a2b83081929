# A new program again and again: fork, exec, exit and wait.
n=0
while [ $n -lt 200 ]; do
  n=$((n + 1))
  /bin/busybox true || exit 1
done
echo $n
