"""``leakresp report``: one page for a board that needs nothing but itself, in Chromium and for whoever cannot see it."""

import datetime as dt
import itertools
import json
import os
import re
import shutil
import stat
import subprocess
import tarfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.browser import CHROMIUM, DRIVER, MISSING, Browser
from tests.desk_clock import MAIL, leakresp

from leakresp.papers.board_page import board_page
from leakresp.papers.deadline_picture import Bar, Picture, deadline_picture
from leakresp.response.case import Agreed, Closed, Noted, Reopened, Reported, Sent, Stepped
from leakresp.shell.cases import open_case
from leakresp.shell.faults import MISUSE

__all__ = ["leakresp"]  # the fixture

LANGUAGES = ("ja", "en")
#: What a person could type into any text, to see whether it comes out as text.
EVIL = "<script>alert(1)</script>\"'&<b>太字</b>"
RANSOMWARE = {
    "cause": "ransomware", "leak": "suspected", "unusable": "confirmed", "data_items": "name, email",
    "affected_people": "500..3000", "discovered_on": "2026-11-18", "occurred_on": "2026-11-16",
    "organisation_name": "株式会社みほん", "incident_summary": EVIL,
}  # fmt: skip
WIDE, PHONE = 1280, 390
needs_browser = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING)


@pytest.fixture
def kept(leakresp, facts):
    """Record events in a case, at the moment of the clock."""

    def keep(name, *events, by="佐藤"):
        open_case(name, str(leakresp.folder), facts, now=lambda: leakresp.moment).add(by, *events)

    return keep


@pytest.fixture
def case(leakresp, kept, library):
    """A case in the middle of its work: a preliminary report filed, answers changed since, dates to come and overdue."""
    leakresp.begin("kaiin", RANSOMWARE)
    kept(
        "kaiin",
        Noted(EVIL, "2026-11-18T02:15+09:00"),
        Stepped(library.rulebook.plain["actions"][0]["id"], "done", note=EVIL),
        Sent("ppc_preliminary_report", "sent/a.txt", "ab" * 32, EVIL, "2026-11-22"),
        Reported("appi", "preliminary_report", "個人情報保護委員会", "2026-11-22", "R-1"),
        Agreed("取引先へ説明", "2026-11-20"),
        Agreed(EVIL, "2026-12-02"),
        by=EVIL,
    )
    leakresp.moment += dt.timedelta(hours=2)
    leakresp.fine("change kaiin affected_people=2812 secondary_damage=suspected medium=unknown cause_detail=VPN機器")
    return leakresp


@pytest.fixture
def page(case, tmp_path):
    """The page in a language, as a file and as text."""

    def write(lang="ja", name="kaiin"):
        path = tmp_path / f"{name}.{lang}.html"
        case.fine(f"report {name} --lang {lang} -o '{path}'")
        return path

    return write


class Page(HTMLParser):
    """A page read strictly: every tag closed where it must be."""

    VOID = frozenset(("meta", "link", "br", "img", "hr", "input"))

    def __init__(self, text):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style", "title"}:
            self.words.append(data)

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.tags if name in attrs]


@pytest.fixture(params=LANGUAGES)
def read(request, page):
    return Page(page(request.param).read_text(encoding="utf-8"))


# nothing but itself ---------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_but_itself(read):
    assert not {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert read.attributes("src") == []
    assert [name for _, attrs in read.tags for name in attrs if name.startswith("on") or name == "style"] == []
    for tag, attrs in read.tags:
        if "href" in attrs:
            assert tag == "a"
            assert re.match(r"#\w|https://", attrs["href"])


def test_no_style_fetches_anything(page):
    style = page().read_text(encoding="utf-8").partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"url\(|@import|@font-face|expression", style)


def test_links_lead_to_the_law_and_within_the_page(read, library):
    addresses = {law.get("address") for law in library.rulebook.plain["laws"].values()}
    targets, ids = read.attributes("href"), read.attributes("id")
    assert {target for target in targets if not target.startswith("#")} <= addresses
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)
    assert any(not target.startswith("#") for target in targets)


