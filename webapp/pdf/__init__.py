"""HTML in, PDF/A-3u out, in a process of its own.

WeasyPrint weighs as much as the rest of the site and runs on text that people typed, so it is
imported only by `child.py`, which has a clean environment, no network and named fonts only.
`renderer.py` is the pool the site talks to; start reading there, then `process.py`.
"""
