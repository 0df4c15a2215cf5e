"""FEEL, the one expression language of packages (DMN 1.5 §10): text → checked Python closure.

Pure: no expression reaches a Python object, an attribute, a file or the network, and each ends
within the limits of `limits.py`. Nothing of cases, forms or diagrams comes in. Start reading at
`door.py`, then `parser.py` (text → nodes) and `compiler.py` (nodes → closures).
"""

from workflows.feel.clock import using_clock, using_day
from workflows.feel.convert import convert
from workflows.feel.door import (
    compile_expression,
    compile_reading,
    compile_unary_tests,
    declare_names,
    evaluate,
    names_used,
    unary_test,
)
from workflows.feel.errors import FeelError
from workflows.feel.printing import print_expression, print_unary_tests
from workflows.feel.scope import Declared
from workflows.feel.type_text import parse_type
from workflows.feel.types import Type
from workflows.feel.values import Function, Range, Value, YearsMonths

__all__ = [
    "Declared",
    "FeelError",
    "Function",
    "Range",
    "Type",
    "Value",
    "YearsMonths",
    "compile_expression",
    "compile_reading",
    "compile_unary_tests",
    "convert",
    "declare_names",
    "evaluate",
    "names_used",
    "parse_type",
    "print_expression",
    "print_unary_tests",
    "unary_test",
    "using_clock",
    "using_day",
]
