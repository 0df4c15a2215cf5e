"""The print desk: packets that wait to go to a court, printed together, and what was printed.

A packet is data of a package (`workflows/catalogue/packet.py`). Start at `queue.py` (what waits),
`order.py` (a job is ordered), `make.py` (the worker makes its PDF).
"""
