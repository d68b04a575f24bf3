#!/usr/bin/env bash
# From an alert to a decision without a prompt: assesses the incident that a SIEM wrote as JSON, keeps what was decided,
# and acts on the exit code.
#
#   examples/runbook.sh INCIDENT.json [FOLDER]
#
# Ends with leakresp's own code, so that the caller can branch as well:
#   10 a report is required · 11 cannot be told yet · 0 not required (or released) · 4 the file is wrong
set -euo pipefail
umask 077 # what is kept here is about an incident

incident=${1:?"usage: runbook.sh INCIDENT.json [FOLDER]"}
folder=${2:-leak-$(date +%Y%m%dT%H%M%S)}
mkdir -p "$folder"

code=0
decision=$(leakresp assess "$incident" --json --exit-code) || code=$?
if [ -n "$decision" ]; then printf '%s\n' "$decision" >"$folder/assessment.json"; fi

case $code in
  10)
    leakresp draft-notice ppc_preliminary_report --answers "$incident" --format md -o "$folder/preliminary_report.md"
    echo "A report is required: call the person in charge. Decision and draft are in $folder."
    ;;
  11)
    leakresp next --answers "$incident" --json >"$folder/next_question.json"
    echo "Cannot be told yet. The next question:"
    leakresp next --answers "$incident"
    ;;
  0)
    echo "No duty to report. The reasons are kept in $folder/assessment.json."
    ;;
  4)
    echo "The incident file is wrong; the lines above say where and how to mend it." >&2
    ;;
  *)
    echo "leakresp ended with code $code; decide by hand." >&2
    ;;
esac
exit "$code"
