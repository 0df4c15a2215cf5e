"""The people whose work an actor looks after: who is there, who is away, and handing over.

What may be handed to whom is decided in `workflows.cases`. Start at `page.py`.
"""
