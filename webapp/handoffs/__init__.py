"""函件: letters between offices, received and sent, and the dead ones that wait for a person.

What a handoff is and who sees it lives in `workflows.handoffs`. Start at `page.py`.
"""
