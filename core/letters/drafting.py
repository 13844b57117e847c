"""What a letter begins with: what the case knows in plain sentences, and a marked place where it knows nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.code.catalogue import BLOCKS, LETTERS, SCHEMES, Block, Content, Ombudsman
from core.code.shapes import LETTER_FIELDS
from core.letters.contents import GAP
from core.rules.facts import Outcome
from core.rules.ombudsmen import by_scheme, points_words
from core.rules.publishing import alone

_DECIDED = {
    Outcome.UPHELD: "We uphold your complaint.",
    Outcome.PARTIALLY_UPHELD: "We uphold part of your complaint.",
    Outcome.NOT_UPHELD: "We do not uphold your complaint.",
    Outcome.RESOLVED: "We have put right what you complained about, so we made no finding on it.",
}
_FOUND = {
    Outcome.UPHELD: "We uphold this point.",
    Outcome.PARTIALLY_UPHELD: "We uphold part of this point.",
    Outcome.NOT_UPHELD: "We do not uphold this point.",
    Outcome.RESOLVED: "We have put this right, so we made no finding on it.",
}
_BRACES = re.compile(r"\{([a-z_]+)\}")


def gap(what: str) -> str:
    """A marked place: "[to write: the new date]"."""
    return f"{GAP}: {what}]"


def drafted(letter: str, known: Mapping[str, str]) -> dict[str, str]:
    """Each content of a letter as a draft begins, by key; what is not known is a marked place [lgsco:6.18]."""
    return {content.key: _begun(content, known) for content in LETTERS[letter].contents}


def _begun(content: Content, known: Mapping[str, str]) -> str:
    if content.start is None:
        return gap(content.title[0].lower() + content.title[1:])
    return _BRACES.sub(lambda found: known.get(found[1], "").strip() or gap(LETTER_FIELDS[found[1]]), content.start)


def block_for(key: str, letter: str) -> Block:
    """The shared wording a kind of letter takes: its own, or the one for all letters."""
    return BLOCKS.get(f"{key}.{letter}", BLOCKS[key])


def block_text(block: Block, *, published: Mapping[str, str], ombudsman: Ombudsman | None) -> str:
    """The wording of a block today: the council's own where it published one, or ours; "" where there is neither.

    `published` holds the council's wording by the block's name. Without an Ombudsman a block that names it is "".
    """
    text = published.get(block.name, block.text or "")
    if not _BRACES.search(text):
        return text
    if ombudsman is None:
        return ""
    facts = {name: getattr(ombudsman, name) for name in ("name", "post", "phone", "web")}
    return _BRACES.sub(lambda found: facts.get(found[1], found[0]), text)


def ombudsmen_text(letter: str, schemes: Mapping[int, str], *, whole: str, published: Mapping[str, str]) -> str:
    """How to reach the Ombudsman, each against its own points where both Codes apply [lgsco:6.18].

    `schemes` are the schemes of the points by their numbers and `whole` that of the complaint.
    """
    block = block_for("ombudsman", letter)
    told = [
        (numbers, block_text(block, published=published, ombudsman=SCHEMES[key].ombudsman))
        for key, numbers in by_scheme(schemes, whole=whole).items()
    ]
    blocks = [(numbers, text) for numbers, text in told if text]
    if len(blocks) == 1:
        return blocks[0][1]
    return "\n\n".join(f"{points_words(numbers)}: {text}" for numbers, text in blocks)


def decision_words(outcome: Outcome | None) -> str:
    """A finding on the whole complaint as its first sentence; "" where nobody can say it for the officer."""
    return _DECIDED.get(outcome, "") if outcome is not None else ""


def points_listed(texts: Sequence[str]) -> str:
    """The points of a complaint, numbered."""
    return "\n\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


def answers_listed(answers: Sequence[tuple[int, str, Outcome | None, str]]) -> str:
    """Each point with what was found on it and why, as (number, point, finding, reasons) [lgsco:6.7]."""
    told = []
    for number, text, outcome, reasons in answers:
        found = _FOUND.get(outcome, "") if outcome is not None else ""
        said = found or gap(f"what we found on point {number}")
        why = reasons.strip() or gap(f"the reasons on point {number}")
        told.append(f"Point {number}: {text}\n\n{said} {why}")
    return "\n\n".join(told)


def without_names(text: str, officers: Sequence[str]) -> str:
    """A text with each officer's name replaced by “Officer A”, “Officer B” …, in the order given.

    Letters of the Ombudsman's investigations may be published; the Ombudsman's own name no officer either.
    """
    for place, name in enumerate(officers):
        text = re.sub(alone(name.split()), f"Officer {chr(ord('A') + place % 26)}", text)
    return text
