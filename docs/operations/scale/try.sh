#!/bin/sh
# docs/scale.md on one machine, without systemd: every part at a loopback address of its own, in one folder.
#   sh docs/operations/scale/try.sh up|promote|follow|down [FOLDER]     (run in the repository, as root or not)
# The files are those of docs/operations; only addresses and folders are put in.
set -eu
cd "$(dirname "$0")/../../.."
DO=${1:-} T=${2:-/tmp/teikyaku-try} R=$PWD PG=${PG_BIN:-/usr/lib/postgresql/15/bin} PATH=$PATH:/usr/sbin
DB=127.0.0.11 OTHER=127.0.0.12 FRONT=127.0.0.20 PASSWORD=only-to-try

as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }   # neither PostgreSQL nor pgbouncer runs as root
put() { cat > "$1"; if [ "$(id -u)" = 0 ]; then chown postgres: "$1"; fi; }
sql() { as psql -h "$T/run/$1" -U postgres -qAt -c "$2"; }

configured() {  # NAME ADDRESS: conf.d as on a machine of its own
    as mkdir -p "$T/$1/conf.d" "$T/run/$1"
    put "$T/$1/conf.d/50-teikyaku.conf" < docs/operations/scale/primary.conf
    put "$T/$1/conf.d/60-teikyaku-alone.conf" < docs/operations/scale/alone.conf
    echo "listen_addresses = '$2'
unix_socket_directories = '$T/run/$1'" | put "$T/$1/conf.d/90-here.conf"
}
follows() {  # NAME ADDRESS SOURCE: made anew from SOURCE, as its standby
    as rm -rf "$T/$1"
    as "$PG/pg_basebackup" -d "host=$3 user=replicator password=$PASSWORD application_name=teikyaku_$1" \
        -D "$T/$1" -R -C -S "teikyaku_$1" -X stream --checkpoint=fast
    configured "$1" "$2"
    as "$PG/pg_ctl" start -w -s -D "$T/$1" -l "$T/log/$1"
}
web() {  # ADDRESS: pgbouncer and gunicorn of one web machine
    sed -e "s/10\.0\.0\.11/$DB/" -e "s/listen_addr = .*/listen_addr = $1/" -e "s#/etc/pgbouncer#$T#" \
        -e "s#/var/log/postgresql#$T/log#;s#/var/run/postgresql/pgbouncer#$T/run/pool-$1#" \
        docs/operations/scale/pgbouncer.ini | put "$T/pool-$1.ini"
    as pgbouncer -q -d "$T/pool-$1.ini"
    POOL_URL="postgres://teikyaku:$PASSWORD@$1:6432/teikyaku" REPLICA_URL="$DATABASE_URL?target_session_attrs=prefer-standby" \
        TEIKYAKU_MODE=production .venv/bin/gunicorn teikyaku.wsgi --bind "$1:8001" --workers 2 --threads 2 --timeout 60 \
        --no-control-socket --log-level warning --daemon --pid "$T/web-$1.pid" --error-logfile "$T/web-$1.log"
}
env_of_all() {
    export DATABASE_URL="postgres://teikyaku:$PASSWORD@$DB,$OTHER:5432/teikyaku" MEDIA_ROOT="$T/media" STATIC_ROOT="$T/static"
    export ALLOWED_HOSTS=$FRONT BASE_URL=https://$FRONT:8443 CSRF_TRUSTED_ORIGINS=https://$FRONT:8443 DEFAULT_FROM_EMAIL=teikyaku@example.jp
    export SECOND_FACTOR_ROLES= EMAIL_URL=consolemail:// SECRET_KEY="$(cat "$T/secret-key")"
}

case $DO in
up)
    mkdir "$T" "$T/media" "$T/run" "$T/log"
    .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))' > "$T/secret-key"
    if [ "$(id -u)" = 0 ]; then chmod 755 "$T"; chown postgres: "$T" "$T/run" "$T/log"; fi
    env_of_all
    # 1) the primary
    as "$PG/initdb" -D "$T/a" -U postgres -E UTF8 --locale C.UTF-8 --auth-local trust --auth-host scram-sha-256 > /dev/null
    echo "include_dir = 'conf.d'" | as tee -a "$T/a/postgresql.conf" > /dev/null
    echo "host teikyaku    teikyaku   127.0.0.0/8 scram-sha-256
