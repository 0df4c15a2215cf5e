"""Texts with FEEL placeholders over plain data: documents, letters, notices.

`parse` checks a text once and compiles every expression in it; `Template.render` fills it in.
No I/O, no clock, no way from a text to a Python object. Start reading at `template.py`; the
syntax is in `tags.py`, what texts may call beside FEEL's own functions in `functions.py`.
"""

from workflows.wording.errors import WordingError
from workflows.wording.template import Template, parse

__all__ = ["Template", "WordingError", "parse"]
