"""Full-text search: one reduction of words and one parser, so both databases give the same answer.

Words are folded, stemmed and encoded here; FTS5 and tsvector only ever see plain lower-case letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any
from zlib import crc32

import snowballstemmer
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.errors import BadInput

_WORD = re.compile(r"\w+", re.UNICODE)
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST_WORDS = 10_000
_MOST_IN_A_CASE = 200_000
_MOST_BYTES = 500_000  # of different words: with their places, PostgreSQL keeps a megabyte of a text
_PLACES = 4  # bytes that a word takes beside its letters
_APART = " . "  # between two texts of a case
_LONGEST = 120  # characters of one stored word
_MOST_TERMS = 12
_stem = snowballstemmer.stemmer("english")


def _words(text: str) -> list[str]:
    """The words of a text; composed first, since a letter with its accent apart would end the word."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=200_000)
def _reduced(word: str) -> str:
    """One word as it is stored: accents and case folded, stemmed, and spelt in letters and digits only."""
    folded = _folded(word)
    if folded.isascii() and folded.isalpha():  # a reference or postcode has no English ending to take off
        return str(_stem.stemWord(folded))[:_LONGEST]
    return _spelt(folded)


def _folded(word: str) -> str:
    """Letters and digits alone, without accents and case.

    Taking a sign apart may bring a capital or a mark to light, as in “𝕋” or “⒈”, so the case is folded after that.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(c for c in apart if c.isalnum())


def _spelt(folded: str) -> str:
    """A folded word in plain letters and digits, beginning with a letter; "" when nothing is left of it."""
    if not folded:
        return ""
    if not folded.isascii():
        return "x" + folded.encode().hex()[:_LONGEST]
    return (folded if folded[0].isalpha() else "n" + folded)[:_LONGEST]


def words_of(*texts: str) -> str:
    """The stored words of some texts, in order, for one complaint."""
    found: list[str] = []
    for text in texts:
        found.extend(filter(None, map(_reduced, _words(text))))
    return " ".join(found[:_MOST_WORDS])


def case_words(own: str, said: Iterable[str]) -> str:
    """The stored words of a whole case: its complaint's own stored words, then those of each text in turn.

    A full stop stands between two texts. Neither database indexes it, and no phrase runs across it. What goes past the
    most that a database keeps of one text is left out: that is a correspondence of several hundred pages.
    """
    room, known, texts = _MOST_BYTES, set[str](), []
    left = _MOST_IN_A_CASE
    for words in filter(None, (own, *map(words_of, said))):
        kept = words.split()[:left]
        new = set(kept) - known
        room -= sum(len(word) + _PLACES for word in new)
        left -= len(kept)
        if room < 0 or not kept:
            break
        known |= new
        texts.append(" ".join(kept))
    return _APART.join(texts)


def spoken(text: str, stems: Collection[str]) -> list[tuple[str, str]]:
    """Those words of a text that are stored as one of some stems: the stem, and the word in small letters."""
    return [(stem, word.lower()) for word in _words(text) if (stem := _reduced(word)) in stems]


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: a run of words, wanted or not, its last word whole or only begun."""

    words: tuple[str, ...]
    wanted: bool = True
    begun: str = ""

    @property
    def pairs(self) -> list[str]:
        """The signs of its neighbouring whole words; none when it has only one, or one and a beginning."""
        return _signs(self.words[:-1] if self.begun else self.words)

    @property
    def alone(self) -> list[Word]:
        """Its words that no pair stands for."""
        words = [(word, "") for word in self.words]
        if self.begun:
            words[-1] = (self.words[-1], self.begun)
        return words if not self.pairs else words[-1:] if self.begun else []


Word = tuple[str, str]
"""A whole word, and how it begins if more may follow."""


def parse(text: str) -> tuple[Term, ...]:
    """What someone typed as terms: words, "phrases", -unwanted, begun* words. Nothing typed is an error."""
    terms: list[Term] = []
    for minus, phrase, bare in _TERM.findall(text.replace("\x00", " ")):
        raw = phrase or bare
        words = [word for word in map(_reduced, _words(raw)) if word]
        if not words:
            continue
        begun = _begun(raw) if bare and bare.endswith("*") else ""
        terms.append(Term(words=tuple(words), wanted=not minus, begun=begun))
    return tuple(terms[:_MOST_TERMS])


def _begun(raw: str) -> str:
    """The unstemmed start of a word, spelt as it would be stored."""
    return next(spelt for word in reversed(_words(raw)) if (spelt := _spelt(_folded(word))))


def pairs_of(words: str) -> str:
    """The neighbours among some stored words: each pair of them once, as a sign; none across two texts of a case."""
    return " ".join(dict.fromkeys(sign for text in words.split(_APART) for sign in _signs(text.split())))


