"""Verdicts → pages. The sentences tell whoever holds a paper or a file what they may rely on."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.pages.layout import render_page
from workflows.messages import Message
from workflows.sealing import verify
from workflows.sealing.verify import Verdict

GOOD, FAIR, BAD = "good", "fair", "bad"


@dataclass(frozen=True, slots=True)
class Words:
    """How a verdict is said. `style`: good | fair | bad; `icon`: of pages/_icons.html."""

    style: str
    icon: str
    title: str
    line: str


def ask(code: str = "", problem: Message | None = None) -> str:
    """The two forms: a code, a file."""
    return render_page("verify/ask.html", code=code, problem=problem)


def by_code(verdict: Verdict, code: str) -> str:
    """The verdict on a code."""
    words = _of_code(verdict)
    return render_page(
        "verify/verdict.html", verdict=verdict, words=words, code=code, by_file=False
    )


def by_file(verdict: Verdict) -> str:
    """The verdict on a file."""
    words = _of_file(verdict)
    return render_page("verify/verdict.html", verdict=verdict, words=words, code="", by_file=True)


def _of_code(verdict: Verdict) -> Words:
    if verdict.outcome == verify.SEALED:
        line = _("核验码属实，文书已加盖防篡改印。请把手中的文书与下列各项逐一对照。")
        return Words(GOOD, "ok", _("核验码属实，已盖印"), line)
    if verdict.outcome == verify.GENUINE:
        line = _("核验码属实，文书由本系统制作，没有加盖防篡改印。请与下列各项逐一对照。")
        return Words(
            GOOD, "ok", _("核验码属实"), line if verdict.told else _("依规定不显示其他内容。")
        )
    if verdict.outcome == verify.UNKNOWN:
        line = _("本系统没有这个核验码。请检查有没有看错；仍然查不到的，不要轻信这份文书。")
        return Words(BAD, "bad", _("查无此码"), line)
    return _shared(verdict)


def _of_file(verdict: Verdict) -> Words:
    if verdict.outcome == verify.SEALED:
        line = _("文件由本系统制作并加盖防篡改印，盖印后没有任何改动。")
        return Words(GOOD, "ok", _("真实，没有改动"), line)
    if verdict.outcome == verify.GENUINE:
        line = _("文件与本系统制作的完全一致，没有加盖防篡改印。")
        if verdict.told is None:
            line = _("文件与本系统制作的完全一致。依规定不显示其他内容。")
        return Words(GOOD, "ok", _("真实，没有改动"), line)
    if verdict.outcome == verify.UNDONE:
        line = _("文件与盖印之前的一致，后来已加盖防篡改印。请以盖印后的文件为准。")
        return Words(FAIR, "soon", _("真实，但不是盖印后的文件"), line)
    if verdict.outcome == verify.ALTERED:
        line = _(
            "文件标有本系统的核验码或印章，但与本系统保存的不一致，内容可能被改动，不能作为依据。"
        )
        return Words(BAD, "bad", _("文件已被改动"), line)
    if verdict.outcome == verify.UNKNOWN:
        line = _(
            "文件里没有本系统的核验码和印章，本系统也没有存过它。扫描件和照片请改用核验码查询。"
        )
        return Words(BAD, "bad", _("不是本系统的文件"), line)
    if verdict.outcome == verify.UNREADABLE:
        return Words(FAIR, "soon", _("文件无法核验"), _unreadable(verdict.problem))
    return _shared(verdict)


def _shared(verdict: Verdict) -> Words:
    """What is said alike of codes and files."""
    if verdict.outcome == verify.REPLACED:
        line = _("文书确由本系统制作，但后来有了新的文本。请向制作单位索取新文本。")
        return Words(FAIR, "soon", _("已被新文书替代"), line)
    if verdict.outcome == verify.VOIDED:
        line = _("文书确由本系统制作，但已作废，不能再使用。")
        return Words(BAD, "bad", _("已作废"), line)
    line = _("防篡改印所用的证书已被吊销。请向制作单位核实，不要只凭这枚印。")
    return Words(BAD, "bad", _("印章证书已被吊销"), line)


def _unreadable(problem: str | None) -> str:
    if problem == "not_pdf":
        return _("这不是 PDF 文件。请上传收到的原始 PDF，不要转换格式。")
    if problem == "encrypted":
        return _("文件设了密码，无法核验。请上传没有密码的原始文件。")
    if problem == "slow":
        return _("文件太复杂，核验没有完成。请确认是原始文件，或改用核验码查询。")
    return _("文件已损坏，打不开。请重新下载后再试。")
