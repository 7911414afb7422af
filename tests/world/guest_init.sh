#!/bin/busybox sh
# The whole start of the arm64 guest: file systems, modules, network, Docker.
# Everything that depends on the host comes on the kernel command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs devtmpfs /dev 2>/dev/null
$bb mkdir -p /dev/pts /dev/shm
$bb mount -t devpts devpts /dev/pts
$bb mount -t tmpfs tmpfs /dev/shm
$bb mount -t tmpfs tmpfs /run
$bb mount -t tmpfs tmpfs /tmp
# Layers in memory: they are small, and an emulated disk is not fast.
$bb mount -t tmpfs -o size=75% tmpfs /var/lib/docker
$bb mount -t cgroup2 cgroup2 /sys/fs/cgroup
for module in overlay br_netfilter bridge veth nf_nat xt_MASQUERADE \
    xt_conntrack xt_addrtype xt_DNAT iptable_nat iptable_filter; do
  modprobe "$module"
done
$bb hostname arm64
$bb ip link set lo up
$bb ip addr add 10.0.2.15/24 dev eth0
$bb ip link set eth0 up
$bb ip route add default via 10.0.2.2

# The names in /etc/hosts of this guest lead to 198.51.100.1 (TEST-NET-2); what
# is sent there goes to the host's registry, whose port only the start knows.
for word in $($bb cat /proc/cmdline); do
  case $word in
    multiarch.registry=*)
      for chain in OUTPUT PREROUTING; do
        iptables -t nat -A "$chain" -p tcp -d 198.51.100.1 --dport 443 \
          -j DNAT --to-destination "10.0.2.2:${word#*=}"
      done
      iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE ;;
  esac
done

# Emulated, a second is dear: no rules for outgoing packets (nothing in there has
# anywhere to go), no filter of system calls to compile for each container.
echo '{"defaultAction": "SCMP_ACT_ALLOW"}' > /run/seccomp.json
export GOGC=400
# One console for all that is said here; the last line keeps process 1 alive.
dockerd -H unix:///run/docker.sock -H tcp://0.0.0.0:2375 --tls=false \
  --iptables=false --ip-masq=false --userland-proxy=false \
  --seccomp-profile /run/seccomp.json --log-level warn &
while :; do
  wait
  $bb sleep 3600
done
