"""Forms as HTML in the house's look: usable without scripts, quicker with `frontend/forms.js`.

`render.py` is the door. It takes a form of `workflows.formspec`, values and errors, and knows
nothing of cases, tasks or accounts; what it needs of them comes as plain options.
Start reading at `build.py`; the markup is in `templates/forms/`.
"""
