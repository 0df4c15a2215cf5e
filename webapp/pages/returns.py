"""Where to go back to. Only addresses of this site count; anything else leads to the root."""

from __future__ import annotations

from urllib.parse import urlsplit

MOST = 1500
"""Characters of an address worth carrying."""


def safe_return(wanted: str | None) -> str:
    """`wanted` if it is a path of this site, else `/`.

    Browsers read a backslash like a slash and drop tabs and line ends: none may be in it.
    """
    if not wanted or len(wanted) > MOST or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return "/"
    if any(char <= " " or char == "\\" or char == "\x7f" for char in wanted):
        return "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else wanted.rstrip("?")
