"""Work nobody waits for: clocks that fall due, messages and letters that must leave.

Everything here is claim → do → done over rows that the causing transaction wrote; nothing polls
open cases. The same functions run embedded beside the server or on many machines. What a job does
to a case belongs to `cases`; how a document is drawn belongs to the web. Start at `worker.py`.
"""
