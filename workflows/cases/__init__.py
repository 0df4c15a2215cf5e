"""What a case is and what may be done with it: from first registration to the closed volume.

The heart is `decide.py`: one pure function from (snapshot, command, ports) to a decision. The use
cases around it load a snapshot, ask, and save what was decided in one transaction. Nothing here
knows HTTP, PDF or SpiffWorkflow. Start at `decision.py`, then `decide.py`, then `complete_task.py`.
"""
