#!/bin/sh
# Starts a Docker engine in namespaces of its own: what is mounted here, and
# every network rule, ends with it and is seen by nobody else.
# usage: engine_start.sh PLACE DOCKERD [REGISTRY SETTINGS]
# With EMULATOR set, that program runs the arm64 ones. With TLS set, who has a
# certificate of that directory's authority reaches the engine on port 2376, too.
set -eu
place=$1 dockerd=$2 registry=${3:-} settings=${4:-}
ip link set lo up
mount --bind "$place/hosts" /etc/hosts
mount --bind "$place/trusted.pem" "$(readlink -f /etc/ssl/certs/ca-certificates.crt)"
# Another engine's containerd is reached through these; a tmpfs hides it.
for directory in /run/containerd /run/docker; do
  [ ! -d "$directory" ] || mount -t tmpfs tmpfs "$directory"
done
if [ -n "${EMULATOR:-}" ]; then
  kinds=/proc/sys/fs/binfmt_misc
  mount -t binfmt_misc binfmt_misc "$kinds"
  # P: the program keeps the name it was called by; F: found before the chroot.
  # ELF, 64 bit, little endian, executable or shared, machine 183: see binfmt-misc.rst
  magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  printf '%s' ":qemu-aarch64:M::$magic:$mask:$EMULATOR:PF" > "$kinds/register"
fi
if [ -n "$registry" ]; then
  setpriv --pdeathsig TERM -- "$registry" serve "$settings" \
    > "$place/registry.log" 2>&1 &
fi
if [ -n "${TLS:-}" ]; then
  set -- --host tcp://127.0.0.1:2376 --tlsverify --tlscacert "$TLS/ca.pem" \
    --tlscert "$TLS/cert.pem" --tlskey "$TLS/key.pem"
else
  set --
fi
exec "$dockerd" "$@" --host "unix://$place/docker.sock" --pidfile "$place/docker.pid" \
  --data-root "$place/data" --exec-root "$place/run" \
  --shutdown-timeout 2 --log-level warn
