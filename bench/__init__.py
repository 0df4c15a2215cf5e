"""Figures of the product, as ratios measured in one run; never part of the tests.

What lives here: one module a question (`complete`, `inbox`, `state`, `memory`, `pdf`), what they
share (`figures`, `installation`, `mediation`, `backlog`, `reference`), and `python -m bench`, which
prints them as one table. Nothing in the product imports this folder.
"""
