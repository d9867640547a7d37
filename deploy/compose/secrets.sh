#!/bin/sh
# Makes the passwords that compose.yaml reads, each once: what is there stays as it is.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)/secrets
mkdir -p "$folder"
# The processes in the containers are other users than the one who runs this.
chmod 755 "$folder"
make() {
    [ -s "$folder/$1" ] && return 0
    printf '%s' "$2" >"$folder/$1"
    chmod 644 "$folder/$1"
}
random() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}
make store-user atelier
make store-password "$(random)"
make database-password "$(random)"
make admin-token "$(random)"
make grafana-password "$(random)"
