#!/bin/sh
# Stands in for apk-tools in the world's own alpine: its words and its exit
# codes, with packages of our own. A named package is a directory below
# /usr/share/packages; FILE.apk is a tar archive with .PKGINFO and .trigger.
packages=/usr/share/packages
installed=/lib/apk/db/installed
release=$(cut -d. -f1,2 /etc/alpine-release)

fetch_index() {
  for repository in main community; do
    echo "fetch http://dl-cdn.alpinelinux.org/alpine/v$release/$repository/$(cat /etc/apk/arch)/APKINDEX.tar.gz"
  done
}

finish() {
  count=$(wc -l < "$installed")
  if [ "$errors" -gt 0 ]; then
    echo "$errors errors; $((count / 2)) MiB in $count packages"
    exit "$errors"
  fi
  echo "OK: $((count / 2)) MiB in $count packages"
}

check_file() {
  if [ ! -f "$1" ]; then
    echo "ERROR: $1: No such file or directory" >&2
    errors=$((errors + 1))
  elif [ -z "$untrusted" ] && [ -z "$(ls /etc/apk/keys 2>/dev/null)" ]; then
    echo "ERROR: $1: UNTRUSTED signature" >&2
    errors=$((errors + 1))
  fi
}

check_name() {
  if [ ! -d "$packages/$1" ]; then
    [ "$errors" -gt 0 ] || echo "ERROR: unsatisfiable constraints:" >&2
    printf '  %s (missing):\n    required by: world[%s]\n' "$1" "$1" >&2
    errors=$((errors + 1))
  fi
}

# Unlike cp, tar replaces a link to busybox; cp would write busybox itself.
put() {
  tar -C "$1" -cf - . | tar -C / -xf -
}

install_file() {
  unpacked=/tmp/apk.$1
  mkdir -p "$unpacked"
  tar -xzf "$2" -C "$unpacked"
  name=$(sed -n 's/^pkgname = //p' "$unpacked/.PKGINFO")
  version=$(sed -n 's/^pkgver = //p' "$unpacked/.PKGINFO")
  echo "($1/$total) Installing $name ($version)"
  if [ -f "$unpacked/.trigger" ]; then
    mv "$unpacked/.trigger" "/lib/apk/db/$name-$version.trigger"
    triggers="$triggers $name-$version.trigger"
  fi
  rm "$unpacked/.PKGINFO"
  put "$unpacked"
  rm -rf "$unpacked"
  echo "$name $version" >> "$installed"
}

install_name() {
  version=$(cat "$packages/$2/version")
  echo "($1/$total) Installing $2 ($version)"
  [ ! -d "$packages/$2/root" ] || put "$packages/$2/root"
  echo "$2 $version" >> "$installed"
}

run_triggers() {
  for trigger in $triggers; do
    echo "Executing $trigger"
    [ -f "/lib/apk/db/$trigger" ] || continue
    /bin/sh "/lib/apk/db/$trigger"
    code=$?
    if [ "$code" -ne 0 ]; then
      echo "ERROR: $trigger: script exited with error $code" >&2
      errors=$((errors + 1))
    fi
  done
}

add() {
  for name; do
    case $name in *.apk) check_file "$name" ;; *) check_name "$name" ;; esac
  done
  [ "$errors" -eq 0 ] || exit "$errors"
  wanted=
  for name; do
    grep -q "^$name " "$installed" || wanted="$wanted $name"
  done
  set -- $wanted
  total=$# number=0
  triggers="busybox-$(cat /etc/apk/busybox).trigger"
  [ "$total" -gt 0 ] || triggers=
  for name; do
    number=$((number + 1))
    case $name in
      *.apk) install_file "$number" "$name" ;;
      *) install_name "$number" "$name" ;;
    esac
  done
  run_triggers
  finish
}

delete() {
  total=$# number=0
  for name; do
    version=$(sed -n "s/^$name //p" "$installed")
    [ -n "$version" ] || continue
    number=$((number + 1))
    echo "($number/$total) Purging $name ($version)"
    sed -i "/^$name /d" "$installed"
  done
  finish
}

verb='' names='' untrusted='' fetch='' errors=0
while [ $# -gt 0 ]; do
  case $1 in
    --no-cache | --update | --update-cache | -U) fetch=yes ;;
    --allow-untrusted) untrusted=yes ;;
    --virtual | -t | --repository | -X) shift ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$1; else names="$names $1"; fi ;;
  esac
  shift
done
case $verb in
  add) [ -z "$fetch" ] || fetch_index; add $names ;;
  del) delete $names ;;
  update) fetch_index; finish ;;
  upgrade) finish ;;
  *) echo "apk-tools 2.7.2, compiled for $(cat /etc/apk/arch)."; exit 1 ;;
esac
