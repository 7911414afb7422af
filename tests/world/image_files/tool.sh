#!/bin/sh
# A package's program, of which the sample projects need only that it is there.
echo "$(basename "$0") $*"