def test_what_somebody_typed_comes_out_as_text(read):
    assert not {tag for tag, _ in read.tags} & {"script", "b"}
    words = "".join(read.words)
    assert words.count(EVIL) >= 5  # the summary, a note, who wrote it, the addressee, a date of one's own


def test_the_page_is_the_same_every_time(page):
    first = page().read_bytes()
    assert page().read_bytes() == first


# for whoever cannot see it --------------------------------------------------------------------------------------------


def test_the_language_is_named_and_the_title_says_what_it_is(page):
    for lang, title in (("ja", "漏えい等事案の報告："), ("en", "Leak incident report: ")):
        text = page(lang).read_text(encoding="utf-8")
        assert f'<html lang="{lang}">' in text
        assert f"<title>{title}" in text


def test_headings_go_down_one_step_at_a_time_from_a_single_first(read):
    assert read.headings.count(1) == 1
    assert read.headings[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(read.headings))


def test_there_is_one_main_part_and_a_way_to_it_first(read):
    tags = [tag for tag, _ in read.tags]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "nav")] == [1, 1, 1, 1]
    first = next(attrs for tag, attrs in read.tags if tag == "a")
    assert first["href"] == "#main"
    assert ("main", {"id": "main"}) in read.tags


def test_every_part_and_every_picture_has_a_name(read):
    ids = read.attributes("id")
    assert len(ids) == len(set(ids))
    for tag, attrs in read.tags:
        if tag in {"section", "nav", "svg"} and attrs.get("aria-hidden") != "true":
            assert "aria-label" in attrs or set(attrs["aria-labelledby"].split()) <= set(ids)
        if tag == "svg" and attrs.get("aria-hidden") != "true":
            assert attrs["role"] == "img"
        if tag == "th":
            assert attrs["scope"] in {"col", "row", "rowgroup"}


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_ink_can_be_read_on_every_ground_it_may_stand_on(page):
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", page().read_text(encoding="utf-8")))
    grounds = {name: colour for name, colour in found.items() if name.endswith("ground") and name != "head-ground"}
    for kind in ("bad", "good", "unsure", "calm", "head"):
        assert _contrast(found[f"{kind}-ink"], found[f"{kind}-ground"]) >= 4.5, kind
    for ink in ("ink", "soft-ink", "link-ink"):
        for ground in ("ground", "soft-ground"):
            assert _contrast(found[ink], found[ground]) >= 4.5, (ink, ground)
    assert all(_contrast(found["ink"], colour) >= 4.5 for colour in grounds.values())


# what it says ---------------------------------------------------------------------------------------------------------


def test_the_values_have_the_same_keys_in_every_language(case):
    def keys(value):
        if isinstance(value, dict):
            return {key: keys(each) for key, each in value.items()}
        return [keys(each) for each in value] if isinstance(value, list) else None

    assert keys(case.json("report kaiin --lang en")) == keys(case.json("report kaiin"))


def test_the_board_is_told_verdict_dates_and_what_is_overdue(case):
    found = case.json("report kaiin")
    assert (found["schema"], found["case"], found["lang"]) == ("leakresp/report/1", "kaiin", "ja")
    assert found["verdict"]["verdict"] == "required"
    standing = {each["id"]: each["standing"] for each in found["deadlines"]}
    assert standing == {
        "appi.preliminary_report": "done", "appi.final_report": "running", "appi.notify": "running",
        "agreed.1": "over", "agreed.2": "running",
    }  # fmt: skip
    assert found["glance"][0] == {"name": "過ぎた期限", "value": "1件", "more": "取引先へ説明（自分で決めた日 1）"}


def test_every_situation_stands_with_its_sources_and_how_well_each_is_known(case):
    for regime in case.json("report kaiin")["situations"]:
        for situation in regime["situations"]:
            assert situation["sources"]
            assert all(source["read_text"] and source["text"] for source in situation["sources"])
    marks = {
        source["read"]
        for regime in case.json("report kaiin")["situations"]
        for each in regime["situations"]
        for source in each["sources"]
    }
    assert {"verbatim", "derived"} <= marks


