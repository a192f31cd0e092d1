# shellcheck shell=bash
# Checks for test scripts: one line each, all of them run, and at the end their number. Sourced or pasted in front.
passed=0 failed=0

# check NAME COMMAND...: the command succeeds.
check() {
  local name=$1 out
  shift
  if out=$("$@" 2>&1); then
    echo "ok: $name"
    passed=$((passed + 1))
  else
    echo "FAILED: $name"
    printf '%s\n' "$out" | tail -n 12 | sed 's/^/    /'
    failed=$((failed + 1))
  fi
}

# refused NAME COMMAND...: the command fails.
refused() {
  local name=$1
  shift
  check "$name" not "$@"
}
not() { if "$@"; then return 1; else return 0; fi; }

# equal NAME WANT GOT
equal() { check "$1 ($2)" same "$2" "$3"; }
same() { [ "$1" = "$2" ] || { printf 'want %q\ngot  %q\n' "$1" "$2"; return 1; }; }

# holds NAME PART TEXT: the text contains the part.
holds() { check "$1" contains "$2" "$3"; }
contains() { case $2 in *"$1"*) ;; *) printf 'want %q in\n%s\n' "$1" "$2"; return 1 ;; esac; }

# within SECONDS COMMAND...: the command succeeds before the time is over.
within() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$until" ]; then "$@"; return; fi
    sleep 0.2
  done
}

# field NAME: the value of a field of the JSON object on standard input.
field() { python3 -c 'import json,sys
v = json.load(sys.stdin).get(sys.argv[1], "")
print(json.dumps(v) if isinstance(v, (bool, dict, list)) else v)' "$1"; }

summary() {
  echo "$passed checks passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
