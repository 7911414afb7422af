"""What the first process of a nested engine does, in shell and nothing else.

It runs in an image that brings ``dockerd``, ``docker``, ``ip`` and ``iptables``
(Docker's own ``docker:dind`` does). Before the engine starts it sets up, from
outside of whatever the engine will run:

- limits: a control group ``builds`` in which all containers and RUN steps live;
- disk: a file of fixed size that holds everything the engine stores, where the
  runner can mount one, and a guard of the free space in any case;
- reach: routes that refuse all but public addresses, and rules that let the
  exceptions through on the ports that they name. Processes of a build are no
  root of this network, so they cannot change either;
- users: root in a container is an ordinary user here (``--userns-remap``).

It ends by itself when nobody has used the engine for a while.
"""

from __future__ import annotations

HOME = "/multiarch"
SOCKET = f"{HOME}/run/docker.sock"
STORE = "/multiarch-store"
DIAL = f"{HOME}/dial"
BRIDGE = "198.18.0.1/24"
"""The engine's own network: from a range that only benchmarks use."""
OWN_ADDRESSES = "198.18.0.0/15"
"""That range, from which all networks of a domain are."""

DIALLED = f"""\
#!/bin/sh
# Leads one connection to the engine; as long as it lasts the engine is in use.
# Who comes before the engine waits here: starting "docker" in vain costs more.
for tenth in $(seq 300); do
  [ ! -S {SOCKET} ] || break
  sleep 0.1
done
echo >"{HOME}/run/lines/$$"
exec docker --host unix://{SOCKET} system dial-stdio
"""

