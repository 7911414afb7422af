#!/bin/sh
# Starts a Docker engine in namespaces of its own: what is mounted here, and
# every network rule, ends with it and is seen by nobody else.
# usage: engine_start.sh PLACE DOCKERD [REGISTRY SETTINGS]
set -eu
place=$1 dockerd=$2 registry=${3:-} settings=${4:-}
ip link set lo up
mount --bind "$place/hosts" /etc/hosts
mount --bind "$place/trusted.pem" "$(readlink -f /etc/ssl/certs/ca-certificates.crt)"
# Another engine's containerd is reached through these; a tmpfs hides it.
for directory in /run/containerd /run/docker; do
  [ ! -d "$directory" ] || mount -t tmpfs tmpfs "$directory"
done
if [ -n "$registry" ]; then
  setpriv --pdeathsig TERM -- "$registry" serve "$settings" \
    > "$place/registry.log" 2>&1 &
fi
exec "$dockerd" --host "unix://$place/docker.sock" --pidfile "$place/docker.pid" \
  --data-root "$place/data" --exec-root "$place/run" --log-level warn
