#!/bin/sh
# Runs a command of the tool chain; without one it tells for what it builds.
[ $# -gt 0 ] || set -- echo "builds for $GOARCH"
exec "$@"
