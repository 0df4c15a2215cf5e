"""The print desk: what waits to go to a court, packets printed together, what was printed.

What a packet holds is decided in `workflows/printdesk`. Start at `routes.py`.
"""
