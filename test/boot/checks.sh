# Runs inside the booted container, as root.
set -eu

node=/opt/livestorm-pardot/node_modules/.bin/node
main=/opt/livestorm-pardot/dist/main.js
etc=/etc/livestorm-pardot
unit=livestorm-pardot

show() { systemctl show --property "$1" --value "$2"; }
passed() { echo "ok  $*"; }
failed() {
  echo "FAILED  $*"
  systemctl --no-pager --full status "$unit" || true
  journalctl --no-pager -u "$unit" -n 40 || true
  exit 1
}
wait_for() {
  what=$1
  shift
  for _ in $(seq 300); do
    if "$@"; then return 0; fi
    sleep 0.1
  done
  failed "$what"
}

systemd-run --quiet --unit=sandbox "$node" "$main" sandbox --dir /srv/sandbox
wait_for 'the sandbox writes a configuration' test -s /srv/sandbox/config.yaml
configure() {
  mkdir -p "$1"
  sed -e 's/{ file: livestorm-token }/{ credential: livestorm-token }/' \
    -e 's/{ file: salesforce-key.pem }/{ credential: salesforce-private-key }/' -e '/^state_dir:/d' \
    /srv/sandbox/config.yaml >"$1/config.yaml"
  chmod 644 "$1/config.yaml"
  install -m 600 /srv/sandbox/livestorm-token "$1/livestorm-token"
  install -m 600 /srv/sandbox/salesforce-key.pem "$1/salesforce-private-key"
}
configure "$etc"
mkdir -p /run/systemd/system/$unit.service.d
printf '[Service]\nWatchdogSec=6\nRestartSec=1\n' >/run/systemd/system/$unit.service.d/watchdog.conf
systemctl daemon-reload

systemctl start $unit || failed 'it starts'
[ "$(show ActiveState $unit)" = active ] || failed 'it is active'
[ "$(show StatusText $unit)" = running ] || failed 'it has told its status'
passed "starts, is ready: $(systemd --version | head -1)"

stat -c '%a %F' /var/lib/private/livestorm-pardot | grep -q '^700 directory$' || failed 'the state is private'
[ "$(stat -c %U "/proc/$(show MainPID $unit)")" != root ] || failed 'it does not run as root'
passed 'runs as a user of its own, the state is private'

sessions() { livestorm-pardot status --json | grep -q '"last_success_at": "2'; }
wait_for 'it has reached the vendors' sessions
passed 'reads its credentials and reaches the vendors; commands work beside it'

sleep 8
[ "$(show NRestarts $unit)" = 0 ] || failed 'the watchdog is fed'
passed 'feeds the watchdog'

cp $etc/config.yaml /srv/good.yaml
echo 'nonsense: true' >>$etc/config.yaml
if systemctl reload $unit 2>/dev/null; then failed 'a wrong configuration is refused at reload'; fi
[ "$(show ActiveState $unit)" = active ] || failed 'it goes on with the old configuration'
cp /srv/good.yaml $etc/config.yaml
systemctl reload $unit || failed 'a right configuration is taken at reload'
passed 'reload takes a right configuration and refuses a wrong one'

before=$(show MainPID $unit)
kill -STOP "$before"
restarted() { [ "$(show NRestarts $unit)" -ge 1 ] && [ "$(show ActiveState $unit)" = active ]; }
wait_for 'the watchdog starts a hanging service again' restarted
passed 'a hanging service is ended and started again'

kill -KILL "$(show MainPID $unit)"
again() { [ "$(show NRestarts $unit)" -ge 2 ] && [ "$(show ActiveState $unit)" = active ]; }
wait_for 'it is started again after a crash' again
passed 'starts again after a crash'

systemctl stop $unit
[ "$(show Result $unit)" = success ] || failed 'it stops cleanly'
passed 'stops cleanly'

echo 'nonsense: true' >>$etc/config.yaml
systemctl start $unit 2>/dev/null && failed 'a wrong configuration keeps it from starting'
sleep 3
[ "$(show ActiveState $unit)" = failed ] || failed 'a wrong configuration is not tried again'
cp /srv/good.yaml $etc/config.yaml
passed 'a wrong configuration is not tried again and again'

configure $etc/emea
systemctl start $unit@emea || { unit=$unit@emea; failed 'an instance starts'; }
[ -s /var/lib/private/livestorm-pardot-emea/state.db ] || failed 'an instance has a state of its own'
systemctl stop $unit@emea
passed 'an instance runs beside it, with a state of its own'

echo "exposure $(systemd-analyze security --no-pager $unit | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\).*/\1/p')"
echo 'all checks passed'
