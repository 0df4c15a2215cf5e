"""Paper and files: documents as PDF, drafts to correct at the table, the print page, downloads.

What a document says lives in `workflows/documents`; how it is laid out in `webapp/pdf`. Start at
`routes.py`.
"""
