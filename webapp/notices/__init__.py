"""What somebody is told: the page behind the bell, and where a notice leads.

What a notice *is* and when it counts as read lives in `workflows`. Start at `page.py`.
"""
