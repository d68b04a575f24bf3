"""The pages of papers in a real browser: the same words, nothing beside the paper, nothing blocked or missing."""

import os
import re
from pathlib import Path

import pytest
from tests.browser import CHROMIUM, DRIVER, MISSING, Browser
from tests.paper_cases import LANGUAGES, drafted, text_of

from leakresp.papers.formats import made

ANSWERS = Path(__file__).parent / "golden" / "papers" / "ransomware_with_a_possible_leak" / "answers.yaml"
#: A letter, a page for the public, a form that becomes a table.
PAPERS = ("letter", "web_notice_first", "ppc_preliminary_report")
WIDE, PHONE = 1024, 360

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING)


@pytest.fixture(scope="module")
def browser():
    with_driver = Browser()
    yield with_driver
    with_driver.close()


@pytest.fixture
def shown(browser, tmp_path):
    """Show a paper; return what was drafted."""

    def show(paper, lang, width):
        rendered = drafted(paper, ANSWERS, lang)
        file = tmp_path / f"{paper}.{lang}.html"
        file.write_bytes(made(rendered, "html"))
        browser.open(file, width, phone=width == PHONE)
        if folder := os.environ.get("LEAKRESP_SHOTS"):
            (Path(folder) / f"{paper}-{lang}-{width}.png").write_bytes(browser.screenshot())
        return rendered

    return show


def letters(text):
    """Return a text without blanks, marks of lists and the signs between a label and its value."""
    return re.sub(r"[\s・•：:―-]", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_shows_the_words_of_the_paper_and_nothing_was_blocked(browser, shown, paper, lang):
    rendered = shown(paper, lang, WIDE)
    assert letters(browser.run("return document.body.innerText")) == letters(text_of(rendered, "txt"))
    assert browser.log() == []


@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_fits_a_phone(browser, shown, paper):
    shown(paper, "ja", PHONE)
    assert browser.run("return document.documentElement.scrollWidth") <= PHONE
