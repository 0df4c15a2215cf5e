"""What an owner does in a day at the studio, press by press; each part leaves the next ready."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.person import Person, type_over
from tests.browser.test_rehearsal import REGISTER, REVIEW, press
from tests.browser.test_studio_diagram import KEY, Drawing

TASK, LAST, END = "do_1", "inform_rights", "n_ready"
OVER = "if case.amount = null then false else case.amount > 50000"
QUESTIONS = (
    ("longtext", "村委会意见", "Opinion of the village committee", "village_opinion"),
    ("date", "答复日期", "Answered on", "village_answered_on"),
)
LONG = 120_000

WALK = (
    REVIEW,
    {"ask_way": "phone", "consent": "agreed"},
    {"session_public": "closed", "notice_scan": None},
    {"village_opinion": "村委会愿意派人参加调解，请先看现场。", "village_answered_on": None},
)
"""What is filled in from the review to the new step; None: the first choice, or today."""
NOT_OVER = "if case.amount = null then true else case.amount <= 50000"


def add(page: Page, tool: str) -> str:
    """Puts a shape behind what is chosen, by keyboard; its id."""
    before = page.locator(".fq-side-head .fq-hint").inner_text()
    page.locator(".fq-toolbox button", has_text=tool).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fq-side-head .fq-hint")).not_to_have_text(before)
    return page.locator(".fq-side-head .fq-hint").inner_text().split("·")[-1].strip()


def connect(drawing: Drawing, source: str, target: str) -> None:
    """Draws a line from the arrow beside a shape to another shape."""
    drawing.choose(source)
    page = drawing.page
    page.locator('.djs-context-pad .entry[data-action="connect"]').click()
    shape = page.locator(f'.djs-shape[data-element-id="{target}"]')
    box = shape.locator(".djs-hit").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 5, steps=6)
    expect(shape).to_have_class(re.compile("connect-ok"))
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".fq-side-head .fq-hint")).to_contain_text(f"f_{source}_{target}")


def draw_step(person: Person) -> tuple[str, str]:
    """A choice and a task behind the last step of a diagram; ids of both."""
    drawing = Drawing(person).open("pm_inform", LAST)
    page = person.page
    choice = add(page, "选一条路")
    drawing.write("name", "超过五万元？")
    task = add(page, "人工任务")
    drawing.write("name", "征求村委会意见")
    drawing.write("name_en", "Ask the village committee")
    drawing.open("pm_inform", f"f_{LAST}_{END}")
    page.locator(".djs-container > svg").first.focus()
    page.keyboard.press("Delete")
    connect(drawing, choice, END)
    connect(drawing, task, END)
    return choice, task


def say_when(person: Person, choice: str) -> None:
    """The conditions of both exits of the choice, and their names on the lines."""
    drawing = Drawing(person)
    page = person.page
    for number, (name, condition) in enumerate((("超过", OVER), ("没有超过", NOT_OVER))):
        drawing.choose(choice)
        drawing.group("exits").locator("a").nth(number).click()
        drawing.write("name", name)
        drawing.write("condition", condition)
        expect(drawing.field("condition").locator(".fq-feel-told")).to_contain_text("样例案件")
    assert page.locator(".fq-feel.is-bad").count() == 0


def ask_two_questions(person: Person, task: str) -> None:
    """A new form for the task with two questions."""
    drawing = Drawing(person).open("pm_inform", task)
    page = person.page
    drawing.group("filling").get_by_role("button", name="新建表单").click()
    for kind, title, english, name in QUESTIONS:
        page.locator("#add-field").click()
        page.locator(f'[data-kind="{kind}"]').click()
        page.fill("#p-title", title)
        page.fill("#p-title-en", english)
        if not page.locator("#p-name").is_visible():
            page.get_by_text("名称和种类").click()
        page.fill("#p-name", name)
        page.keyboard.press("Enter")
        expect(page.locator(f"#card-{name}")).to_contain_text(title)


def expect_no_error(person: Person) -> None:
    """The check of what is on the screen finds no error any more."""
    page = person.page
    expect(page.locator(".fq-studio-tabs .fq-count:visible")).to_have_count(0, timeout=LONG)


def save_and_hand_in(person: Person, notes: str) -> str:
    """The working copy as a version; the address of its page."""
    page = person.page
    page.locator('.fq-studio-tabs a[data-tab="versions"]').click()
    page.fill("#hand-in-notes", notes)
    page.get_by_role("button", name="保存并交成版本").click()
    expect(page.locator('[data-part="saved"]')).to_contain_text("已交成第", timeout=LONG)
    return newest_version(person)


def newest_version(person: Person) -> str:
    """The address of the page of the newest version."""
    return f"/packages/{KEY}/versions/{Drawing(person).ask('tree')['versions'][0]['number']}"


def rehearse(person: Person, version: str) -> None:
    """The version is walked over the new step to a withdrawal, and the walk is kept."""
    page = person.visit(f"{version}/rehearse")
    if page.get_by_role("button", name="清空，从头再走").count():
        press(person, "清空，从头再走")
    press(person, "填这张表")
    person.fill({**REGISTER, "amount": "80000"})
    press(person, "提交这一步")
    for values in WALK:
        press(person, "办理")
        for name, value in values.items():
            fill_in(person, name, value)
        press(person, "提交这一步")
    page.get_by_text("当事人撤回").first.click()
    press(person, "记下撤回")
    press(person, "办理")
    page.locator('[name="volume_items"][type=checkbox]').first.check()
    person.fill({"retention": "short"})
    press(person, "提交这一步")
    expect(page.locator("#r-keep")).to_contain_text("走到结束")
    person.fill({"title": "金额大：先问村委会，后来撤回", "name": "village_asked"})
    press(person, "存入新的草稿")


def fill_in(person: Person, name: str, value: object) -> None:
    control = person.page.locator(f'main [name="{name}"]').first
    if value is not None:
        person.fill({name: value})
    elif control.evaluate("e => e.tagName") == "SELECT":
        control.select_option(index=1)
    elif not control.input_value():
        today = person.page.locator("section[aria-labelledby=r-clock] time").first
        control.fill(str(today.get_attribute("datetime"))[:10])


def take_back(person: Person) -> None:
    """The version the rehearsal made becomes the working copy, with the scenario in it."""
    page = person.page
    page.goto(f"/studio/{KEY}#scenarios")
    page.get_by_role("button", name="取回").click()
    scenarios = page.locator('[data-room="scenarios"] .fq-tree').first
    expect(scenarios).to_contain_text("金额大：先问村委会", timeout=LONG)


def mend_scenario(person: Person, name: str, task: str) -> None:
    """A scenario that the new step stops is led over it."""
    page, path = person.page, f"bpmn/{KEY}/scenarios/{name}.json"
    scenario = json.loads(Drawing(person).files()[path])
    after = next(n for n, one in enumerate(scenario["steps"]) if one.get("task") == LAST)
    answers = {"village_opinion": "村委会愿意派人参加。", "village_answered_on": {"$today": 0}}
    step = {"task": task, "as": "intake", "data": answers}
    scenario["steps"].insert(after + 1, step)
    page.goto(f"/studio/{KEY}#scenarios/{quote(path, safe='')}")
    expect(page.locator('[data-room="scenarios"] h2').nth(1)).to_contain_text("三十方")
    page.get_by_role("button", name="改数据").click()
    expect(page.get_by_role("button", name="看步骤")).to_be_visible()
    text = json.dumps(scenario, ensure_ascii=False, indent=2)
    type_over(page.locator('[data-room="scenarios"] .cm-content'), text)
    page.get_by_role("button", name="走这一个").click()
    expect(
        page.locator(".fq-tree a[aria-current] .is-green, .fq-tree a.is-green[aria-current]")
    ).to_have_count(1, timeout=LONG)


def replay(person: Person) -> int:
    """Past cases walk through the working copy, in place; how many."""
    page = person.page
    page.get_by_role("button", name="用过去的案件重走", exact=True).click()
    page.locator(".fq-studio-footpage").get_by_role("button", name="重走").click()
    told = page.locator(".fq-studio-foothead .fq-hint")
    expect(told).to_have_text(re.compile(r"已走 (\d+) 件，共 \1 件"), timeout=LONG)
    return int(re.findall(r"\d+", told.inner_text())[-1])


def counts(person: Person) -> dict[str, int]:
    """What the past cases came to, as the foot of the page tells it: verdict → cases."""
    told = person.page.locator(".fq-studio-footpage .fq-foot-body > span").all_inner_texts()
    return {name: int(cases) for name, _, cases in (one.rpartition(" ") for one in told)}


def painted(person: Person, element: str) -> int:
    """How many past cases part at an element, as its diagram shows it."""
    page = Drawing(person).open("pm_inform", element).page
    mark = page.locator(f'.djs-overlays[data-container-id="{element}"] .fq-mark-words')
    expect(mark).to_have_text(re.compile(r"^\d+ 件$"))
    return int(mark.inner_text().split()[0])


def approve(person: Person, version: str) -> None:
    """The second person looks at it and agrees."""
    page = person.page
    page.goto(version)
    page.get_by_role("button", name="审核通过这个版本").click()
    expect(page.locator("main")).to_contain_text("审核通过")


def publish(person: Person, version: str) -> None:
    page = person.page
    page.goto(version)
    page.locator("#notes").fill("五万元以上的纠纷先征求村委会意见")
    page.get_by_role("button", name="发布第").click()
    expect(page.locator("main")).to_contain_text("已发布，新案件马上使用")


def migrate(person: Person, version: str, case: str) -> None:
    """One running case, chosen after a trial that changes nothing, goes on in the version."""
    page = person.page
    page.goto(f"{version}/migrate")
    page.get_by_role("button", name="试算，不改动案件").click()
    wait_for_job(page)
    row = page.locator("section[aria-labelledby=cases] li", has=page.locator(f'a[href="{case}"]'))
    expect(page.locator("section[aria-labelledby=cases] li").first).to_be_visible()
    while not row.count():
        page.get_by_role("link", name="下一页").click()
    row.locator("input[type=checkbox]").check()
    page.get_by_role("button", name="只迁移选中的").click()
    wait_for_job(page)


def wait_for_job(page: Page) -> None:
    """Presses for the newest state until the worker is through."""
    for _ in range(60):
        if (
            page.locator("section[aria-labelledby=job] header")
            .inner_text()
            .strip()
            .endswith("完成")
        ):
            return
        again = page.get_by_role("link", name="看最新进度")
        if again.count():
            again.click()
        page.wait_for_timeout(1000)
    raise AssertionError(page.locator("section[aria-labelledby=job]").inner_text())