def test_events_stand_in_the_order_in_which_they_happened_with_when_they_were_entered(case):
    found = case.json("report kaiin")["timeline"]
    assert [each["happened"] for each in found] == sorted(each["happened"] for each in found)
    note = next(each for each in found if each["kind"] == "note")
    assert (note["happened"], note["entered"][:10], note["by"]) == ("2026-11-18T02:15+09:00", "2026-11-24", EVIL)
    assert [each["kind"] for each in found].count("ruling") == 1  # a ruling that changed nothing is no event


def test_a_case_closed_and_opened_again_says_so(case, kept):
    kept("kaiin", Closed("終わった"), Reopened("新しい事実"))
    kinds = [each["kind"] for each in case.json("report kaiin")["timeline"]]
    assert kinds[-2:] == ["closed", "reopened"]
    kept("kaiin", Closed())
    assert case.json("report kaiin")["state"].endswith("に終了")


def test_actions_stand_by_phase_with_who_did_them_and_when(case):
    done = [
        step for phase in case.json("report kaiin")["actions"] for step in phase["actions"] if step["state"] == "done"
    ]
    assert [(step["changed"]["by"], step["notes"][0]["text"]) for step in done] == [(EVIL, EVIL)]


def test_what_was_filed_and_sent_is_told_and_that_it_no_longer_holds(case):
    papers = case.json("report kaiin")["papers"]
    assert [(each["title"], each["day"], each["receipt"]) for each in papers["filed"]] == [
        ("速報", "2026-11-22", "R-1")
    ]
    assert [(each["to"], each["sha256"]) for each in papers["sent"]] == [(EVIL, "ab" * 32)]


def test_the_follow_up_stands_beside_what_was_said(case):
    comparison = case.json("report kaiin")["comparison"]
    found = {
        fact["fact"]: (fact["state"], fact["then_text"], fact["now_text"])
        for item in comparison["items"]
        for fact in item["facts"]
    }
    assert found["affected_people"] == ("changed", "500人から3,000人", "2,812人")
    assert found["secondary_damage"] == ("new", "未回答", "おそれあり")
    assert comparison["situations"][0]["then_text"] == "まだ分かりません"


def test_without_a_filed_report_there_is_nothing_to_compare(leakresp, tmp_path):
    leakresp.begin()
    assert leakresp.json("report mail")["comparison"] is None
    assert 'id="comparison"' not in leakresp.fine("report mail")


def test_what_is_not_known_yet_is_told_with_what_hangs_on_it_and_what_would_lift_the_duty(case):
    found = case.json("report kaiin")
    hanging = {each["fact"]: each["could_change"] for each in found["open_facts"]}
    assert "要配慮個人情報が含まれる個人データ" in hanging["data_items_complete"]
    assert "「閲覧前にすべて回収」と「同じデータの控え」の両方" in found["lifts"]


def test_a_damaged_record_is_told_on_the_page_itself(case, page):
    journal = case.folder / "kaiin" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"500..3000"', b'"500..2000"'))
    assert "この行は、書かれた後に変えられています" in page().read_text(encoding="utf-8")


def test_an_empty_case_has_a_page_too(leakresp, tmp_path):
    leakresp("triage leer --no-input")
    text = leakresp.fine("report leer")
    Page(text)
    assert "まだ何も記録されていません" in text


def test_no_detail_of_contact_stands_on_the_page(case, page):
    case.fine("change kaiin contact_person=山田太郎 desk_phone=03-0000-0000 desk_email=a@example.jp")
    text = page().read_text(encoding="utf-8")
    assert not any(word in text for word in ("山田太郎", "03-0000-0000", "a@example.jp"))


def test_a_page_is_written_over_only_where_leakresp_wrote_it(case, page, tmp_path):
    path = tmp_path / "index.html"
    path.write_text("<html>mine</html>", encoding="utf-8")
    case(f"report kaiin -o '{path}'")
    assert (case.code, path.read_text(encoding="utf-8")) == (MISUSE, "<html>mine</html>")
    page()
    if os.name == "posix":
        assert stat.S_IMODE(page().stat().st_mode) == 0o600


