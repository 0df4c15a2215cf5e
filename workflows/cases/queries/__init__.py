"""Reads for pages: one function a page, each returning a frozen record of `records.py`.

Nothing is written here and nothing is decided; what a reader may see and do comes from
`cases.access`. Lists sort and filter by columns of one table and page by keyset, so that they cost
the same with a hundred thousand rows. Start at `inbox.py`.
"""
