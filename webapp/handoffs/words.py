"""What handoffs are called on pages: states, outcomes, boxes."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in words, with its style and icon."""

    words: str
    style: str
    icon: str = ""


def states() -> dict[str, Tag]:
    """Tags of the states of a letter."""
    return {
        "sent": Tag(_("已发出"), "plain"),
        "received": Tag(_("已送达"), "now"),
        "accepted": Tag(_("已接收"), "now"),
        "declined": Tag(_("已退回"), "warn"),
        "answered": Tag(_("已答复"), "done"),
        "withdrawn": Tag(_("已撤回"), "draft"),
        "dead": Tag(_("没有送达"), "bad", "over"),
    }


def answer_states() -> dict[str, Tag]:
    """Tags of the states of one answer."""
    return {
        "open": Tag(_("正在送达"), "plain"),
        "waiting": Tag(_("等对方办到这一步"), "plain"),
        "delivered": Tag(_("已送达"), "done"),
        "dead": Tag(_("没有送达"), "bad", "over"),
    }


def outcomes() -> dict[str, str]:
    """Outcomes every package shares, and the two the form of a paper answer offers beside."""
    return {
        "agreed": _("达成协议"),
        "failed": _("没有达成协议"),
        "accepted": _("接收办理"),
        "declined": _("不接收"),
        "returned": _("退回材料"),
        "withdrawn": _("当事人撤回"),
    }


def boxes() -> dict[str, str]:
    """The tabs of the list."""
    return {"in": _("收到的"), "out": _("发出的"), "dead": _("没有送达的")}
