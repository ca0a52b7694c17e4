#!/bin/sh
# Boots a small Debian in a container, with systemd as its first process, the connector installed by its own script and
# the sandbox as its vendors. Prints what was checked and fails at the first thing that is not so.
#
#   npm run boot         needs root, and Debian's packages systemd-container and debootstrap
set -eu

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
base=${BOOT_BASE:-/var/tmp/livestorm-pardot-boot-base}
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)

for program in systemd-nspawn debootstrap; do
  command -v "$program" >/dev/null || { echo "skipped: $program is not installed"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: this needs root"; exit 0; }

if [ ! -e "$base/usr/bin/systemctl" ]; then
  rm -rf "$base"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$base" "$mirror" >"$base.log" 2>&1 ||
    { tail -5 "$base.log"; exit 1; }
fi

machine=$(mktemp -d /var/tmp/livestorm-pardot-boot.XXXXXX)
trap 'rm -rf "$machine"' EXIT
cp -a "$base/." "$machine"
"$project/systemd/install.sh" install --root "$machine" >/dev/null
cp "$here/checks.sh" "$machine/checks.sh"
cat >"$machine/etc/systemd/system/checks.service" <<UNIT
[Unit]
After=multi-user.target
SuccessAction=poweroff-immediate
FailureAction=poweroff-immediate
[Service]
Type=oneshot
ExecStart=/bin/sh /checks.sh
StandardOutput=file:/checks.log
StandardError=inherit
TimeoutStartSec=300
UNIT
mkdir -p "$machine/etc/systemd/system/multi-user.target.wants"
ln -s ../checks.service "$machine/etc/systemd/system/multi-user.target.wants/checks.service"

timeout 200 systemd-nspawn --quiet --directory="$machine" --boot --register=no --keep-unit >"$machine/boot.log" 2>&1 || true
cat "$machine/checks.log"
grep -q '^all checks passed$' "$machine/checks.log"
