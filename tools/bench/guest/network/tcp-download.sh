# Downloads 256 MiB from the host by HTTP, over user-mode networking.
wget -q -O /dev/null "http://10.0.2.2:$netport/268435456" && echo 0000000000000000
