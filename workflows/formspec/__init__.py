"""Forms: from a JSON Schema and a uiSchema to questions, from answers to typed values.

`load_form` reads the two files, `read_values` an answer; both tell everything that is wrong at
once. `submission.py` knows the names of HTML forms. Nothing here renders, stores or asks whether
an account, unit or file exists.
Start reading at `fields.py`, then `read.py`.
"""

from collections.abc import Mapping

from workflows.formspec.fields import Choice, Condition, Field, Form, Group, Store, Widget
from workflows.formspec.findings import FormDefinitionError, FormFinding
from workflows.formspec.load import check_form, load_form
from workflows.formspec.read import Values, read_values
from workflows.formspec.submission import (
    apply_action,
    attach_file,
    flatten,
    parse_submission,
    parse_value,
)

__all__ = [
    "Choice",
    "Condition",
    "Field",
    "Form",
    "FormDefinitionError",
    "FormFinding",
    "Group",
    "Store",
    "Values",
    "Widget",
    "apply_action",
    "attach_file",
    "check_form",
    "flatten",
    "load_form",
    "names",
    "parse_submission",
    "parse_value",
    "read_values",
]


def names(form: Form) -> Mapping[str, str]:
    """FEEL types of everything expressions may read from a form: process and case fields."""
    return {name: kind for name, (kind, _store) in form.stored_names().items()}
