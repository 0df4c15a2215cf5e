"""The `fengqiao` command: one module a group of commands.

Commands talk to people in a terminal: they print, and end with an exit code, never a traceback
for bad input. What they do is done by `workflows/`. Start at `webapp/cli.py`.
"""
