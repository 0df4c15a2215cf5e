"""The least site that can draw a form: templates, their language and filters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask, g

from webapp.forms.build import Known
from webapp.forms.render import render_form
from webapp.pages import formats, language
from workflows.formspec import Form

WEBAPP = Path(__file__).parents[2] / "webapp"
TODAY = Known(today=date(2026, 10, 9))


def make_app() -> Flask:
    """An app without routes, database or sign-in."""
    made = Flask("webapp", template_folder=str(WEBAPP / "templates"))
    made.jinja_env.trim_blocks = made.jinja_env.lstrip_blocks = True
    language.install(made)
    for name in ("data", "size", "tongue"):
        made.jinja_env.filters[name] = getattr(formats, name)
    return made


def make_form_page(form: Form, values: dict[str, object], *, head: str, foot: str) -> str:
    """A whole page around a form, in Chinese, with the places its script looks for."""
    with make_app().test_request_context("/"):
        g.language = "zh-Hans"
        fields = render_form(form, values, (), "zh-Hans", known=TODAY)
    return f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>表</title>
{head}</head><body><main class="fq-main"><h1>表</h1>
<span class="fq-saved" role="status" data-saved data-saving="正在保存草稿"
 data-failed="没能保存草稿" data-done="草稿已保存"></span>
<form class="fq-form fq-paper" method="post" action="/send" enctype="multipart/form-data" novalidate
 data-draft-url="/draft" data-draft-revision="3" data-upload-url="/files">
<input type="hidden" name="csrf_token" value="token">
<input type="hidden" name="_draft_revision" value="3">{fields}
<button class="btn btn-primary" id="send" type="submit">提交</button></form></main>
{foot}</body></html>"""
