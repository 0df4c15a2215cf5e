"""A whole installation in one file, and back again, on either database.

The file is a zstd-compressed tar: `tables/<table>/<n>.jsonl`, `files/<digest>`, `fonts/<name>`,
`outside/<name>`, `secrets/<name>` only when asked for, and last `manifest.json`, without which
nothing counts.
What the rows mean is no affair of this folder: it reads the tables the database has.
Start at `take.py`, then `restore.py`.
"""
