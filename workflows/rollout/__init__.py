"""What a version of a package means for cases: its scenarios, walked before it is published.

`scenario.py` reads scenario files, `run_scenario.py` walks one against a `World`, `pure_world.py`
is the world in memory (the same `decide`, no database, no network), `rehearse.py` walks all
scenarios of a package and says what they leave out. `replay.py` walks a past run through another
version, from its journal, and names what differs. Nothing here knows HTTP; the real site is
another `World`.
"""
