#!/bin/sh
# Stands in for the Go compiler: "go build -o FILE ..." gives a real static
# program for $GOARCH, which is this image's own architecture by default.
here=/usr/local/go
case $1 in
  version) echo "go version go1.10 linux/$(cat $here/native)"; exit ;;
  build) ;;
  *) echo "go: the only command here is build" >&2; exit 2 ;;
esac
output='' package='' set_output=
for word; do
  if [ -n "$set_output" ]; then output=$word set_output=; continue; fi
  case $word in
    -o) set_output=yes ;;
    -*) ;;
    *) package=$word ;;
  esac
done
program=$here/programs/${GOARCH:-$(cat $here/native)}
if [ ! -f "$program" ]; then
  echo "cmd/go: unsupported GOOS/GOARCH pair linux/$GOARCH" >&2
  exit 2
fi
echo "$package"
cp "$program" "${output:-$(basename "$package")}"
chmod 755 "${output:-$(basename "$package")}"