START = f"""\
#!/bin/sh
set -eu
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
tell() {{ echo "multiarch: $*"; }}

bounded() {{ # whether a group divides what the machine has
  [ -e /sys/fs/cgroup/builds/memory.max ] && [ -e /sys/fs/cgroup/builds/pids.max ]
}}

groups() {{
  # The control groups are mounted for reading alone; this process may change that.
  sed -n 's#^[^ ]* [^ ]* [^ ]* [^ ]* \\(/sys/fs/cgroup[^ ]*\\) .*#\\1#p' \\
      /proc/self/mountinfo |
    while read -r mounted; do mount -o remount,bind,rw "$mounted"; done
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    # Seen from elsewhere the groups would be those of the whole machine.
    grep -qx 0::/ /proc/self/cgroup || {{
      tell "this container has no namespace of control groups (default-cgroupns-mode)"
      exit 1
    }}
    mkdir -p /sys/fs/cgroup/engine /sys/fs/cgroup/builds
    # Nothing may live in the group that is divided; who dials comes in meanwhile.
    for attempt in $(seq 100); do
      while read -r process; do
        echo "$process" >/sys/fs/cgroup/engine/cgroup.procs 2>/dev/null || :
      done </sys/fs/cgroup/cgroup.procs
      for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
        echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || :
      done
      ! bounded || break
    done
    bounded || {{
      tell "the control groups of this machine bound no memory or no processes"
      exit 1
    }}
    echo "$WORK_MEMORY" >/sys/fs/cgroup/builds/memory.max
    echo 0 >/sys/fs/cgroup/builds/memory.swap.max 2>/dev/null || :
    echo "$WORK_PROCESSES" >/sys/fs/cgroup/builds/pids.max
    return
  fi
  mkdir -p /sys/fs/cgroup/memory/builds /sys/fs/cgroup/pids/builds
  echo "$WORK_MEMORY" >/sys/fs/cgroup/memory/builds/memory.limit_in_bytes
  echo "$WORK_MEMORY" >/sys/fs/cgroup/memory/builds/memory.memsw.limit_in_bytes \\
    2>/dev/null || :
  echo "$WORK_PROCESSES" >/sys/fs/cgroup/pids/builds/pids.max
}}

format_disk() {{
  rm -f {STORE}/disk
  truncate -s "$DISK" {STORE}/disk
  mkfs.ext4 -q -F -O ^has_journal -E lazy_itable_init=1 {STORE}/disk >/dev/null 2>&1
}}

mount_disk() {{ # what is removed in it is given back to the runner
  mount -t ext4 -o loop,nodev,discard {STORE}/disk /var/lib/docker 2>/dev/null
}}

disk() {{
  mkdir -p /var/lib/docker
  for number in $(seq 0 63); do
    [ -e "/dev/loop$number" ] || mknod "/dev/loop$number" b 7 "$number" 2>/dev/null || :
  done
  # What a machine that lost its power left is thrown away: it is a cache.
  [ ! -f {STORE}/disk ] || e2fsck -p {STORE}/disk >/dev/null 2>&1 || [ $? -le 1 ] ||
    rm {STORE}/disk
  [ -f {STORE}/disk ] || format_disk || :
  if mount_disk; then
    touch {STORE}/bounded
    echo limited >{HOME}/run/disk
    if full; then
      umount /var/lib/docker
      format_disk
      mount_disk
    fi
    # Nothing in here needs another device of the machine from now on.
    echo 'b 7:* rwm' >/sys/fs/cgroup/devices/devices.deny 2>/dev/null || :
  elif [ -e {STORE}/bounded ]; then
    tell "the disk of this domain cannot be mounted; is every loop device in use?"
    exit 1
  else
    mkdir -p {STORE}/data
    mount --bind {STORE}/data /var/lib/docker
    echo unlimited >{HOME}/run/disk
    ! full || rm -rf /var/lib/docker/*
  fi
}}

full() {{ # a disk that is nearly full is emptied: what it holds are caches
  if [ "$(cat {HOME}/run/disk)" = limited ]; then
    used=$(df -Pk /var/lib/docker | awk 'NR == 2 {{ print $3 }}')
  else
    used=$(du -skx /var/lib/docker | sed 's/[^0-9].*//')
  fi
  [ "${{used:-0}}" -gt $((${{DISK%G}} * 838860)) ] || return 1
  tell "the disk of this domain is nearly full ($used KB): its caches go"
}}

address_of() {{
  case $1 in
    *[!0-9./]*)
      {{ getent ahostsv4 "$1" || getent hosts "$1"; }} 2>/dev/null |
        sed -n 's/^\\([0-9.]*\\) .*/\\1/p' | sort -u
      ;;
    *) echo "$1" ;;
  esac
}}

rule() {{ # the same for what is passed on, and for what the engine asks for itself
  iptables -w -t mangle -A REACH "$@"
  iptables -w -t filter -A REACH "$@"
}}

let_through() {{ # ADDRESS PORT
  if [ "$1" = "$gate" ]; then
    ip route replace "$1" dev eth0 scope link
  else
    ip route replace "$1" via "$gate" dev eth0 onlink
  fi
  for kind in tcp udp; do
    if [ "$2" = 0 ]; then
      rule -d "$1" -p "$kind" -j RETURN
    else
      rule -d "$1" -p "$kind" --dport "$2" -j RETURN
    fi
  done
}}

reach() {{
  for family in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
    [ ! -e "$family" ] || echo 1 >"$family"
  done
  gate=$(ip -4 route show default | sed -n 's/.* via \\([0-9.]*\\).*/\\1/p')
  iptables -w -t mangle -N REACH
  iptables -w -t filter -N REACH
  rule -o lo -j RETURN
  rule -o docker0 -j RETURN
  # The names are asked for while there still is a way to whom to ask.
  sort -u {HOME}/allowed | while read -r host port; do
    for address in $(address_of "$host"); do echo "$address $port"; done
  done >{HOME}/run/allowed
  sed -n 's/^nameserver \\([0-9.]*\\)$/\\1 53/p' /etc/resolv.conf >>{HOME}/run/allowed
  ip route replace default via "$gate" dev eth0 onlink
  ip -4 route show dev eth0 scope link | sed 's/ .*//' |
    while read -r near; do
      [ "$near" = default ] || ip route del "$near" dev eth0
    done
  while read -r network; do ip route replace prohibit "$network"; done \\
    <{HOME}/refused
  while read -r address port; do
    case $address in 127.*) continue ;; esac
    let_through "$address" "$port"
  done <{HOME}/run/allowed
  while read -r network; do
    iptables -w -t mangle -A REACH -d "$network" -j DROP
    # The engine is told at once, or it would wait for an answer.
    iptables -w -t filter -A REACH -d "$network" -j REJECT
  done <{HOME}/refused
  # Nothing leaves with an address that is not ours, nor with one of our own inside.
  iptables -w -t mangle -A FORWARD -o eth0 ! -s {OWN_ADDRESSES} -j DROP
  iptables -w -t mangle -A FORWARD -o eth0 -m conntrack --ctstate INVALID -j DROP
  iptables -w -t nat -A POSTROUTING -o eth0 -s {OWN_ADDRESSES} -j MASQUERADE
  # The runner's own table of connections has room for every domain.
  iptables -w -t mangle -A FORWARD -o eth0 -m connlimit --connlimit-mask 0 \
    --connlimit-above "$CONNECTIONS" -j DROP ||
    tell "the connections of builds are not bounded: this machine has no xt_connlimit"
  # dockerd puts its own rules before others in "filter", but not in OUTPUT.
  iptables -w -t mangle -A FORWARD -j REACH
  iptables -w -t filter -A OUTPUT -j REACH
  # Nobody has business with this engine but through its own socket.
  iptables -w -t mangle -A INPUT -i lo -j ACCEPT
  iptables -w -t mangle -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  iptables -w -t mangle -A INPUT -j DROP
}}

users() {{
  grep -q '^dockremap:' /etc/passwd || {{
    echo 'dockremap:x:65533:65533::/nonexistent:/bin/false' >>/etc/passwd
    echo 'dockremap:x:65533:' >>/etc/group
  }}
  # As many as this machine's own map of users has room for.
  room=$(awk '{{ last = $1 + $3 }} END {{ printf "%.0f", last }}' /proc/self/uid_map)
  if [ "$room" -ge 196608 ]; then range=131072:65536; else range=32768:32768; fi
  echo "dockremap:$range" >/etc/subuid
  echo "dockremap:$range" >/etc/subgid
}}

in_use() {{
  for line in {HOME}/run/lines/*; do
    grep -q -e dial-stdio -e {DIAL} "/proc/${{line##*/}}/cmdline" 2>/dev/null && return
    rm -f "$line"
  done
  return 1
}}

watch() {{ # ends the engine when it is not used, or the runner's disk is nearly full
  idle=0
  while sleep 1; do
    if in_use; then idle=0; else idle=$((idle + 1)); fi
    free=$(df -Pk {STORE} | awk 'NR == 2 {{ print $4 }}') || :
    if [ "${{free:-0}}" -lt "$FREE_KILOBYTES" ]; then
      tell "the runner's disk is nearly full (${{free:-?}} KB left): the engine stops"
      break
    fi
    if [ "$idle" -ge "$IDLE" ]; then
      tell "not used for $IDLE s: the engine stops"
      break
    fi
    # Between two jobs, so that the next one finds room.
    if [ "$idle" -eq 60 ] && full; then break; fi
  done
  kill -TERM "$1"
  sleep 30
  kill -KILL "$1"
}}

mkdir -p {HOME}/run/lines
groups
disk
reach
users
watch $$ &
tell "the engine starts"
exec dockerd --host unix://{SOCKET} --userns-remap dockremap \\
  --exec-root {HOME}/run/docker --pidfile {HOME}/run/docker.pid \\
  --storage-driver overlay2 --bip {BRIDGE} \\
  --default-address-pool base=198.19.0.0/16,size=24 \\
  --cgroup-parent /builds --exec-opt native.cgroupdriver=cgroupfs \\
  --config-file {HOME}/daemon.json --shutdown-timeout 2 --log-level warn "$@"
"""