def test_a_name_the_template_does_not_know_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        board_page("{{ verdikt }}", {"verdict": 1})
    assert board_page("{{ a }}", {"a": EVIL}).count("<") == 0


# the picture ----------------------------------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2030, 12, 31))
STANDINGS = ("over", "running", "open", "done")


@st.composite
def pictures(draw):
    bars = []
    for _ in range(draw(st.integers(1, 6))):
        first, *more = sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))
        guide, last, longer = more
        optional = [day if draw(st.booleans()) else None for day in (guide, longer, draw(DAYS))]
        name, days = (draw(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)) for _ in range(2))
        bars.append(Bar(name, days, draw(st.sampled_from(STANDINGS)), first, last, *optional))
    return Picture("期限", "…", draw(DAYS), "今日", tuple(bars))


@given(picture=pictures(), width=st.sampled_from([340, 900]))
def test_whatever_the_days_everything_is_drawn_within_the_picture(picture, width):
    text = deadline_picture(picture, width, lambda day: f"{day.month}/{day.day}", "p")
    root = ET.fromstring(text)  # noqa: S314 - our own
    height = float(root.attrib["height"])
    for node in root.iter():
        kind = node.tag.rpartition("}")[2]
        if kind == "rect":
            x, y, w = (float(node.attrib[name]) for name in ("x", "y", "width"))
            assert x >= 0
            assert x + w <= width + 0.5
            assert 0 <= y <= height
        elif kind == "line":
            assert all(0 <= float(node.attrib[name]) <= width for name in ("x1", "x2"))
            assert all(0 <= float(node.attrib[name]) <= height for name in ("y1", "y2"))
        elif kind in {"text", "circle"}:
            assert 0 <= float(node.attrib.get("x") or node.attrib["cx"]) <= width


def test_the_picture_says_in_words_what_it_shows():
    bar = Bar("確報", "12月21日", "running", dt.date(2026, 11, 20), dt.date(2026, 12, 21))
    text = deadline_picture(Picture("期限の図", "確報 12月21日", dt.date(2026, 11, 24), "今日", (bar,)), 900, str, "p")
    assert '<title id="p-title">期限の図</title>' in text
    assert '<desc id="p-told">確報 12月21日</desc>' in text
    assert 'class="today"' in text


def test_a_case_long_past_is_drawn_without_today():
    bar = Bar("確報", "", "done", dt.date(2022, 11, 20), dt.date(2022, 12, 21))
    text = deadline_picture(Picture("t", "d", dt.date(2026, 11, 24), "今日", (bar,)), 900, str, "p")
    assert 'class="today"' not in text


def test_an_earlier_day_never_stands_to_the_right_of_a_later_one():
    first = dt.date(2026, 11, 20)
    bars = tuple(Bar("x", "", "running", first, first + dt.timedelta(days=days)) for days in (3, 10, 30, 60))
    root = ET.fromstring(deadline_picture(Picture("t", "d", first, "今日", bars), 900, str, "p"))  # noqa: S314 - our own
    ends = [float(node.attrib["x1"]) for node in root.iter() if (node.get("class") or "").startswith("last")]
    assert ends == sorted(ends)
    assert len(set(ends)) == 4


# in Chromium ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with_driver = Browser()
    yield with_driver
    with_driver.close()


@needs_browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [WIDE, 768, PHONE, 320])
def test_nothing_sticks_out_to_the_side(browser, page, lang, width):
    browser.open(page(lang), width, phone=width < 500)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    sticking = browser.run(
        "const wide = arguments[0];"
        "return [...document.querySelectorAll('main *')].filter(e => {const r = e.getBoundingClientRect();"
        "return r.width > 0 && r.left > -900 && (r.right > wide + 1 || r.left < -1)}).map(e => e.outerHTML.slice(0, 80))",
        width,
    )
    assert sticking == []
    assert browser.log() == []  # nothing was blocked, missing or wrong