host replication replicator 127.0.0.0/8 scram-sha-256" | as tee -a "$T/a/pg_hba.conf" > /dev/null
    configured a $DB
    as "$PG/pg_ctl" start -w -s -D "$T/a" -l "$T/log/a"
    sql a "CREATE ROLE teikyaku LOGIN PASSWORD '$PASSWORD'"
    sql a "CREATE ROLE replicator LOGIN REPLICATION PASSWORD '$PASSWORD'"
    sql a "CREATE DATABASE teikyaku OWNER teikyaku ENCODING 'UTF8' TEMPLATE template0"
    # 2) the standby, 3) from now on an answer waits for it
    follows b $OTHER $DB
    as rm "$T/a/conf.d/60-teikyaku-alone.conf"
    as "$PG/pg_ctl" reload -s -D "$T/a"
    # Tables, files, and people who do not exist (password teikyaku-demo)
    export TEIKYAKU_MODE=demo
    .venv/bin/python manage.py migrate --verbosity 0
    .venv/bin/python manage.py createcachetable
    .venv/bin/python manage.py demo_city
    TEIKYAKU_MODE=production .venv/bin/python manage.py collectstatic --no-input --verbosity 0
    # 4) two web machines
    echo "\"teikyaku\" \"$PASSWORD\"" | put "$T/userlist.txt"
    web 127.0.0.21
    web 127.0.0.22
    # 5) nginx with a certificate of its own
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$FRONT" -keyout "$T/privkey.pem" -out "$T/fullchain.pem" 2> /dev/null
    { if [ "$(id -u)" = 0 ]; then echo "user root;"; fi   # who may read the repository here
      echo "pid $T/nginx.pid; error_log $T/nginx-error.log; events {} http {"
      for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $T/nginx-$kind;"; done
      sed 's/10\.0\.0\./127.0.0./' docs/operations/scale/nginx-upstream.conf
      sed -e '/^upstream teikyaku/,/^}/d' -e '/listen \[::\]/d' -e "s/listen 80;/listen $FRONT:8080;/;s/listen 443/listen $FRONT:8443/" \
          -e "s#/etc/letsencrypt/live/teikyaku.example.jp#$T#;s#/var/log/nginx#$T#;s#/srv/teikyaku#$R#;s/teikyaku\.example\.jp/$FRONT/" docs/operations/nginx.conf
      echo "}"; } > "$T/nginx.conf"
    nginx -p "$T" -c "$T/nginx.conf"
    echo "https://$FRONT:8443/  manager@example.jp  teikyaku-demo"
    ;;
promote)  # the primary dies, the other one takes over
    as "$PG/pg_ctl" stop -m immediate -s -D "$T/a" || true
    as "$PG/pg_ctl" promote -w -s -D "$T/b"
    for web in 127.0.0.21 127.0.0.22; do
        as sed -i "s/^teikyaku = host=$DB /teikyaku = host=$OTHER /" "$T/pool-$web.ini"
        kill -HUP "$(cat "$T/run/pool-$web.pid")"
    done
    ;;
follow)  # the old one comes back as the standby
    follows a $DB $OTHER
    as rm "$T/b/conf.d/60-teikyaku-alone.conf"
    as "$PG/pg_ctl" reload -s -D "$T/b"
    ;;
down)
    for pid in "$T"/nginx.pid "$T"/web-*.pid "$T"/run/pool-*.pid; do if [ -s "$pid" ]; then kill "$(cat "$pid")" || true; fi; done
    for name in a b; do as "$PG/pg_ctl" stop -m fast -s -D "$T/$name" || true; done
    ;;
*)
    sed -n '2,4s/^# //p' "$0"; exit 2
    ;;
esac
