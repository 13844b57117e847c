"""A report as one web page that stands by itself: headings, tables with their headers, pictures said in words.

No script, nothing loaded from anywhere, and everything in it is text: nothing typed is ever read as markup.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from core.channels.charts import bars
from core.letters.reports import Chart, Report
from core.words import letter_day


@cache
def page_template(name: str) -> Template:
    """One of our own page templates, in which every text is escaped."""
    here = Path(__file__).with_name("pages")
    return Environment(
        loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(name)


def report_page(report: Report) -> bytes:
    """The report as an accessible web page [lgsco:8.2]."""
    told = {"report": report, "drawn": _drawn, "day": letter_day}
    return page_template("report.html").render(told).encode()


def _drawn(chart: Chart) -> Markup:
    # Made of numbers and escaped labels alone, by our own hand.
    return Markup(bars(chart.labels, chart.values, alt=chart.alt))  # noqa: S704
