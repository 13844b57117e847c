"""Makes a self-assessment into an accessible PDF and proves it, in a process of its own; see `pdf_child`."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader

from core.channels.pdf_child import Refused, compiler

__all__ = ["OUT_OF_MEMORY", "UNREADABLE", "Refused", "do"]
OUT_OF_MEMORY = "The self-assessment needs more memory than is allowed. Save it as a Word file instead."
UNREADABLE = "The self-assessment could not be made into a PDF. Save it as a Word file instead."


def do(job: dict[str, Any]) -> dict[str, Any]:
    """The document as a PDF/UA-1 that is tagged and says its title; raises Refused."""
    try:
        pdf = compiler().compile(
            Path(__file__).with_name("assessment.typ").read_bytes(),
            format="pdf",
            sys_inputs={"document": json.dumps(job["document"])},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        if "could not be displayed" not in f"{error.message}\n{error.diagnostic}":
            raise
        said = "The PDF's fonts lack a sign that was typed. Take it out, or save the self-assessment as a Word file."
        raise Refused(said) from error
    if not isinstance(pdf, bytes):
        raise Refused(UNREADABLE)
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    root = reader.root_object
    if "/StructTreeRoot" not in root or not reader.metadata or reader.metadata.title != job["document"]["title"]:
        raise Refused("The PDF is not marked up for people who have it read to them. Save it as a Word file instead.")
    return {"pdf": base64.b64encode(pdf).decode("ascii"), "pages": len(reader.pages)}
