"""One's own account: sign in and out, language, password.

Other people's accounts are not touched here. Start at `routes.py`.
"""
