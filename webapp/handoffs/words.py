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
    """Outcomes every package shares, those the form of a paper answer offers, and those of the
    built-in packages. Another package's own word is shown as it is."""
    return {
        "agreed": _("达成协议"),
        "failed": _("没有达成协议"),
        "accepted": _("接收办理"),
        "declined": _("不接收"),
        "returned": _("退回材料"),
        "withdrawn": _("当事人撤回"),
        "refused": _("对方不同意调解"),
        "unreachable": _("联系不上当事人"),
        "ineligible": _("不符合申请条件"),
        "late": _("超过申请期限"),
        "expired": _("期限届满"),
        "performed": _("已履行"),
        "unperformed": _("没有履行"),
        "changed": _("变更协议"),
        "confirmed": _("裁定确认有效"),
        "not_accepted": _("法院不予受理"),
        "deemed_withdrawn": _("按撤回申请处理"),
        "dismissed_mediate": _("驳回申请，重新调解"),
        "dismissed_sue": _("驳回申请，可以起诉"),
        "enforcement": _("申请强制执行"),
        "unenforced": _("没有申请执行"),
    }


def boxes() -> dict[str, str]:
    """The tabs of the list."""
    return {"in": _("收到的"), "out": _("发出的"), "dead": _("没有送达的")}
