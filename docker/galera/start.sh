#!/bin/bash
# Starts a member of Galera in the image of MariaDB. NUMBER is its number; the arguments are those of mariadbd.
set -euo pipefail
data=/var/lib/mysql
set -- mariadbd "$@" "--wsrep-node-name=galera-$NUMBER"

if [ -e "$data/ibdata1" ]; then
  # With the last write that a killed member has, it needs only the later writes, not a copy of all data.
  position=$("$@" --wsrep-recover 2>&1 | sed -n 's/.*Recovered position: *\([^ ]*\).*/\1/p')
  set -- "$@" ${position:+"--wsrep-start-position=$position"}
  # Galera writes this when no other member is left. So this member has all writes.
  if grep -q '^safe_to_bootstrap: 1' "$data/grastate.dat"; then set -- "$@" --wsrep-new-cluster; fi
  exec "$@"
fi

# Only the first member, and only with no data and no other member, makes a cluster. If it lost its data, a
# second cluster beside the others would lose orders. The entrypoint of the image makes the accounts.
if [ "$NUMBER" = 1 ]; then
  for other in galera-2 galera-3; do
    if (: < "/dev/tcp/$other/4567") 2>/dev/null; then exec "$@"; fi
  done
  exec docker-entrypoint.sh "$@" --wsrep-new-cluster
fi
# The others copy all data.
exec "$@"
