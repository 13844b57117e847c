"""Templates that somebody made to do harm: each is refused in bounded time with a sentence, and nothing happens."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from core.channels.template_language import Language, NotAllowed
from core.channels.word_letters import as_word, check_template
from core.errors import BadInput
from core.letters.documents import PLACEHOLDERS
from tests.letters.letters import LETTER
from tests.letters.templates import SOUND, added, changed, in_text, png, related, template

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECONDS = 12  # twice examined; one job alone may take 15 by the clock, so none of these is stopped by it


def refused(content: bytes) -> str:
    """What is said of a template when it is examined; the same keeps it from being filled."""
    began = time.perf_counter()
    problems = check_template(content).problems
    assert problems and all(each.endswith(".") for each in problems)
    with pytest.raises(BadInput):
        as_word(LETTER, content)
    assert time.perf_counter() - began < SECONDS
    return " ".join(problems)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "a call in brackets"),
        ("{{ reference.__class__ }}", "“reference.__class__” is no placeholder"),
        ("{{ self.__init__ }}", "“self.__init__” is no placeholder"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "a call in brackets"),
        ("{{ lipsum }}", "“lipsum” is no placeholder"),
        ("{{ lipsum(1000000) }}", "a call in brackets"),
        ("{{ range(10**9) }}", "a call in brackets"),
        ("{% for x in range(1000000000) %}x{% endfor %}", "a call in brackets"),
        ("{{ 'a' * 10**10 }}", "a calculation"),
        ("{{ 9**9**9 }}", "a calculation"),
        ("{{ 'a' ~ 'b' }}", "something that is no placeholder"),
        ("{{ reference|upper }}", "a filter after a bar"),
        ("{{ 'a'|center(1000000000) }}", "a filter after a bar"),
        ("{{ addressee|batch(2)|list }}", "a filter after a bar"),
        ("{{ addressee[0] }}", "square brackets"),
        ("{{ 'text' }}", "a value of its own"),
        ("{{ [1, 2] }}", "a value of its own"),
        ("{{ 1 if council else 2 }}", "something that is no placeholder"),
        ("{% if council == 'x' %}{% endif %}", "a comparison"),
        ("{% if council is defined %}{% endif %}", "a test"),
        ("{% include '/etc/passwd' %}", "another file"),
        ("{% import '/etc/passwd' as p %}", "another file"),
        ("{% from 'x' import y %}", "another file"),
        ("{% extends 'x' %}", "another file"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "a macro"),
        ("{% call council() %}{% endcall %}", "a macro"),
        ("{% set x = council %}", "an assignment"),
        ("{% set x %}a{% endset %}", "an assignment"),
        ("{% with x = 1 %}{% endwith %}", "an assignment"),
        ("{% block b %}{% endblock %}", "a block"),
        ("{% filter upper %}a{% endfilter %}", "a filter"),
        ("{% autoescape false %}{{ council }}{% endautoescape %}", "no placeholder"),
        ("{% do council.x() %}", "not written right"),
        ("{{r reference.x }}", "“reference.x” is no placeholder"),
    ],
)
@pytest.mark.parametrize("place", ["text", "head", "foot"])
def test_code_in_a_template_is_refused_wherever_it_stands(code: str, words: str, place: str) -> None:
    content = template(code) if place == "text" else template(**{place: code})
    assert words in refused(content)


def test_code_in_the_properties_of_a_template_is_refused() -> None:
    assert "“docProps/core.xml”, where none is filled" in refused(template(title="{{ 9**9**9 }}{{ ''.__class__ }}"))


@pytest.mark.parametrize(
    "lines",
    [
        ("{% for a in addressee %}" * 10, "x{{ council }}", "{% endfor %}" * 10),
        ("{% for a in sections %}{% for b in sections %}", "{{ council }}", "{% endfor %}{% endfor %}"),
        ("{% if council %}" * 400, "x", "{% endif %}" * 400),
        ("{{ " + "(" * 20_000 + "council" + ")" * 20_000 + " }}",),
        ("{% if " + "not " * 20_000 + "council %}{% endif %}",),
        ("{{ council }}" * 100_000,),
        ("{{ council }}",) * 1_200,
        ("{{ " * 50_000,),
        ("{% " * 50_000,),
        ("{" * 500_000,),
        ("{%- " * 10_000 + "-%}" * 10_000,),
        ("{%tc " * 5_000,),
    ],
    ids=["ten loops", "sections twice", "deep ifs", "brackets", "nots", "100,000", "1,200", "open", "open tags",
         "braces", "trimmed", "cells"],
)  # fmt: skip
def test_too_many_or_too_deep_placeholders_are_refused_in_bounded_time(lines: tuple[str, ...]) -> None:
    refused(template(*lines))


def test_the_sandbox_holds_even_if_the_judge_did_not() -> None:
    """Nothing that code could begin with is there: no function, no filter, no test, and no way to what is inside."""
    known = {each.name: each.kind for each in PLACEHOLDERS}
    language = Language(known, strict=False)
    assert not (language.globals or language.filters or language.tests)
    for code in ("{{ council.__class__.__mro__ }}", "{{ ''.__class__.__base__ }}", "{{ range(3) }}"):
        with pytest.raises(Exception, match="undefined|unsafe"):
            language.from_string(code).render(council="x")
    with pytest.raises(NotAllowed):
        Language(known, strict=True).from_string("{{ range(3) }}")


# ------------------------------------------------------------------------------------------------------ what it holds


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 and nothing more", "damaged or cut short"),
        (template()[:-200], "damaged or cut short"),
        (b"%PDF-1.7 a letter", "it is a .pdf file"),
        (b"{{ council }}", "it is a .txt file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3_000, "not a .docx file"),
        (b"x" * 4_000_000, "at most 3.0 MB"),
        (added(template(), "word/vbaProject.bin", b"macro"), "holds macros"),
        (
            changed(
                template(),
                "[Content_Types].xml",
                lambda held: held.replace("wordprocessingml.document.main", "wordprocessingml.template.main"),
            ),
            "not a .docx file",
        ),
        (
            changed(
                template(),
                "[Content_Types].xml",
                lambda held: held.replace(
                    "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    "vnd.ms-word.document.macroEnabled.main",
                ),
            ),
            "holds macros",
        ),
        (added(template(), "../../outside.xml", b"<a/>"), "leave it when unpacked"),
        (added(template(), "word/embeddings/a.bin", b"x"), "which no letter needs"),
    ],
    ids=["empty", "no zip", "cut", "pdf", "text", "old", "large", "macros", "dotx", "docm", "path", "embedded"],
)
def test_what_is_no_template_is_refused(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO(template())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/bomb.xml", "w") as part:
        for _ in range(30):
            part.write(b" " * 10_000_000)
    assert "unpacks to far more" in refused(out.getvalue())


def test_a_part_that_is_far_too_large_is_refused() -> None:
    assert "far larger than a letter" in refused(
        added(template(), "word/large.xml", b"<a>" + b" " * 5_000_000 + b"</a>")
    )


@pytest.mark.parametrize("declared", [
    '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE w SYSTEM "http://example.org/x.dtd">',
])  # fmt: skip
@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels"])
def test_xml_that_declares_anything_is_refused(declared: str, part: str) -> None:
    assert "cannot be read" in refused(changed(template(), part, lambda held: held.replace("?>", f"?>{declared}", 1)))


def test_xml_that_is_broken_is_refused() -> None:
    assert "cannot be read" in refused(changed(template(), "word/document.xml", lambda held: held[:-40]))


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        ("image", "http://example.org/pixel.png", "fetches “http://example.org/pixel.png”"),
        ("image", "file://server/share/logo.png", "fetches"),
        ("hyperlink", "file://server/share", "fetches"),
        ("hyperlink", "javascript:alert(1)", "fetches"),
        ("attachedTemplate", "http://example.org/t.dotm", "stands on another template"),
        ("oleObject", "http://example.org/x", "no letter needs"),
        ("aFChunk", "http://example.org/x.html", "no letter needs"),
        ("subDocument", "other.docx", "no letter needs"),
        ("frame", "http://example.org", "no letter needs"),
        ("mailMergeSource", "file:///C:/people.mdb", "no letter needs"),
        ("comments", "comments.xml", "comments or changes"),
        ("header", "http://example.org/header.xml", "fetches"),
        ("", "http://example.org", "no letter needs"),
    ],
)
def test_what_would_be_fetched_or_travel_along_is_refused(kind: str, target: str, words: str) -> None:
    assert words in refused(related(kind, target))


@pytest.mark.parametrize("target", ["https://www.sampleton.example/complaints", "mailto:complaints@sampleton.example"])
def test_a_link_that_a_reader_may_follow_is_kept(target: str) -> None:
    assert check_template(related("hyperlink", target)).problems == ()


def field(code: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (code[:4], code[4:]))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{runs}{end}</w:p>"


@pytest.mark.parametrize(
    "code",
    ['INCLUDEPICTURE "http://example.org/x.png"', 'INCLUDETEXT "C:\\\\secret.docx"', "DDEAUTO excel x", "DATE",
     "LINK x", "IF 1 = 1", "MACROBUTTON x", ""],
)  # fmt: skip
def test_a_field_that_fetches_or_changes_text_is_refused(code: str) -> None:
    if code:
        assert "a field that changes or fetches" in refused(in_text(field(code)))
    assert "a field that changes or fetches" in refused(in_text(f'<w:p><w:fldSimple w:instr="{code[:4]}"/></w:p>'))


def test_the_fields_for_pages_are_kept() -> None:
    assert check_template(in_text(field(" PAGE \\* MERGEFORMAT "))).problems == ()


def test_a_field_inside_a_field_is_found() -> None:
    inner = field("DDE x").removeprefix("<w:p>").removesuffix("</w:p>")
    outer = field("PAGE").replace(
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>', f'{inner}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert "a field that changes or fetches" in refused(in_text(outer))


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ('<w:p><w:ins w:id="1" w:author="Pat"><w:r><w:t>x</w:t></w:r></w:ins></w:p>', "changes that are not accepted"),
        ('<w:p><w:del w:id="1" w:author="Pat"/></w:p>', "changes that are not accepted"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>", "hidden text"),
        ("<w:p><w:r><w:object/></w:r></w:p>", "embedded file"),
        ("<w:altChunk/>", "embedded file"),
    ],
)
def test_what_hides_in_the_text_is_refused(xml: str, words: str) -> None:
    assert words in refused(in_text(xml))


@pytest.mark.parametrize(
    ("name", "picture", "words"),
    [
        ("huge.png", png(60_000, 60_000), "wider or higher"),
        ("heavy.png", png(10, 10) + b"\0" * 2_500_000, "over 2 MB"),
        ("vector.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "no PNG or JPEG"),
        ("old.wmf", b"\xd7\xcd\xc6\x9a", "no PNG or JPEG"),
        ("lie.png", b"MZ a program", "no PNG or JPEG"),
    ],
)
def test_a_picture_that_no_reader_could_open_is_refused(name: str, picture: bytes, words: str) -> None:
    assert words in refused(added(template(), f"word/media/{name}", picture))


def test_a_plain_picture_is_kept() -> None:
    assert check_template(added(template(), "word/media/logo.png", png(600, 200))).problems == ()


def test_a_placeholder_where_none_is_filled_is_refused() -> None:
    content = added(
        template(), "word/endnotes.xml", f"<w:endnotes {W}><w:t>{{{{ council }}}}</w:t></w:endnotes>".encode()
    )
    assert "where none is filled" in refused(content)


def test_after_all_that_a_sound_template_is_filled() -> None:
    assert check_template(template(lines=SOUND)).problems == ()
    assert as_word(LETTER, template())
