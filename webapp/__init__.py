"""The web: HTTP, HTML and PDF layout; asks `workflows/` for everything."""
