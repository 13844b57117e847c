"""The few pages that are plain HTML: where passwords and codes are typed, which no page of Streamlit ever sees.

Each is one form without a script. What is typed wrong is said above it; nothing secret is ever sent back.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.ui.desk import office
from app.web import cookies

EXPIRED = "This form had run out, or came from another page. Nothing was done. Try again."
_MOST = 1024

STYLE = (
    "body{font:1.06rem/1.5 'Source Sans',system-ui,sans-serif;color:#0b0c0c;background:#fff;margin:0}"
    "header{border-bottom:2px solid #0b4f8a;padding:.8rem 1.2rem;font-weight:600}"
    "main{max-width:30rem;margin:2rem auto;padding:0 1.2rem}h1{font-size:1.7rem;margin:.2rem 0 .8rem}"
    "label{display:block;font-weight:600;margin:1rem 0 .2rem}.hint{color:#505a5f;margin:.1rem 0 .3rem}"
    "input{width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #0b0c0c;border-radius:2px;font:inherit}"
    "input[type=checkbox]{width:auto}button,.button{display:inline-block;margin:1.4rem .8rem 0 0;padding:.6rem 1.1rem;"
    "background:#0b4f8a;color:#fff;border:2px solid #0b4f8a;border-radius:2px;font:inherit;text-decoration:none}"
    "textarea{width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #0b0c0c;border-radius:2px;font:inherit}"
    "fieldset{border:0;margin:1.4rem 0;padding:0}legend{font-weight:600;margin:0 0 .3rem}.asked{white-space:pre-wrap;"
    "overflow-wrap:anywhere;border-left:4px solid #0b4f8a;padding:.2rem .9rem;margin:.4rem 0 1rem}"
    ".choice{font-weight:400;margin:.3rem 0}input[type=radio]{width:auto;margin:0 .5rem 0 0}"
    ".second{background:#fff;color:#0b4f8a}a{color:#0b4f8a}"
    "input:focus,textarea:focus,button:focus,a:focus{outline:3px solid #d4351c;outline-offset:2px}"
    ".problem{border:3px solid #a4121c;padding:.6rem .9rem;margin:0 0 1rem}"
    ".done{border:3px solid #005a30;padding:.6rem .9rem;margin:0 0 1rem}"
    "code{font-size:1.1rem;overflow-wrap:anywhere}img{max-width:100%;height:auto}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    fill: str = "off"
    needed: bool = True
    value: str = ""
    first: bool = False

    def html(self) -> str:
        """The label, its hint and the box, tied together for screen readers."""
        hint = f'<p class="hint" id="{self.name}-hint">{escape(self.hint)}</p>' if self.hint else ""
        told = [
            f'id="{self.name}" name="{self.name}" type="{self.kind}" autocomplete="{self.fill}"',
            f'value="{escape(self.value, quote=True)}" maxlength="{_MOST}"',
            f'aria-describedby="{self.name}-hint"' if self.hint else "",
            "required" if self.needed else "",
            "autofocus" if self.first else "",
            'inputmode="numeric"' if self.fill == "one-time-code" else "",
        ]
        return f'<label for="{self.name}">{escape(self.label)}</label>{hint}<input {" ".join(filter(None, told))}>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One page with one form. `before` and `after` are HTML of ours, in which user text is escaped already."""

    title: str
    action: str
    fields: tuple[Field, ...] = ()
    button: str = ""
    before: str = ""
    after: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


def page(request: Request, form: Form, *, problem: str = "", done: str = "", status: int = 200) -> HTMLResponse:
    """A form's page for this browser, with what went wrong or was done above it."""
    nonce = cookies.form_nonce(request)
    hidden = [("seal", cookies.seal_of(nonce)), *form.hidden]
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">' for name, value in hidden
    )
    fields = "".join(field.html() for field in form.fields)
    shown = (
        f'<form method="post" action="{escape(form.action, quote=True)}">{inputs}{fields}'
        f"<button>{escape(form.button)}</button></form>"
        if form.button
        else ""
    )
    answer = HTMLResponse(
        whole(form.title, f"{_said(problem, done)}{form.before}{shown}{form.after}"), status_code=status
    )
    cookies.give_nonce(answer, nonce)
    return answer


def problem_box(sentence: str) -> str:
    """A sentence about what went wrong, boxed and read out at once."""
    return f'<div class="problem" role="alert"><strong>There is a problem.</strong> {escape(sentence)}</div>'


def _said(problem: str, done: str) -> str:
    if problem:
        return problem_box(problem)
    return f'<div class="done" role="status">{escape(done)}</div>' if done else ""


def whole(title: str, body: str) -> str:
    """A whole page of ours around a body of ours."""
    council = escape(office().settings.council)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · {council} complaints</title>"
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body><header>{council} · Complaints</header>"
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


async def typed(request: Request) -> tuple[FormData | None, str]:
    """What was typed, and why it cannot be used: None with a sentence for a form that is not ours."""
    given = await request.form(max_files=0, max_fields=20, max_part_size=_MOST * 8)
    if not cookies.from_our_form(request, text(given, "seal")):
        return None, EXPIRED
    return given, ""


def text(given: FormData, name: str) -> str:
    """One answer as text, at most as long as its box allows, without the sign that no database can be asked for."""
    value = given.get(name, "")
    return value[:_MOST].replace("\x00", "") if isinstance(value, str) else ""