@needs_browser
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_page_can_be_looked_at(browser, page, width, tmp_path_factory):
    """The screenshots are kept where ``LEAKRESP_SHOTS`` names a folder, to be looked at by a person."""
    browser.open(page(), width, phone=width == PHONE)
    shot = browser.screenshot()
    assert shot.startswith(b"\x89PNG")
    assert len(shot) > 50_000  # a blank page is a few thousand bytes
    if folder := os.environ.get("LEAKRESP_SHOTS"):
        (Path(folder) / f"board-{width}.png").write_bytes(shot)
    shown = browser.run(
        "return [...document.querySelectorAll('.figures svg')].map(e => e.getBoundingClientRect().width > 0)"
    )
    assert shown == ([True, False] if width == WIDE else [False, True])


@needs_browser
def test_a_screen_shows_japanese_letters_and_no_empty_boxes(browser, page):
    browser.open(page(), WIDE)
    widths = browser.run(
        "const c = document.createElement('canvas').getContext('2d');"
        "c.font = '20px ' + getComputedStyle(document.body).fontFamily;"
        "const draw = t => {c.canvas.width = 40; c.canvas.height = 40; c.font = '20px sans-serif'; c.fillText(t, 5, 30);"
        "return [...c.getImageData(0, 0, 40, 40).data].filter((v, i) => i % 4 == 3).join()};"
        "return [draw('報'), draw('告'), draw('\\uffff')]"
    )
    assert len(set(widths)) == 3


#: For every text that is seen: its colour against the nearest ground that is not transparent.
CONTRAST = """
const rgb = t => t.match(/[\\d.]+/g).map(Number);
const light = c => {const [r, g, b] = c.slice(0, 3).map(v => {v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4});
  return .2126 * r + .7152 * g + .0722 * b};
const ground = e => {for (; e; e = e.parentElement) {const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c} return [255, 255, 255]};
const bad = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement, s = getComputedStyle(e);
  if (!walk.currentNode.data.trim() || !e.getClientRects().length || e.closest('svg')) continue;
  const [a, b] = [light(rgb(s.color)), light(ground(e))].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 4.5) bad.push([walk.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
}
return bad;
"""


@needs_browser
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_text_stands_out_from_its_ground(browser, page, width):
    browser.open(page(), width, phone=width == PHONE)
    assert browser.run(CONTRAST) == []


@needs_browser
def test_it_prints_on_several_sheets_of_a4(browser, page):
    browser.open(page(), WIDE)
    printed = browser.print()
    assert printed.startswith(b"%PDF")
    boxes = {tuple(float(each) for each in box.split()) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", printed)}
    assert {(round(box[2]), round(box[3])) for box in boxes} == {(595, 842)}


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """The script of axe-core, an accessibility checker, from the npm registry where there is one."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, to fetch axe-core")
    folder = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run([npm, "pack", "axe-core@4", "--silent"], cwd=folder, check=True, capture_output=True, timeout=60)
        with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as packed:
            packed.extractall(folder, filter="data")
        return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")
    except (OSError, subprocess.SubprocessError, StopIteration, KeyError) as error:
        pytest.skip(f"axe-core could not be fetched: {type(error).__name__}")


@needs_browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_an_accessibility_checker_finds_nothing(browser, page, axe, lang, width):
    browser.open(page(lang), width, phone=width == PHONE)
    browser.run(f"{axe}; window.axe = axe;")
    found = browser.wait(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))])))"
    )
    assert found == [], json.dumps(found, ensure_ascii=False, indent=1)


@needs_browser
def test_with_the_keyboard_the_first_stop_leads_past_the_head(browser, page):
    browser.open(page(), WIDE)
    seen = browser.run(
        "const link = document.querySelector('.skip'); link.focus(); const r = link.getBoundingClientRect();"
        "return [document.activeElement === link, r.left >= 0 && r.right > 0]"
    )
    assert seen == [True, True]


def test_mail_that_needs_no_report_has_a_calm_page(leakresp, tmp_path):
    leakresp.begin("mail", MAIL)
    found = leakresp.json("report mail")
    assert found["verdict"]["verdict"] == "not_required"
    assert found["deadlines"] == []
    assert "期限はありません。" in leakresp.fine("report mail")
