"""期限: the board of running time limits, by how near their end is.

Which clocks a reader may know of is decided in `workflows/cases/queries/clock_board.py`; acts on a
clock stand on its case. Start at `page.py`.
"""
