"""Pages to hand back: all is there, nothing that was typed becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from symbp.verification.finding import Bound, Finding, Report, Said
from symbp.verification.reports.pages import document, documents, file_names
from symbp.verification.reports.saying import Teller
from symbp.verification.text import Spot
from symbp.verification.verdict import Verdict
from tests.verification.reports.samples import FINE, FULL, HOSTILE, SOURCE, UNUSABLE, WRONG

SAY = Teller("en")
VOID = {"meta"}

NASTY = Report(
    HOSTILE,
    "paper",
    f"{HOSTILE}\n```\n~~~\n</pre>{HOSTILE}\n",
    (
        Finding(
            Spot(1, 3),
            HOSTILE,
            Verdict.REFUTED,
            Said("paper.unread.unexpected", {"found": HOSTILE, "expected": HOSTILE}),
            label=HOSTILE,
            conditions=(Said(HOSTILE, {HOSTILE: HOSTILE}),),
            wrong=HOSTILE,
            right=HOSTILE,
        ),
        Finding(Spot(99, 1), HOSTILE, Verdict.CONDITIONAL, Said("paper.conditional")),
    ),
    (Bound(HOSTILE, HOSTILE, HOSTILE),),
    HOSTILE,
    ((None, Said(HOSTILE)),),
)


class Page(HTMLParser):
    """Tags, attributes and text; every tag must be closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.text = set(), set(), [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(name, value) for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("reports", [[FULL], [NASTY], [UNUSABLE], [FULL, NASTY, UNUSABLE, FINE]])
def test_html_is_well_formed_and_of_our_own_tags_only(reports):
    page = Page(document(reports, "html", SAY, solution=True))
    assert page.tags <= {
        *("html", "head", "meta", "title", "style", "body", "section", "div", "span", "p", "pre"),
        *("code", "mark", "strong", "h1", "h2", "table", "thead", "tbody", "tr", "th", "td"),
    }
    names = {name for name, _ in page.attributes}
    assert names <= {"lang", "charset", "name", "content", "http-equiv", "class", "title"}


def test_html_needs_nothing_from_outside():
    text = document([FULL], "html", SAY)
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|src=", text)


def test_all_of_the_source_is_there():
    text = Page(document([FULL], "html", SAY)).text
    assert all(line in text for line in SOURCE.splitlines())


def test_what_is_wrong_is_marked():
    assert '<mark class="bad">(y_j-d_j)</mark>' in document([FULL], "html", SAY)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_right_line_is_shown_on_request_only(form):
    assert "Right:" not in document([FULL], form, SAY)
    assert "Right:" in document([FULL], form, SAY, solution=True)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_say_their_language(language):
    assert f'<html lang="{language}">' in document([FULL], "html", Teller(language))


@pytest.mark.parametrize("reports", [[FULL], [NASTY], [FULL, NASTY, UNUSABLE]])
def test_markdown_holds_nothing_but_text(reports):
    text = document(reports, "markdown", SAY, solution=True)
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = {token.type for token in tokens}
    inner = {child.type for token in tokens for child in token.children or ()}
    assert not {"html_block", "code_block"} & kinds
    assert inner <= {"text", "softbreak", "strong_open", "strong_close"}
    fenced = "".join(token.content for token in tokens if token.type == "fence")
    for report in reports:
        for line in report.source.splitlines():
            if line.isprintable():
                assert line in fenced


def test_findings_stand_below_their_line():
    text = document([FULL], "markdown", SAY)
    assert text.index("出力層では") < text.index("**M01**") < text.index("$$E = ")


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.md"], ["a.md.html"]),
        (["x/a.md", "y/a.md"], ["a.md.html", "y-a.md.html"]),
        (["a.md", "a.md", "A.md"], ["a.md.html", "a.md-2.html", "A.md-3.html"]),
        (["index"], ["index-2.html"]),
        (["-", "/", "../..", "."], ["page.html", "page-2.html", "page-3.html", "page-4.html"]),
        (["日本語 学生.md"], ["日本語-学生.md.html"]),
        (['<a href="x">/b?.md'], ["b-.md.html"]),
    ],
)
def test_file_names(files, names):
    assert file_names(files, ".html") == names


def test_a_folder_of_pages_has_an_index_that_leads_to_each():
    made = documents([FULL, FINE, UNUSABLE], "html", SAY)
    assert list(made) == ["学生.md.html", "b.md.html", "c.md.html", "index.html"]
    page = Page(made["index.html"])
    links = {value for name, value in page.attributes if name == "href"}
    assert links == {"%E5%AD%A6%E7%94%9F.md.html", "b.md.html", "c.md.html"}
    assert "M01" in page.text
    assert SOURCE.splitlines()[2] not in page.text


def test_marks_that_overlap_are_cut_once():
    twice = replace(FULL, findings=(WRONG, replace(WRONG, wrong="")))
    assert Page(document([twice], "html", SAY)).text.count(SOURCE.splitlines()[2]) == 1
