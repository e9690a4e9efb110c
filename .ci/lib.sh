# What the checks share; sourced, not run. Gives $work, a folder that goes with the check, and ends what the check started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

work=$(mktemp -d)
servers=()
end() {
  local pid
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { printf '%s\n' "$*" >&2; exit 1; }

quietly() { # command...: its output is shown only if it fails
  timeout --kill-after=10 300 "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; fail "failed: $*"; }
}

serve() { # command...: starts a portal on a free port of 127.0.0.1, waits until it answers, sets $url
  local log="$work/portal.log" pid
  : >"$log" # it is read below, perhaps before the portal opens it
  timeout --kill-after=10 300 "$@" --urls http://127.0.0.1:0 >"$log" 2>&1 &
  pid=$!
  servers+=("$pid")
  for _ in $(seq 300); do
    url=$(sed -n 's|.*Now listening on: \(http://127\.0\.0\.1:[0-9]*\).*|\1|p' "$log" | head -n 1)
    if [ -n "$url" ] && curl -s -o "$work/body" --max-time 5 "$url/"; then return; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  cat "$log" >&2
  fail "the portal did not start: $*"
}

walk() { # client, path with a curl range such as /members/[1-50]: the status codes, as `50x200 1x429`
  curl -sS --max-time 60 --path-as-is --interface "$1" -o "$work/body" -w '%{http_code}\n' "$url$2" | uniq -c | awk '{ printf "%s%sx%s", sep, $1, $2; sep = " " }'
}

expect() { # what, expected, found
  [ "$2" = "$3" ] || fail "$1: expected $2, found $3"
  printf '%s: %s\n' "$1" "$3"
}

expect_stopped() { # client, path, least, most: so many are shown, and none after the first that is refused
  local codes
  codes=$(walk "$1" "$2")
  [[ $codes =~ ^([0-9]+)x200\ [0-9]+x429$ ]] || fail "$1 $2: $codes"
  { [ "${BASH_REMATCH[1]}" -ge "$3" ] && [ "${BASH_REMATCH[1]}" -le "$4" ]; } || fail "$1 $2: expected $3 to $4 shown, found $codes"
  printf '%s %s: %s\n' "$1" "$2" "$codes"
}

limits_alone() { # for checks of a limit's exact figure, which the signals would forestall
  local signal
  for signal in Pace AddressPace Rotation Sweep; do export "ScrapeGuard__Signals__${signal}__Verdict=Off"; done
}

expect_refused() { # client, path: 429 with a Retry-After of at least a second, and a reference instead of a threshold
  curl -sS --max-time 10 --path-as-is --interface "$1" -D "$work/head" -o "$work/body" "$url$2"
  expect "$1 $2" "HTTP/1.1 429" "$(head -n 1 "$work/head" | cut -d ' ' -f 1,2)"
  grep -qiE '^retry-after: [1-9][0-9]*' "$work/head" || fail "$1 $2: no Retry-After in: $(cat "$work/head")"
  grep -q '"reference":"' "$work/body" || fail "$1 $2: no reference in: $(cat "$work/body")"
}

need_redis() { # ends the check where there is no redis-server; where one is required, in failure
  command -v redis-server >/dev/null && return
  [ -z "${SCRAPEGUARD_REQUIRE_REDIS:-}" ] || fail "redis-server is missing"
  printf 'skipped: no redis-server\n'
  exit 0
}

start_redis() { # [port]: a redis-server of the check's own, on a free port or this one; sets $port
  local given=${1:-} pid
  for _ in $(seq 20); do
    port=${given:-$((20000 + RANDOM % 20000))}
    timeout --kill-after=10 300 redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" --pidfile "$work/redis.pid" \
      >"$work/redis.log" 2>&1 &
    pid=$!
    for _ in $(seq 50); do
      if grep -qs 'Ready to accept connections' "$work/redis.log"; then servers+=("$pid"); return; fi
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  cat "$work/redis.log" >&2
  fail "redis-server did not start"
}

signal_redis() { kill "-$1" "$(cat "$work/redis.pid")"; } # signal
