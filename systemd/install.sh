#!/bin/sh
# Installs, upgrades or removes livestorm-pardot as a systemd service. Run it as root from an unpacked release or a
# checkout in which `npm ci && npm run build` has been done.
#
#   systemd/install.sh install   [--instance NAME] [--root DIR]
#   systemd/install.sh upgrade
#   systemd/install.sh uninstall [--instance NAME] [--purge]
#
#   --instance NAME  for companies with several business units: the service livestorm-pardot@NAME with a configuration,
#                    secrets and a state of its own
#   --root DIR       put the files below DIR and start nothing, e.g. for an image
#   --purge          remove configuration, secrets and state as well
set -eu

PROGRAM=/opt/livestorm-pardot
UNITS=/etc/systemd/system
COMMAND_FOLDER=/usr/local/bin
source=$(cd "$(dirname "$0")/.." && pwd)

fail() { echo "$*" >&2; exit 1; }
usage() { sed -n '2,/^set/{s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

action=${1:-}; [ $# -gt 0 ] && shift
root=''
instance=''
purge=''
while [ $# -gt 0 ]; do
  case $1 in
    --instance) [ $# -gt 1 ] || usage; instance=$2; shift 2 ;;
    --root) [ $# -gt 1 ] || usage; root=$2; shift 2 ;;
    --purge) purge=yes; shift ;;
    *) usage ;;
  esac
done
case $instance in *[!a-zA-Z0-9_-]*) fail "an instance is named by letters, digits, - and _" ;; esac

service=livestorm-pardot${instance:+@$instance}
state=/var/lib/private/livestorm-pardot${instance:+-$instance}
folder=/etc/livestorm-pardot${instance:+/$instance}

check_requirements() {
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "run this as root"
  command -v perl >/dev/null || fail "perl is missing: apt-get install perl-base, or dnf install perl-interpreter perl-Socket"
  if [ ! -f "$source/dist/main.js" ] || [ ! -x "$source/node_modules/.bin/node" ]; then
    fail "$source holds no built program: run 'npm ci && npm run build' there first"
  fi
}

# Beside the old program first, so that a copy that breaks off leaves the old one as it was.
put_program() {
  stage=$root$PROGRAM.new
  rm -rf "$stage"
  mkdir -p "$stage/root"
  for name in dist config docs systemd package.json package-lock.json node_modules README.md SECURITY.md CHANGELOG.md LICENSE; do
    [ ! -e "$source/$name" ] || cp -R "$source/$name" "$stage/$name"
  done
  # What only builds and tests need stays behind.
  if command -v npm >/dev/null; then (cd "$stage" && npm prune --omit=dev --ignore-scripts --no-audit --no-fund >/dev/null 2>&1) ||
    fail "npm could not remove the packages for development from $stage"; fi
  chmod -R u=rwX,go=rX "$stage"
  rm -rf "$root$PROGRAM.old"
  [ ! -e "$root$PROGRAM" ] || mv "$root$PROGRAM" "$root$PROGRAM.old"
  mv "$stage" "$root$PROGRAM"
  mkdir -p "$root$COMMAND_FOLDER"
  cp "$source/systemd/livestorm-pardot" "$root$COMMAND_FOLDER/livestorm-pardot"
  chmod 755 "$root$COMMAND_FOLDER/livestorm-pardot"
}

put_units() {
  mkdir -p "$root$UNITS"
  cp "$source/systemd/livestorm-pardot.service" "$source/systemd/livestorm-pardot@.service" "$root$UNITS/"
  chmod 644 "$root$UNITS"/livestorm-pardot*.service
}

# Holds no secrets: the service's own user reads it.
put_configuration() {
  [ ! -e "$root$folder/config.yaml" ] || return 0
  mkdir -p "$root$folder"
  cp "$source/config/example.yaml" "$root$folder/config.yaml"
  chmod 755 "$root$folder"
  chmod 644 "$root$folder/config.yaml"
}

reload_systemd() { [ -n "$root" ] || systemctl daemon-reload; }

tell_next_steps() {
  cat <<TEXT
livestorm-pardot is installed in $PROGRAM. Next:
  1. edit $folder/config.yaml
  2. put the secrets into $folder/livestorm-token and $folder/salesforce-private-key, mode 600, owner root
  3. systemctl enable --now $service
  4. systemctl status $service; journalctl -u $service
Other commands, as root: livestorm-pardot ${instance:+--instance $instance }COMMAND, for example doctor or status
TEXT
}

running_services() { systemctl list-units --plain --no-legend --state=active 'livestorm-pardot.service' 'livestorm-pardot@*.service' | cut -d' ' -f1; }

# A copy of the state as it is before the new version may change its form. It belongs to whoever owns the state.
back_up() {
  for file in /var/lib/private/livestorm-pardot/state.db /var/lib/private/livestorm-pardot-*/state.db; do
    [ -f "$file" ] || continue
    kept=$(dirname "$file")/backups
    mkdir -p "$kept"
    cp -p "$file" "$kept/before-upgrade.db"
    [ ! -f "$file-wal" ] || cp -p "$file-wal" "$kept/before-upgrade.db-wal"
    chown --reference="$file" "$kept"
    chmod 700 "$kept"
    echo "the state is kept in $kept/before-upgrade.db"
  done
}

install_all() {
  check_requirements
  [ -e "$root$PROGRAM" ] && [ -z "$instance" ] && fail "$root$PROGRAM is there already: use upgrade"
  [ -e "$root$PROGRAM" ] || put_program
  put_units
  put_configuration
  reload_systemd
  tell_next_steps
}

upgrade_all() {
  check_requirements
  [ -z "$root$instance" ] || usage
  [ -e "$PROGRAM" ] || fail "$PROGRAM is not there: use install"
  services=$(running_services)
  # shellcheck disable=SC2086 # one word for each service
  [ -z "$services" ] || systemctl stop $services
  back_up
  put_program
  put_units
  reload_systemd
  for one in $services; do
    systemctl start "$one" || fail "$one does not start, see journalctl -u $one. The old program is in $PROGRAM.old;
to go back: systemctl stop $one; rm -r $PROGRAM; mv $PROGRAM.old $PROGRAM; put the kept state in place; systemctl start $one"
    echo "$one runs"
  done
}

uninstall_all() {
  [ "$(id -u)" = 0 ] || fail "run this as root"
  systemctl disable --now "$service" 2>/dev/null || true
  if [ -z "$instance" ]; then
    [ -z "$(running_services)" ] || fail "other instances still run: $(running_services | tr '\n' ' ')"
    rm -f "$UNITS/livestorm-pardot.service" "$UNITS/livestorm-pardot@.service"
    rm -rf "$PROGRAM" "$PROGRAM.old" "$COMMAND_FOLDER/livestorm-pardot"
    systemctl daemon-reload
  fi
  if [ -n "$purge" ]; then
    if [ -z "$instance" ] && [ -n "$(find "$folder" -mindepth 1 -type d 2>/dev/null)" ]; then
      fail "$folder holds instances: uninstall each with --instance NAME --purge first"
    fi
    rm -rf "$folder" "$state" "/var/lib/$(basename "$state")"
    echo "$service, its configuration, its secrets and its state are gone"
  else
    echo "$service is gone; $folder and $state are kept"
  fi
}

case $action in
  install) install_all ;;
  upgrade) upgrade_all ;;
  uninstall) uninstall_all ;;
  *) usage ;;
esac
