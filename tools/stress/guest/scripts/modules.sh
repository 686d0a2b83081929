# Kernel modules that come and go; some of them test the kernel: code that it patches, programs that its BPF compiler makes.
# test_user_copy is not one of them: it fails on any machine whose modprobe has something at the number of the kernel's
# buffer, and busybox lies where the kernel's discarded first code was.
round=$1
for name in test_static_keys raid6_pq xor lz4hc libcrc32c; do
  modprobe $name || { echo "$name does not load"; exit 1; }
  modprobe -r $name || { echo "$name does not go"; exit 1; }
done
# The tests of BPF take long.
[ $((round % 20)) = 0 ] || exit 0
modprobe test_bpf || { echo "test_bpf does not load"; exit 1; }
modprobe -r test_bpf
