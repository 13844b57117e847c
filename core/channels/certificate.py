"""The certificate of an erasure as a page of its own: which records, by whose decision, and the end of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jinja2 import Environment, StrictUndefined

from core.words import counted, letter_day

_COLUMNS = ("Reference", "Kind", "Due", "Proposed", "Approved", "Anonymised")
_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate {{ number }}: records anonymised</title>
<style>
body { font: 1rem/1.5 Arial, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #0b0c0c; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #767676; padding: .4rem; text-align: left; vertical-align: top; }
code { overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>Certificate {{ number }}: records anonymised</h1>
<p>{{ council }}. Begun on {{ started }}, finished on {{ finished }}.</p>
<p>{{ records }} and {{ files }} were erased. Dates, outcomes, findings and money stay for the figures.</p>
<h2>By kind of record</h2>
<ul>{% for kind, many in kinds.items() %}<li>{{ kind }}: {{ many }}</li>{% endfor %}</ul>
<h2>The records</h2>
<table>
<thead><tr>{% for title in columns %}<th scope="col">{{ title }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table>
<h2>Proof</h2>
<p>The ledger ended like this when the certificate was written: <code>{{ ledger }}</code></p>
{% if scrubbed %}<p>The database's own files were written anew on {{ scrubbed }}: none holds what was erased.</p>
{% endif %}<p>SHA-256 of the certificate: <code>{{ sha256 }}</code>. The ledger names it in its next entry.</p>
</body>
</html>
"""
_TEMPLATE = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE)


def certificate_page(content: Mapping[str, Any], *, council: str) -> str:
    """The certificate as HTML without script or address; every text in it is text [lgsco:5.8]."""
    return _TEMPLATE.render(
        number=content["certificate"],
        council=council,
        started=_moment(content["started_at"]),
        finished=_moment(content["finished_at"]),
        records=counted(len(content["records"]), "record"),
        files=counted(content["files"], "file"),
        kinds=content["kinds"],
        columns=_COLUMNS,
        rows=[_row(record) for record in content["records"]],
        ledger=content["ledger"],
        sha256=content["sha256"],
        scrubbed=_moment(content["scrubbed_at"]) if content["scrubbed_at"] else "",
    )


def _moment(text: str) -> str:
    return letter_day(datetime.fromisoformat(text).date())


def _row(record: Mapping[str, str]) -> tuple[str, ...]:
    return (
        record["reference"],
        record["kind"],
        _day(record["planned_on"]),
        f"{record['proposed_by']}, {_day(record['proposed_on'])}",
        f"{record['approved_by']}, {_day(record['approved_on'])}",
        _day(record["erased_on"]),
    )


def _day(text: str) -> str:
    return letter_day(date.fromisoformat(text))
