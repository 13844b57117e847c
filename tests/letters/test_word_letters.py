"""Letters as Word files: every word, in its own large print, in the council's template or the one that comes along."""

from __future__ import annotations

import io
import re
import time
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn

from core.channels import word_letters
from core.channels.bounded import Limits, Workers
from core.channels.letter_words import bare
from core.channels.word_letters import as_word, check_template, standard_template
from core.errors import BadInput
from core.letters.documents import PLACEHOLDERS, printable
from tests.letters.letters import LETTER, letter
from tests.letters.templates import SOUND, changed, template
from tests.naughty import naughty_strings


def paragraphs(word: bytes) -> list[str]:
    return [each.text for each in Document(io.BytesIO(word)).paragraphs]


def test_a_letter_holds_every_part_in_order_with_headings_that_are_headings() -> None:
    document = Document(io.BytesIO(as_word(LETTER)))
    assert [each.text for each in document.paragraphs if each.text] == [
        "Sampleton Borough Council", "Town Hall\n1 High Street\nSampleton SM1 1AA",
        "Mrs Ada Example\n2 Low Road\nSampleton SM2 2BB", "26 March 2026", "C-26-0417",
        "Your complaint about missed collections", "Dear Mrs Example",
        "Thank you for your complaint. This is our answer at stage 1.", "What we found",
        "The crew did not come on 3 and 17 March.", "The round was changed, and nobody told them.", "The Ombudsman",
        "You can ask for stage 2 first.", "Sam Handler", "Complaints officer",
        "01234 567890\nsam.handler@sampleton.example",
    ]  # fmt: skip
    headings = [(each.style.name, each.text) for each in document.paragraphs if "Heading" in each.style.name]
    assert headings[0] == ("Heading 1", LETTER.subject) and [name for name, _ in headings[1:]] == ["Heading 2"] * 2
    assert LETTER.footer in document.sections[0].footer.paragraphs[0].text


def test_the_file_says_its_title_council_and_language_and_nobody_elses_name() -> None:
    tidy = template()
    document = Document(io.BytesIO(tidy))
    document.core_properties.author = document.core_properties.last_modified_by = "Pat Template"
    out = io.BytesIO()
    document.save(out)
    word = as_word(letter(language="cy"), out.getvalue())
    about = Document(io.BytesIO(word)).core_properties
    assert (about.title, about.author, about.language) == (LETTER.subject, LETTER.council, "cy")
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert not any(b"Pat Template" in archive.read(name) for name in archive.namelist())
    languages = {node.get(qn("w:val")) for node in Document(io.BytesIO(word)).styles.element.iter(qn("w:lang"))}
    assert languages == {"cy"}


def test_the_same_letter_and_template_give_the_same_bytes() -> None:
    mine = template()
    assert as_word(LETTER, mine) == as_word(LETTER, mine) != as_word(letter(reference="C-26-0418"), mine)


@pytest.mark.parametrize("own", [False, True])
def test_large_print_enlarges_everything_that_is_smaller(own: bool) -> None:
    mine = template(head="Sampleton", foot="{{ footer }}") if own else None
    document = Document(io.BytesIO(as_word(letter(large_print_points=24), mine)))
    trees = [document.element, document.styles.element, document.sections[0].footer._element]
    sizes = [int(node.get(qn("w:val"))) for tree in trees for node in tree.iter(qn("w:sz"), qn("w:szCs"))]
    assert sizes and min(sizes) == 48
    assert document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:sz')}") is not None


def test_large_print_holds_in_a_template_that_names_no_size() -> None:
    bare_styles = changed(template(), "word/styles.xml", lambda held: re.sub(r"<w:sz(Cs)? [^>]*/>", "", held))
    document = Document(io.BytesIO(as_word(letter(large_print_points=20), bare_styles)))
    default = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert default.find(qn("w:sz")).get(qn("w:val")) == "40"
    names = [node.tag for node in default]
    assert names.index(qn("w:sz")) < names.index(qn("w:lang"))


def test_a_council_s_own_template_keeps_its_words_and_places() -> None:
    mine = template("Yours sincerely", head="Sampleton, {{ reference }}", foot="{{ footer }}")
    word = as_word(LETTER, mine)
    assert "Yours sincerely" in paragraphs(word)
    section = Document(io.BytesIO(word)).sections[0]
    assert section.header.paragraphs[0].text == "Sampleton, C-26-0417"
    assert section.footer.paragraphs[0].text == LETTER.footer


def test_empty_parts_leave_no_trace_but_a_blank_line() -> None:
    word = as_word(letter("Only this.", role="", footer="", council_address=()))
    assert "None" not in " ".join(paragraphs(word)) and "Only this." in paragraphs(word)


@pytest.mark.parametrize("typed", [
    "<w:p/> & <b> ]]> &amp; &#65;", "{{ council }}", "{% for x in y %}", "{_{ council }_} {_% if %_}", "{# note #}",
    "{{ 7*7 }}", "line one\nline two\n\n- three", "tab\tin it", "“quotes” 'and' \"more\"", "日本 🙂 שלום نص",
    "\u202eturned\u202c", "ends with brace {", "}", "{", "{{", "}}", "a\x07b\x0bc\x0cd\x00e", "lone \ud800 half",
])  # fmt: skip
def test_what_looks_like_markup_stands_there_as_it_was_typed(typed: str) -> None:
    for mine in (None, template()):
        word = as_word(letter(typed, "The end.", heading=typed, subject=f"x{typed}"), mine)
        held = bare("\n".join(paragraphs(word)))
        assert held.count(bare(printable(typed))) >= 3
        assert [each for each in paragraphs(word) if each == "The end."]


