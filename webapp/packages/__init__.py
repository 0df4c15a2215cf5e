"""Packages for those who look after them: the list, a version and what publishing it means, two
versions side by side. Asks `workflows/rollout`; editing diagrams is not here.

Start at `routes.py`; pictures are painted in `pictures.py`.
"""
