"""Fifty searches as officers type them: both databases find the same, in a small council and in a large one."""

from __future__ import annotations

RECORDED = (
    "bin", "bins", "BIN", "the", "council", "pothole", "damp", "damp ceiling", "ceiling damp", "missed bins",
    '"the bin"', '"bin was not"', '"was not collected"', '"not the bin"', '"street repair damp"', '"called me back"',
    "colle*", "re*", "tenan*", "park*", "recycl*", "z*", '"the bin" colle*', "damp re*",
    "damp -ceiling", "bin -council", "the -damp", "parking -fine -permit", '-"the bin" bin', '"damp ceiling" -heating',
    "heating kitchen window", "noise rubbish recycling garden", "apology plan regular cost", "unsafe cold water power",
    "officer rude late", "letter phone website form", "school transport place", "assessment care visit worker",
    "bin pothole tenancy", "ZZ1*", "zz12", "@sample.example", "sample.example", "C-2026", "c-2026-00*", "OLD/00000*",
    "xylophone", "garden's", "re-collected", "broken dirty -unsafe \"cold water\"",
)  # fmt: skip
