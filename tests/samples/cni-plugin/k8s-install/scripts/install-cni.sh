#!/bin/sh
# Copies the plugins to where the node looks for them.
set -eu
cp /opt/cni/bin/* /host/opt/cni/bin/
