"""A person's time limits as a calendar that other programs read by a secret address.

The secret is made and revoked in `webapp/account`. Start at `routes.py`.
"""
