"""What `fengqiao doctor` looks at. Nothing here writes, and nothing may end with a traceback.

`machine.py` looks at folders, disk and keys, `records.py` at the database, `work.py` at what the
worker should have done, `paper.py` at what documents need. Start at `result.py`.
"""
