#!/usr/bin/env bash
# Gives this checkout what it lacks: system libraries, virtual environment, browser bundles, translations.
# Usage: deploy/set_up.sh run|test. Safe to repeat and to interrupt; what is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-run}"
python="${PYTHON:-python3}"
PATH="$PATH:/usr/sbin:/sbin" # where ldconfig is for those who are not root

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
stamp() { sha256sum "$@" | sha256sum | cut -c1-16; }

# Two set-ups at once (make run beside make test) would pull the rug from under each other.
if command -v flock >/dev/null; then
  exec 9<.
  flock -n 9 || { say "Waiting for another set-up of this checkout"; flock 9; }
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  fail "Python 3.11 or newer is needed; name it with PYTHON=/path/to/python3."

# --- system libraries -----------------------------------------------------------------------------
libraries="$(ldconfig -p 2>/dev/null || true)"
has_library() { [[ "$libraries" == *"$1"* ]]; }
packages=()
if ! has_library libpangoft2-1.0.so.0 || ! has_library libharfbuzz-subset.so.0; then
  packages+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if [ "$purpose" = test ]; then
  command -v chromium >/dev/null || packages+=(chromium)
  command -v pdftoppm >/dev/null || packages+=(poppler-utils)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
  [[ "$(fc-list 2>/dev/null || true)" == *[Nn]oto*CJK* ]] || packages+=(fonts-noto-cjk)
fi
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing system packages: ${packages[*]}"
    { apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
    } >/dev/null 9<&- || { say "apt-get failed; these packages are still missing: ${packages[*]}"; [ "$purpose" = run ] || exit 1; }
  else
    say "These system packages are missing; install them as root and run this again: ${packages[*]}"
    [ "$purpose" = run ] || exit 1
  fi
fi

# --- Python ---------------------------------------------------------------------------------------
pip() { .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps "$@"; }
# The lock of the tests holds everything the one of a server holds, at the same versions.
list=requirements-run.lock
[ "$purpose" = run ] || list=requirements.lock
installed="$(cat .venv/.lock 2>/dev/null || true)"
everything="test $(stamp requirements.lock pyproject.toml)"
wanted="$purpose $(stamp "$list" pyproject.toml)"
# A folder left by an interrupted set-up, or whose Python has gone, is not an environment.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  rm -rf .venv
  installed=""
  "$python" -m venv .venv >/dev/null || { rm -rf .venv; fail "No virtual environment could be made; as root: apt-get install python3-venv"; }
fi
if [ "$installed" != "$wanted" ] && [ "$installed" != "$everything" ]; then
  say "Installing Python packages"
  rm -f .venv/.lock
  pip --require-hashes -r "$list"
  pip --no-build-isolation -e .
  echo "$wanted" > .venv/.lock
fi

# --- browser bundles ------------------------------------------------------------------------------
packages_lock=$(stamp package-lock.json)
sources=$(find webapp/frontend webapp/static -path webapp/static/dist -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
needs_packages() { [ "$(cat node_modules/.lock 2>/dev/null)" != "$packages_lock" ]; }
needs_bundles() { [ "$(cat webapp/static/dist/.sources 2>/dev/null)" != "$sources$packages_lock" ]; }
if needs_packages || needs_bundles; then
  if ! command -v npm >/dev/null; then
    if ! .venv/bin/npm --version >/dev/null 2>&1; then
      say "Installing Node (this machine has none)"
      pip --require-hashes -r deploy/nodejs.lock
    fi
    PATH="$PWD/.venv/bin:$PATH"
  fi
  if needs_packages; then
    say "Installing browser packages and fonts"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    echo "$packages_lock" > node_modules/.lock
  fi
  npm run --silent build
  echo "$sources$packages_lock" > webapp/static/dist/.sources
fi
for po in webapp/translations/*/LC_MESSAGES/*.po; do
  mo="${po%.po}.mo"
  [ "$mo" -nt "$po" ] || .venv/bin/pybabel -q compile -i "$po" -o "$mo" -l "$(basename "$(dirname "$(dirname "$po")")")"
done
