"""Signed papers that come back: where people drop photos and PDFs, and what became of each page.

Which page belongs where is decided in `workflows/scans`. Start at `routes.py`.
"""
