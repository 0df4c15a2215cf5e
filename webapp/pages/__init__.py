"""The shared floor: layout, language, dates and clocks in words, assets, the log.

Rooms bring records; this folder knows how a page is framed and how values are spoken. It must not
import a room. Start at `layout.py`, then `formats.py`.
"""
