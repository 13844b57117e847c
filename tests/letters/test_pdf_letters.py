"""Letters as PDF: accessible, word for word, inert, bounded, and not handed out unless proved."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.channels import pdf_letters
from core.channels.bounded import Limits, Workers
from core.channels.letter_words import bare
from core.channels.pdf_child import compiler, text_of
from core.channels.pdf_letters import as_one_pdf, as_pdf, check_pdf
from core.errors import BadInput
from core.letters.documents import LetterDocument, Section, as_data
from tests.letters.letters import LETTER, letter
from tests.naughty import naughty_strings


def text(pdf: bytes) -> str:
    return "".join(text_of(page) for page in PdfReader(io.BytesIO(pdf)).pages)


def refusal(*documents: LetterDocument) -> str:
    with pytest.raises(BadInput) as refused:
        as_one_pdf(documents)
    assert str(refused.value).endswith(".")
    return str(refused.value)


def roles(pdf: bytes) -> list[str]:
    """The tags of a PDF in reading order."""
    found = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                found.append(str(node["/S"]))
            walk(node.get("/K"))
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"])
    return found


def fonts(pdf: bytes) -> set[int]:
    """The sizes of print on the pages of a PDF, in whole points."""
    sizes: set[int] = set()

    def see(shown: str, matrix: list[float], placed: list[float], font: object, size: float) -> None:
        if shown.strip():
            sizes.add(round(size * abs(placed[3])))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=see)
    return sizes


def test_a_letter_is_tagged_titled_and_in_its_language() -> None:
    pdf = as_pdf(LETTER)
    root = PdfReader(io.BytesIO(pdf)).root_object
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert PdfReader(io.BytesIO(pdf)).metadata.title == "Your complaint about missed collections (C-26-0417)"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert [role for role in roles(pdf) if role.startswith("/H")] == ["/H1", "/H2", "/H2"]
    assert roles(pdf).count("/P") >= 8


def test_every_word_is_read_in_order_and_the_foot_of_the_page_is_not_in_the_way() -> None:
    read = text(as_pdf(LETTER))
    order = [
        "Sampleton Borough Council", "Town Hall", "Mrs Ada Example", "26 March 2026", "C-26-0417",
        "Your complaint about missed collections", "Dear Mrs Example", "What we found", "3 and 17 March",
        "The Ombudsman", "stage 2 first", "Sam Handler", "Complaints officer", "sam.handler@sampleton.example",
    ]  # fmt: skip
    places = [read.index(each) for each in order]
    assert places == sorted(places)
    assert "Town Hall, Sampleton" not in read
    assert "Town Hall, Sampleton" in PdfReader(io.BytesIO(as_pdf(LETTER))).pages[0].extract_text()


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert as_pdf(LETTER) == as_pdf(LETTER) != as_pdf(letter(reference="C-26-0418"))


@pytest.mark.parametrize("size", [None, 8, 14, 20, 28, 48])
def test_print_is_never_under_fourteen_points_and_as_large_as_agreed(size: int | None) -> None:
    assert min(fonts(as_pdf(letter(large_print_points=size)))) == max(14, size or 0)


@pytest.mark.parametrize("typed", [
    '#link("https://example.org")[x]', "#image(\"/etc/passwd\")", "#read(\"/etc/passwd\")",
    "#import \"@preview/x:1.0.0\"",
    "#eval(\"1+1\")", "= Not a heading", "*bold* _slanted_ `code` $x^2$ @ref <label>", "<b>bold</b> &amp; <script>",
    "\\ // # [ ] { } ~ -- --- ... ' \" “so”", "#sys.inputs.letters", "]", "\")", "{{ council }} {% for %}",
])  # fmt: skip
def test_what_looks_like_markup_stands_there_as_it_was_typed(typed: str) -> None:
    pdf = as_pdf(letter(typed, "The end.", heading=typed, subject=typed, footer=typed, signatory=typed))
    assert bare(text(pdf)).count(bare(typed)) == 4
    assert roles(pdf).count("/H1") == roles(pdf).count("/H2") == 1 and "/Link" not in roles(pdf)


@pytest.mark.slow
def test_every_naughty_string_is_on_the_page_or_refused_with_its_reason() -> None:
    strings = [each for each in naughty_strings() if each.strip()]
    shown, whys = 0, set()
    for typed in strings:
        try:
            as_pdf(letter(typed, "The end."))
            shown += 1
        except BadInput as refused:
            whys.add(str(refused).partition(" ")[0])
            assert str(refused).endswith("as a Word file.") or "as a Word file instead." in str(refused)
    assert shown > 0.85 * len(strings)
    assert whys == {"The", "Text"}


def test_signs_the_fonts_lack_are_named() -> None:
    assert "lack “日”, “🙂”" in refusal(letter("日 and 🙂"))


def test_a_word_longer_than_a_line_stays_on_the_page() -> None:
    pdf = as_pdf(letter("W" * 300, "https://example.org/" + "a" * 200))
    right: list[float] = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=lambda shown, _m, placed, _f, _s: right.append(placed[4]) if shown else None)
    assert len(text(pdf).split("W")) >= 300 and max(right) < 595


def test_several_letters_each_start_a_new_sheet_and_count_their_own_pages() -> None:
    long = letter("Words go on. " * 300, reference="C-26-0002", language="cy")
    pdf = as_one_pdf([LETTER, long, letter(reference="C-26-0003")])
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    starts = [at for at, page in enumerate(pages) if "Your complaint about" in page]
    assert len(starts) == 3 and all(at % 2 == 0 for at in starts)
    assert pages[0].rstrip().endswith("1 / 1") and pages[1].strip() == ""
    pages_of_long = starts[2] - starts[1] - (not pages[starts[2] - 1].strip())
    assert pages_of_long > 1 and f"1 / {pages_of_long}" in pages[starts[1]]
    assert check_pdf(pdf, [LETTER, long, letter(reference="C-26-0003")]) == len(pages)


# --------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (letter(" "), "no text yet"),
        (letter(sections=()), "no text yet"),
        (letter(subject=" \n"), "no subject"),
        (letter("x " * 60_000), "at most 100,000"),
        (letter(large_print_points=200), "does not fit on a page"),
        (letter(language='en-GB"; evil'), "no language tag"),
        (letter(addressee=("x",) * 40), "more than 12 lines"),
        (letter(sections=(Section(paragraphs=("a",)),) * 500), "more than 200 sections"),
        (letter("نص"), "right to left"),
    ],
)
def test_what_is_no_letter_is_refused_with_its_reason(document: LetterDocument, words: str) -> None:
    assert words in refusal(document)


def test_no_letters_and_too_many_are_refused() -> None:
    assert "at least one" in refusal()
    assert "at most 100" in refusal(*[LETTER] * 101)
    assert "in two parts" in refusal(*[letter("word " * 15_000)] * 6)


def test_a_letter_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(memory=1_500_000_000, cpu=1, seconds=0.01, answer=1_000_000)
    monkeypatch.setattr(pdf_letters, "_WORKERS", Workers(pdf_letters._WORKERS.script, limits, most=1))
    assert "too much time or memory" in refusal(LETTER)


def test_the_longest_letter_in_the_largest_print_is_made_in_bounded_time() -> None:
    began = time.perf_counter()
    as_pdf(letter("word " * 19_000, large_print_points=48))
    assert time.perf_counter() - began < 40


# ------------------------------------------------------------------------------------- a PDF that is not what it says


def changed(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(as_pdf(LETTER))))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def without(key: str) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.root_object.pop(NameObject(key))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("/StructTreeRoot"), "not marked up"),
        (without("/MarkInfo"), "not marked up"),
        (without("/ViewerPreferences"), "not marked up"),
        (without("/Metadata"), "not marked up"),
        (without("/Lang"), "its language"),
        (lambda w: w.root_object.update({NameObject("/Lang"): TextStringObject("fr")}), "its language"),
        (lambda w: w.add_metadata({"/Title": "Another"}), "its title"),
        (lambda w: w.root_object.update({NameObject("/OpenAction"): DictionaryObject()}), "when it is opened"),
        (lambda w: w.remove_page(0), "words exactly"),
    ],
)
def test_a_pdf_that_lacks_something_is_not_handed_out(change: Callable[[PdfWriter], object], words: str) -> None:
    assert check_pdf(changed(lambda writer: None), [LETTER]) == 1
    with pytest.raises(BadInput, match=words):
        check_pdf(changed(change), [LETTER])


def test_a_pdf_of_other_words_is_not_handed_out() -> None:
    with pytest.raises(BadInput, match="words exactly"):
        check_pdf(as_pdf(LETTER), [letter(date="27 March 2026")])
    with pytest.raises(BadInput, match="words exactly"):
        check_pdf(as_pdf(LETTER), [letter(role="")])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and no more", b"not a PDF at all"])
def test_what_is_no_pdf_is_not_handed_out(content: bytes) -> None:
    with pytest.raises(BadInput, match="could not be made into a PDF"):
        check_pdf(content, [LETTER])


def test_the_typesetter_reads_no_file_and_leaves_none_behind(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    for code in (f'#read("{secret}")', '#read("/etc/hostname")', '#read("../secret.txt")', f'#image("{secret}")'):
        with pytest.raises(typst.TypstError, match="not found|would escape"):
            compiler().compile(code.encode(), format="pdf")
    before = set(Path(tempfile.gettempdir()).glob("letter-*"))
    workers = Workers(pdf_letters._WORKERS.script, Limits(memory=1_500_000_000, cpu=20, seconds=30), most=1)
    assert workers.ask({"letters": [as_data(LETTER)], "title": "T"})["pages"] == 1
    assert set(Path(tempfile.gettempdir()).glob("letter-*")) <= before
