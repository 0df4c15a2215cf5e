"""The studio: where process owners work on a package in the browser."""
