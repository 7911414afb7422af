#!/bin/sh
# Runs what follows, as tini does; of its options only -- is known.
[ "$1" != -- ] || shift
exec "$@"
