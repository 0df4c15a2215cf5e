"""Signing on a screen: asked for at a work item, given at the table or on a party's own phone.

`ask.py` makes a link, `paper.py` is what its holder sees and does, `signals.py` looks for what
should not look alike, `view.py` tells the task's page. The value of a form's signature field is the
id of the row made here; `workflows/cases/signatures.py` makes it count when the task is completed,
`workflows/sealing` draws the strokes into the file it seals.
"""