def test_every_naughty_string_is_in_the_file_as_it_was_typed() -> None:
    strings = [typed for typed in naughty_strings() if printable(typed).strip()]
    for some in (strings[at : at + 40] for at in range(0, len(strings), 40)):
        held = [bare(each) for each in paragraphs(as_word(letter(*some)))]
        assert [typed for typed in some if bare(printable(typed)) not in held] == []


def test_the_longest_letter_is_made_in_bounded_time() -> None:
    began = time.perf_counter()
    as_word(letter(*["word\n" * 9] * 1_990, large_print_points=20), template())
    as_word(letter("word " * 19_000))
    assert time.perf_counter() - began < 20


# ----------------------------------------------------------------------------------------------------- the template


def test_the_template_that_comes_along_is_fit_and_names_every_placeholder() -> None:
    report = check_template(standard_template())
    assert report.problems == () and report.remarks == ()
    held = "".join(paragraphs(standard_template()))
    held += Document(io.BytesIO(standard_template())).sections[0].footer.paragraphs[0].text
    assert [each.name for each in PLACEHOLDERS if each.name not in held] == []
    assert as_word(LETTER, standard_template()) == as_word(LETTER)


def test_a_placeholder_that_word_cut_into_runs_is_filled() -> None:
    document = Document(io.BytesIO(template()))
    paragraph = document.add_paragraph()
    for piece in ("{", "{ coun", "cil ", "}}"):
        paragraph.add_run(piece).bold = piece.startswith("c")
    out = io.BytesIO()
    document.save(out)
    assert check_template(out.getvalue()).problems == ()
    assert paragraphs(as_word(LETTER, out.getvalue()))[-1] == "Sampleton Borough Council"


def test_an_unknown_placeholder_is_named_with_the_one_that_may_be_meant() -> None:
    report = check_template(template("{{ refernce }}", "{{ weather }}", "{{ reference.number }}"))
    assert report.problems == (
        "“refernce” is no placeholder. Is “reference” meant?",
        "“weather” is no placeholder. Take one from the list of placeholders.",
        "“reference.number” is no placeholder. Take one from the list of placeholders.",
    )


@pytest.mark.parametrize("name", [each.name for each in PLACEHOLDERS if each.needed and each.name != "sections"])
def test_each_needed_placeholder_is_missed(name: str) -> None:
    lines = tuple(line.replace(f"{{{{ {name} }}}}", "") for line in SOUND)
    report = check_template(template(lines=lines))
    assert report.problems == (f"The template does not name “{name}”, so every letter would lack it. Put it in.",)
    with pytest.raises(BadInput, match=f"does not name “{name}”"):
        as_word(LETTER, template(lines=lines))


def test_a_section_without_its_heading_or_its_paragraphs_is_missed() -> None:
    assert "“heading”" in check_template(template(lines=(*SOUND[:4], *SOUND[5:]))).problems[0]
    assert "“paragraphs”" in check_template(template(lines=(*SOUND[:5], *SOUND[8:]))).problems[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ sections }}", "is a list"),
        ("{{ council", "not written right"),
        ("{% for a in addressee %}", "not written right"),
        ("{% frobnicate %}", "not written right"),
        ("{% for reference in addressee %}{% endfor %}", "gives the name “reference”"),
        ("{% for a in council %}{% endfor %}", "what is no list"),
        ("{% for a in addressee recursive %}{% endfor %}", "more than a plain one"),
        ("{% for a in addressee if a %}{% endfor %}", "more than a plain one"),
        ("{% for a, b in addressee %}{% endfor %}", "more than a plain one"),
    ],
)
def test_a_placeholder_that_is_not_right_is_a_sentence(line: str, words: str) -> None:
    (problem,) = check_template(template(line)).problems
    assert words in problem and problem.endswith(".")


def test_lines_may_be_repeated_one_by_one_and_choices_made() -> None:
    mine = template(
        "{%p for line in addressee %}", "To: {{ line }}{% if loop.last %}.{% endif %}", "{%p endfor %}",
        "{% if role and not footer %}a{% elif role %}b{% else %}c{% endif %}",
    )  # fmt: skip
    assert check_template(mine).problems == ()
    assert [each.strip() for each in paragraphs(as_word(LETTER, mine))[-4:]] == [
        "To: Mrs Ada Example", "To: 2 Low Road", "To: Sampleton SM2 2BB.", "b",
    ]  # fmt: skip


def test_small_print_is_remarked_upon_and_keeps_nobody_from_using_it() -> None:
    report = check_template(template())
    assert report.problems == ()
    assert report.remarks == ("Its text is set in 11 points; the Ombudsman advises at least 14.",)


def test_a_letter_that_would_lose_words_in_its_template_is_not_handed_out() -> None:
    """The Ombudsman's paragraph must not vanish behind a condition [lgsco:6.18]."""
    hiding = template(lines=tuple(
        line.replace("{{ paragraph }}", "{% if loop.first %}{{ paragraph }}{% endif %}") for line in SOUND
    ))  # fmt: skip
    assert check_template(hiding).problems == ()
    with pytest.raises(BadInput, match="would lose “Thank you for your complaint"):
        as_word(LETTER, hiding)
    swapped = (*SOUND[:4], SOUND[5], SOUND[6], SOUND[7], SOUND[4], *SOUND[8:])
    with pytest.raises(BadInput, match="would lose “"):
        as_word(LETTER, template(lines=swapped))


def test_a_template_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(memory=600_000_000, cpu=5, seconds=0.01)
    monkeypatch.setattr(word_letters, "_WORKERS", Workers(word_letters._WORKERS.script, limits, most=1))
    with pytest.raises(BadInput, match="too much time or memory"):
        as_word(LETTER, template())
