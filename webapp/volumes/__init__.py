"""卷宗 of a case: ordering, what is in it, what changed, and the archivist's acts.

What belongs into a volume and who may do what is decided in `workflows.volumes`. Start at
`routes.py`; `page.py` turns records into what the template shows.
"""
