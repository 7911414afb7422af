#!/bin/sh
# Answers for the download sites that the sample projects use, with files of
# the image's own; every other address is asked for real.
output='' quiet='' address=''
set_output=
for word; do
  if [ -n "$set_output" ]; then output=$word set_output=; continue; fi
  case $word in
    -O) set_output=yes ;;
    -qO) quiet=yes set_output=yes ;;
    -q) quiet=yes ;;
    http://* | https://*) address=$word ;;
  esac
done
case $address in
  https://github.com/sgerrand/* | https://raw.githubusercontent.com/sgerrand/*) ;;
  *) exec /bin/busybox wge_ "$@" ;;
esac
file=$(basename "$address")
if [ ! -f "/usr/share/mirror/$file" ]; then
  echo 'wget: server returned error: HTTP/1.1 404 Not Found' >&2
  exit 1
fi
[ -n "$quiet" ] || echo "Connecting to github.com (192.0.2.1:443)" >&2
[ "$output" != - ] || exec cat "/usr/share/mirror/$file"
cp "/usr/share/mirror/$file" "${output:-$file}"
