"""Words taken out of one piece that still stand in another, so that no piece undoes what another kept back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.bundles.pieces import Piece
from core.letters.redacting import passages_of, redacted
from core.queries.subject_access import SubjectView
from core.rules.subject_access import Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftIn:
    """A piece that still says what was taken out of another; `why` is the reason given for leaving it in."""

    piece: Piece
    passage: str
    taken_from: Piece
    why: str


def left_in(view: SubjectView, found: Sequence[Piece]) -> tuple[LeftIn, ...]:
    """Each piece disclosed in full that still has a passage taken out of another one, once for each [lgsco:5.8].

    Only texts are looked through: what a file says, a person reads.
    """
    ruled = [(piece, view.rulings[piece.key]) for piece in found if piece.key in view.rulings]
    ruled = [(piece, ruling) for piece, ruling in ruled if ruling["digest"] == piece.digest]
    whole = [(piece, ruling) for piece, ruling in ruled if ruling["ruling"] == Ruling.DISCLOSE and piece.file is None]
    taken = [(piece, ruling) for piece, ruling in ruled if ruling["ruling"] == Ruling.REDACT]
    return tuple(
        LeftIn(piece=piece, passage=passage, taken_from=cut, why=ruling["reason"].strip())
        for piece, ruling in whole
        for passage, cut in {each: cut for cut, other in taken for each in passages_of(other["passages"])}.items()
        if not redacted(piece.text, [passage]).missing
    )
