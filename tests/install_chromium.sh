#!/bin/sh
# Chromium for the browser tests. Installs it with apt where this user may; says what is missing
# where not, and never fails the caller: the browser tests then say so themselves.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..." >&2
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium; } >/dev/null 2>&1 && exit 0
    echo "apt-get could not install the package 'chromium'." >&2
fi
echo "No Chromium found: the browser tests are skipped. Install it, e.g. 'sudo apt-get install chromium'." >&2
exit 0
