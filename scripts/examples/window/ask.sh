#!/bin/sh
# Asks the pad at a window for a rating, follows the question to its end, and cancels it on Ctrl-C.
#   PAD=https://192.168.1.20:8025 TOKEN=… [CA=hall-ca.pem] sh ask.sh CASENO ITEMCODE ITEMNAME
# Prints "waiting", then "rated", "declined" or "cancelled". A refusal prints the problem and ends with 22.
set -eu
: "${PAD:?the address of the pad}" "${TOKEN:?a token of its configuration}"

call() { # METHOD PATH [BODY]; the token goes by a pipe, so that no list of processes shows it
  printf 'oauth2-bearer = "%s"\n' "$TOKEN" | curl -sS --fail-with-body --max-time 10 --config - \
    ${CA:+--cacert "$CA"} -X "$1" "$PAD/window/v1/$2" \
    ${3:+-H 'Content-Type: application/json' --data-binary "$3"}
}
text() { printf '%s' "$1" | sed 's/["\\]/\\&/g'; }
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

body=$(printf '{"caseNo":"%s","itemCode":"%s","itemName":"%s"}' "$(text "$1")" "$(text "$2")" "$(text "$3")")
answer=$(call POST evaluations "$body") || { echo "$answer" >&2; exit 22; }
id=$(echo "$answer" | member id)
# A citizen who has begun to answer is not interrupted: the state tells what became of it.
trap 'call DELETE "evaluations/$id"' INT TERM
echo waiting
state=waiting
while [ "$state" = waiting ]; do
  sleep 1 || true
  state=$(call GET "evaluations/$id" | member state)
done
echo "$state"
