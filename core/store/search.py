"""Full-text search: one reduction of words and one parser, so both databases give the same answer.

Words are folded, stemmed and encoded here; FTS5 and tsvector only ever see plain lower-case letters and digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import snowballstemmer
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.errors import BadInput

_WORD = re.compile(r"\w+", re.UNICODE)
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_MOST_WORDS = 10_000
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


@dataclass(frozen=True, slots=True)
class Index:
    """One search index as each database names it: FTS5's table, the table of words, and whose number a row has."""

    fts: str
    words: str
    number: str


COMPLAINTS = Index(fts="search_fts", words="search_doc", number="complaint_id")
REQUESTS = Index(fts="request_fts", words="request_doc", number="request_id")


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: a run of words, wanted or not, its last word whole or only begun."""

    words: tuple[str, ...]
    wanted: bool = True
    begun: str = ""


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


def matches(terms: Iterable[Term], *, dialect: str, column: str = "complaint.id") -> sa.TextClause:
    """A condition that a column, `complaint.id` unless another is named, is among the complaints found.

    Raises BadInput when nothing is looked for, or only words to leave out.
    """
    terms = tuple(terms)
    wanted = [term for term in terms if term.wanted]
    unwanted = [term for term in terms if not term.wanted]
    if not wanted:
        raise BadInput("Type at least one word to look for. A word with a minus in front only leaves results out.")
    if dialect == "postgresql":
        parts = [_tsquery(term) for term in wanted] + [f"!{_tsquery(term)}" for term in unwanted]
        found, query = (
            "SELECT complaint_id FROM search_doc WHERE tsv @@ CAST(:looked_for AS tsquery)",
            " & ".join(parts),
        )
    else:
        found, query = (
            "SELECT rowid FROM search_fts WHERE search_fts MATCH :looked_for",
            " AND ".join(map(_fts5, wanted)),
        )
        if unwanted:
            query = f"({query}) NOT ({' OR '.join(map(_fts5, unwanted))})"
    return sa.text(f"{column} IN ({found})").bindparams(looked_for=query)


def _fts5(term: Term) -> str:
    phrase = f'"{" ".join(term.words)}"'
    if not term.begun:
        return phrase
    return f'({phrase} OR "{" ".join((*term.words[:-1], term.begun))}" *)'


def _tsquery(term: Term) -> str:
    phrase = " <-> ".join(f"'{word}'" for word in term.words)
    if not term.begun:
        return f"({phrase})"
    before = " <-> ".join([*(f"'{word}'" for word in term.words[:-1]), f"'{term.begun}':*"])
    return f"(({phrase}) | ({before}))"


def newest_found(
    connection: Connection,
    terms: Iterable[Term],
    *,
    seen: Callable[[Any], list[Any]],
    before: int | None = None,
    limit: int,
    index: Index = COMPLAINTS,
) -> list[int]:
    """Ids of the complaints found, or of what another index holds, newest first, from below `before` on.

    `seen` gives the conditions under which a row about the one in a column is shown.
    """
    condition = matches(terms, dialect=connection.dialect.name)
    found = condition.compile().params["looked_for"]
    return _newest(connection, found, seen=seen, before=before, limit=limit, index=index)


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
    return _newest(connection, found, seen=seen, before=None, limit=limit)


def _newest(
    connection: Connection,
    found: str,
    *,
    seen: Callable[[Any], list[Any]],
    before: int | None,
    limit: int,
    index: Index = COMPLAINTS,
) -> list[int]:
    if connection.dialect.name == "sqlite":
        table, number, match = index.fts, f"{index.fts}.rowid", f"{index.fts} MATCH :q"
    else:
        table, number, match = index.words, f"{index.words}.{index.number}", "tsv @@ CAST(:q AS tsquery)"
    column: sa.ColumnClause[int] = sa.literal_column(number, sa.Integer)
    statement = (
        sa.select(column)
        .select_from(sa.table(table))
        .where(sa.text(match).bindparams(q=found), *seen(column))
        .order_by(column.desc())
        .limit(limit)
    )
    if before:
        statement = statement.where(column < before)
    return list(connection.execute(statement).scalars())
