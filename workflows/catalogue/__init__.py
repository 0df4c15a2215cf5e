"""Process packages and their versions: read, check, compile, publish, choose at start.

A package is data: `bpmn/<key>/…` and `forms/<key>/…`. This room turns such a tree into a frozen
`Package` every case of a version shares, and refuses a tree that cannot run (the gate). What a
version means for cases that run already is `rollout/`, not here. Start at `package.py`.
"""
