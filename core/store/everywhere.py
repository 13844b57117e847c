"""Words that are in every complaint, so that two of them are not alike for having these."""

from __future__ import annotations

from core.store.search import words_of

EVERYWHERE = frozenset(
    words_of(
        "a an and are as at be been but by can could did do does for from had has have he her him his how i if in is "
        "it its me more my no not now of on or our out so she than that the their them then there they this to up us "
        "was we were what when which who will with would you your about after again all any because before just very "
        "complain complaint complaints council dear please regards sincerely thank thanks mr mrs ms miss dr"
    ).split()
)
"""Words that say nothing of a matter or a person, as they are stored."""
