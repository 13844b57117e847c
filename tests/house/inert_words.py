"""The lists of the lint for user text: where Streamlit reads Markdown, and whose words a value is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Streamlit's elements that read Markdown, with the places of the arguments that do; named ones are listed below.
SINKS: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(
        ("markdown", "caption", "info", "error", "success", "warning", "header", "subheader", "title", "toast",
         "button", "expander", "popover", "checkbox", "toggle", "text_input", "text_area", "selectbox",
         "multiselect", "slider", "date_input", "time_input", "number_input", "file_uploader", "camera_input",
         "audio_input", "link_button", "menu_button", "spinner", "status", "badge", "dialog", "tabs", "table",
         "color_picker", "chat_input", "datetime_input", "latex"),
        (0,),
    ),
    **dict.fromkeys(("radio", "pills", "segmented_control", "select_slider", "progress"), (0, 1)),
    **dict.fromkeys(("metric", "write"), (0, 1, 2)),
    "page_link": (),
    "image": (1,),
    "text": (),
}  # fmt: skip
NAMED = {"label", "body", "text", "help", "caption", "captions", "title", "value", "delta", "options", "placeholder"}
INERT_WORDS = {"text_input", "text_area", "selectbox", "multiselect", "date_input", "slider", "number_input"}
"""Elements whose `value`, `options` and `placeholder` are shown as they are; only label and help are Markdown."""
SHOWS_AS_IT_IS = {"text": {"help"}}
"""Elements that read no Markdown but in these named arguments."""
NOT_FOR_TEXT = {"Page", "code", "json", "html", "mermaid_chart", "download_button", "form_submit_button"}
"""Elements without Markdown, or that another test forbids."""

MAKES_PLAIN = {"app.ui.plain.plain", "app.ui.plain.one_line"}
MADE_ONCE = "app.ui.drawn.once"
"""The call whose result is what the lambda given to it makes."""
TRUSTED = {
    "core.words.day_words": "a date in words",
    "core.words.month_words": "a month in words",
    "core.words.share": "numbers",
    "core.words.pounds": "numbers",
    "secrets.token_hex": "letters and digits made here",
    "urllib.parse.urlencode": "leaves nothing that Markdown acts on",
    "app.ui.places.number": "the number of a clause key, which only rules and the catalogue make",
    "app.ui.places.clause_links": "links made of clause keys",
    "app.ui.places.address": "an encoded address",
    "app.ui.places.record": "an encoded address",
    "app.ui.places.addresses": "encoded addresses",
    "app.ui.places.outside": "an https address of letters, digits and signs that end no link",
    "app.ui.problems.anchor": "letters, digits and dashes of a widget's key",
    "app.ui.fields._label": "titles and help of a command's own declaration",
    "app.ui.clauses._value": "facts of worked examples and what the rules made of them",
    "core.queries.gap_report.Counts.words": "numbers and words of ours",
    "core.rules.suppression.share_shown": "numbers, or words of ours",
    "core.rules.suppression.words": "a number, or words of ours",
    "core.rules.showing.headline": "numbers and words of ours",
    "core.rules.showing.written": "numbers and words of ours",
    "core.rules.showing.per_thousand": "numbers",
    "core.rules.control.Control.words": "months, numbers and words of ours",
}
"""Calls whose result may be shown as it is, each with the reason."""

OUR_WORDS: Mapping[str, Collection[str]] = {
    "CaseView": {"reference", "position"},
    "Clock": {"title", "clause", "standing_words", "started"},
    "QueueRow": {"reference", "position", "title", "clause", "scheme"},
    "RoutedCase": {"reference", "scheme", "next_title"},
    "PointElsewhere": {"scheme"},
    "RouteView": {"scheme"},
    "QueuePage": {"count_words"},
    "FoundPage": {"count_words"},
    "Escalated": {"reference", "position"},
    "LongCase": {"reference", "position"},
    "Found": {"reference", "position"},
    "SumLine": {"reference"},
    "Change": {"reference"},
    "Answered": {"reference"},
    "MovedDuty": {"reference", "title", "clause"},
    "AuditLine": {"reference"},
    "QuestionLine": {"reference"},
    "RequestRow": {"reference"},
    "FoundRequest": {"reference"},
    "RequestView": {"reference"},
    "RecordLine": {"reference"},
    "HeldLine": {"reference"},
    "ProposedLine": {"reference"},
    "RecordKept": {"kind"},
    "LinkedComplaint": {"reference"},
    "Match": {"reference"},
    "Linked": {"reference"},
    "RefusedCase": {"reference"},
    "BehindRow": {"reference", "position"},
    "ReasonGiven": {"latest"},
    "Period": {"words"},
    "LetterLine": {"title", "how"},
    "LetterRow": {"reference", "title", "how"},
    "LetterView": {"reference", "how", "step", "sha256"},
    "OnItsWay": {"title"},
    "Stuck": {"reference"},
    "PartView": {"content", "title", "help", "clause"},
    "WordingView": {"stale"},
    "IntakeClock": {"clause"},
    "QuestionFigures": {"title"},
    "Nearness": {"words"},
    "RemedyLine": {"reference", "kind", "sub_kind", "signatory", "moment"},
    "OmbudsmanRow": {"complaint", "next_title"},
    "RecommendationView": {"complaint"},
    "HandlingView": {"complaint", "next_title"},
    "RectificationView": {"complaint"},
    "ClauseLine": {"clause", "what"},
    "Check": {"title", "step"},
    "ThemeView": {"cases", "kind", "decision", "risk"},
    "ImprovementView": {"behind", "risk"},
    "FeedbackView": {"reference"},
    "SampledView": {"reference"},
    "ItemFigures": {"phase", "title"},
    "Finding": {"clause"},
    "RegisterLine": {"reference", "clause", "scheme"},
    "TriedClock": {"title"},
    "Changed": {"reference"},
    "ClauseEvidence": {"kind", "key", "title", "behind"},
    "AssessmentLine": {"scheme", "why"},
    "Command": {"title", "gist", "clauses"},
    "CaseCommand": {"title", "gist", "clauses"},
}
"""Text fields that no user writes: references, positions, titles of duties and steps, clause keys."""

OUR_PLACES: Mapping[str, Collection[tuple[int]]] = {"core.queries.gap_report.counted_cases": {(0,)}}
"""Places in the rows of a query that answers with bare tuples, here the reference."""

CATALOGUE = (
    "core.code.quality",
    "core.code.shapes",
    "core.code.remedies",
    "core.code.scheme_shapes",
    "core.code.example_shapes",
    "core.code.ombudsmen",
    "core.code.figures",
    "core.code.policy_items",
    "core.code.self_assessment",
)
COUNCILS_OWN = {"Timescale"}  # its source may be a council's resolution
NUMBERS = {"len", "int", "sum", "bool", "abs", "round", "float", "isinstance", "range", "any", "all", "hash", "ord"}
CARRIES = {"sorted", "list", "tuple", "set", "frozenset", "dict", "reversed", "iter", "str", "min", "max", "next",
           "zip", "enumerate", "map", "filter", "repr"}  # fmt: skip
CARRYING = {"core.words.counted"}
"""Calls that carry what they are given into their result."""
