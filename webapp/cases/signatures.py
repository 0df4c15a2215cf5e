"""Signature fields of a task's form as the page shows them."""

from __future__ import annotations

from flask import url_for

from webapp.forms.shown import SignShown
from webapp.pages.formats import spoken
from webapp.pages.now import platform
from workflows.cases.signature_tables import PHONE
from workflows.formspec import Form, Widget
from workflows.messages import Message
from workflows.signing.view import GivenSignature, load_signatures

SIGNED, OPEN = "signed", "open"


def signatures_of(form: Form, item: str) -> dict[str, SignShown]:
    """Where people sign on a task's form, and what became of it."""
    fields = [one.name for one in form.fields if one.widget is Widget.SIGNATURE]
    if not fields:
        return {}
    given = load_signatures(platform(), item)
    address = url_for("cases.sign", item=item)
    return {name: _shown(address, given.get(name)) for name in fields}


def _shown(address: str, one: GivenSignature | None) -> SignShown:
    if one is None:
        return SignShown(address)
    phone = one.way == PHONE
    return SignShown(
        address=address,
        state=one.state,
        link=url_for("signing.link", signature=one.id) if one.state == OPEN and phone else "",
        value=one.id if one.state == SIGNED else "",
        who=one.signer_name,
        way=spoken(Message(f"signing.way_{one.way}")),
        when=one.done_at,
        path=one.path,
        width=one.width,
        height=one.height,
        reason=one.reason,
        doubts=tuple(spoken(Message(f"signing.{kind}")) for kind in dict.fromkeys(one.signals)),
    )