def _signs(words: Sequence[str]) -> list[str]:
    """Each two neighbouring words as one of the million signs of Unicode's upper planes.

    It is one sign, since FTS5 indexes the beginnings of anything longer. Two pairs may have the same sign, so a sign
    narrows a search and never decides it.
    """
    spelt = [word.encode() for word in words]
    return [chr(0x10000 + both % 0x100000) for both in map(crc32, spelt[1:], map(crc32, spelt))]


def matches(
    terms: Iterable[Term], *, dialect: str, column: str = "complaint.id", index: Index | None = None
) -> sa.TextClause:
    """A condition that a column, `complaint.id` unless another is named, is among the cases found.

    Raises BadInput when nothing is looked for, or only words to leave out.
    """
    asked = (index or CASES)[dialect]
    condition, values = _condition(tuple(terms), asked)
    found = f"SELECT {asked.number} FROM {asked.table} WHERE {condition}"  # noqa: S608 - our own names
    return sa.text(f"{column} IN ({found})").bindparams(**values)


Condition = tuple[str, dict[str, Any]]
"""What is asked of an index, and the values it is asked with."""


def _condition(terms: Sequence[Term], index: _Index) -> Condition:
    """The index narrows the search to texts that have the words and pairs; a phrase is then read in the stored words.

    Only there is it certain: pairs share signs, and PostgreSQL forgets where a word stands after 255 places of it.
    """
    wanted = [term for term in terms if term.wanted]
    if not wanted:
        raise BadInput("Type at least one word to look for. A word with a minus in front only leaves results out.")
    unwanted = [word for term in terms if not term.wanted and len(term.words) == 1 for word in term.alone]
    pairs = [pair for term in wanted for pair in term.pairs]
    condition, values = index.ask(index, pairs, [word for term in wanted for word in term.alone], unwanted)
    parts = [condition]
    for number, term in enumerate(term for term in terms if len(term.words) > 1):
        phrases = {f"phrase_{number}_{at}": phrase for at, phrase in enumerate(_phrases(term))}
        reads = " OR ".join(f"{index.place}(' ' || {index.table}.words || ' ', :{name}) > 0" for name in phrases)
        parts.append(f"({reads})" if term.wanted else f"NOT ({reads})")
        values.update(phrases)
    return " AND ".join(parts), values


def _phrases(term: Term) -> list[str]:
    """A run of words as it stands in the stored words; with a beginning, also as it stands when more follows."""
    whole = f" {' '.join(term.words)} "
    return [whole, f" {' '.join((*term.words[:-1], term.begun))}"] if term.begun else [whole]


def _ask_fts5(index: _Index, pairs: Sequence[str], words: Sequence[Word], unwanted: Sequence[Word]) -> Condition:
    """FTS5 goes from one complaint that has all of it to the next, so the rarest sign or word spares the others."""
    query = " AND ".join([*map('"{}"'.format, pairs), *map(_fts5, words)])
    if unwanted:
        query = f"({query}) NOT ({' OR '.join(map(_fts5, unwanted))})"
    return index.holds, {"looked_for": query}


def _fts5(word: Word) -> str:
    whole, begun = word
    return f'("{whole}" OR "{begun}" *)' if begun else f'"{whole}"'


def _ask_tsvector(index: _Index, pairs: Sequence[str], words: Sequence[Word], unwanted: Sequence[Word]) -> Condition:
    """Two conditions, so that PostgreSQL may begin with whichever of them few complaints meet."""
    query = " & ".join([*map(_tsquery, words), *(f"!{_tsquery(word)}" for word in unwanted)])
    conditions = ([_PAIRS] if pairs else []) + ([index.holds] if query else [])
    values = {"pairs": list(pairs)} if pairs else {}
    return " AND ".join(conditions), {**values, **({"looked_for": query} if query else {})}


def _tsquery(word: Word) -> str:
    whole, begun = word
    return f"('{whole}' | '{begun}':*)" if begun else f"'{whole}'"


_PAIRS = "string_to_array(pairs COLLATE \"C\", ' ') @> CAST(:pairs AS text[])"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Where one database finds words, how it is asked, and its function that finds a place in a text."""

    table: str
    number: str
    holds: str
    ask: Callable[[_Index, Sequence[str], Sequence[Word], Sequence[Word]], Condition]
    place: str


Index = Mapping[str, _Index]
"""What is found by its words, as each database keeps it."""


def _index(*, fts: str, docs: str, number: str) -> Index:
    """An index from FTS5's table, the table of stored words, and whose number a row of that has."""
    return {
        "sqlite": _Index(
            table=fts, number=f"{fts}.rowid", holds=f"{fts} MATCH :looked_for", ask=_ask_fts5, place="instr"
        ),
        "postgresql": _Index(
            table=docs,
            number=f"{docs}.{number}",
            holds="tsv @@ CAST(:looked_for AS tsquery)",
            ask=_ask_tsvector,
            place="strpos",
        ),
    }


COMPLAINTS = _index(fts="search_fts", docs="search_doc", number="complaint_id")
CASES = _index(fts="case_fts", docs="case_doc", number="complaint_id")
REQUESTS = _index(fts="request_fts", docs="request_doc", number="request_id")


def newest_found(
    connection: Connection,
    terms: Iterable[Term],
    *,
    seen: Callable[[Any], list[Any]],
    before: int | None = None,
    limit: int,
    index: Index = COMPLAINTS,
    among: Any = None,
) -> list[int]:
    """Ids of the complaints found, or of what another index holds, newest first, from below `before` on.

    `seen` gives the conditions under which a row about the one in a column is shown, and those it is chosen by. `among`
    says the same as a statement of ids, newest first, for words so common that reading these one by one is quicker.
    """
    asked, looked_for = index[connection.dialect.name], tuple(terms)
    condition = _condition(looked_for, asked)
    if among is None or connection.dialect.name == "sqlite" or any(len(term.words) > 1 for term in looked_for):
        return _newest(connection, asked, condition, seen=seen, before=before, limit=limit)
    if _is_common(connection, asked, condition):
        return _read_in_turn(connection, asked, condition, among=among, before=before, limit=limit)
    return _all_at_once(connection, asked, condition, seen=seen, before=before, limit=limit)


_SAMPLE, _COMMON = 100, 8  # texts spread over all of them; one in so many with the words makes these common


def _is_common(connection: Connection, index: _Index, condition: Condition) -> bool:
    """Whether so many texts hold the words that the newest of them are come upon soon: asked of a sample.

    PostgreSQL cannot say: it does not count what taking a long text from its own place costs it.
    """
    asked, values = condition
    numbers = (
        f"SELECT n * greatest(last / {_SAMPLE}, 1) FROM generate_series(1, {_SAMPLE}) n, "  # noqa: S608 - our own names
        f"(SELECT max({index.number}) AS last FROM {index.table}) newest"
    )
    share = f"count(*) FILTER (WHERE {asked}) * {_COMMON} >= count(*)"
    statement = f"SELECT {share} FROM {index.table} WHERE {index.number} = ANY(ARRAY({numbers}))"  # noqa: S608
    return bool(connection.execute(sa.text(statement), values).scalar_one())


def _read_in_turn(
    connection: Connection, index: _Index, condition: Condition, *, among: Any, before: int | None, limit: int
) -> list[int]:
    """One by one from the newest on: what is chosen first, then its words, until there are enough."""
    asked, values = condition
    column = among.selected_columns[0]
    chosen = (among if before is None else among.where(column < before)).order_by(column.desc()).offset(0).subquery()
    (number,) = chosen.c
    holds = (
        sa.select(sa.text(asked).bindparams(**values))
        .select_from(sa.table(index.table))
        .where(sa.literal_column(index.number, sa.Integer) == number)
        .correlate(chosen)
        .scalar_subquery()
    )
    statement = sa.select(number).where(holds).order_by(number.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def _all_at_once(
    connection: Connection,
    index: _Index,
    condition: Condition,
    *,
    seen: Callable[[Any], list[Any]],
    before: int | None,
    limit: int,
) -> list[int]:
    """All that the index has of the words, none of their texts read; then the newest of those that are chosen."""
    asked, values = condition
    named: sa.ColumnClause[int] = sa.literal_column(index.number, sa.Integer)
    found = (
        sa.select(named.label("number"))
        .select_from(sa.table(index.table))
        .where(sa.text(asked).bindparams(**values))
        .order_by(named.desc())
        .cte("found")
        .prefix_with("MATERIALIZED")
    )
    (number,) = found.c
    statement = sa.select(number).where(*seen(number)).order_by(number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(number < before)
    return list(connection.execute(statement).scalars())


def newest_sharing(
    connection: Connection, stems: Sequence[str], *, seen: Callable[[Any], list[Any]], limit: int
) -> list[int]:
    """Ids of complaints that hold at least two of these stored words, newest first; none when there are fewer."""
    pairs = list(combinations(stems, 2))
    if not pairs:
        return []
    if connection.dialect.name == "sqlite":
        found = " OR ".join(f'("{one}" AND "{two}")' for one, two in pairs)
    else:
        found = " | ".join(f"('{one}' & '{two}')" for one, two in pairs)
    index = COMPLAINTS[connection.dialect.name]
    return _newest(connection, index, (index.holds, {"looked_for": found}), seen=seen, before=None, limit=limit)


def _newest(
    connection: Connection,
    index: _Index,
    condition: Condition,
    *,
    seen: Callable[[Any], list[Any]],
    before: int | None,
    limit: int,
) -> list[int]:
    column: sa.ColumnClause[int] = sa.literal_column(index.number, sa.Integer)
    asked, values = condition
    statement = (
        sa.select(column)
        .select_from(sa.table(index.table))
        .where(sa.text(asked).bindparams(**values), *seen(column))
        .order_by(column.desc())
        .limit(limit)
    )
    if before:
        statement = statement.where(column < before)
    return list(connection.execute(statement).scalars())
