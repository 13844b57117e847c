"""What is published of the web forms' address is so: requests made from the description itself, right and wrong."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from app.web import places
from core.web_intake import Recorded, WebComplaint
from tests.web.live import Live, in_front_of
from tests.web.test_intake import SENT, Form, form, rates_anew

__all__ = ["form", "rates_anew"]  # fixtures
EXAMPLES = 120
REFUSED = {400, 401, 405, 409, 413, 415, 422, 429}
# All that schemathesis knows, but for what one address without resources cannot be asked for; that right data may be
# refused is so by design (a day to come, nobody to reach), and each such refusal is tested by hand.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    ignored_auth,
]


def described(form: Form) -> dict[str, Any]:
    """The description as anybody reads it, without a key."""
    answer = form.client.get(places.INTAKE_SCHEMA)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_is_described(form: Form, live: Live, mode: GenerationMode) -> None:
    """Nothing generated ends in a fault; wrong data is always refused, in the form that was promised."""
    live.set(intake_per_minute=1_000_000, intake_wrong_keys=1_000_000)
    schema = schemathesis.openapi.from_asgi(places.INTAKE_SCHEMA, in_front_of())
    (operation,) = (result.ok() for result in schema.get_all_operations())
    seen: Counter[int] = Counter()

    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    def sends(case: schemathesis.Case) -> None:
        answer = case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {form.key}"})
        seen[answer.status_code] += 1

    sends()
    assert seen.total() >= EXAMPLES
    assert set(seen) <= REFUSED | {201}
    assert set(seen) & REFUSED
    assert form.recorded >= (1 if mode is GenerationMode.POSITIVE else 0)


def test_the_description_is_made_of_the_models_that_judge(form: Form) -> None:
    """Not one shape is copied: a field added to the model stands in the description, and in no second place."""
    told = described(form)
    assert told["openapi"] == "3.1.0"
    shapes = told["components"]["schemas"]
    assert shapes["WebComplaint"]["properties"].keys() == WebComplaint.model_fields.keys()
    assert shapes["WebComplaint"]["required"] == ["words"]
    assert shapes["WebComplaint"]["additionalProperties"] is False
    assert shapes["Recorded"]["properties"].keys() == Recorded.model_fields.keys()
    for name, field in shapes["WebComplaint"]["properties"].items():
        assert field["title"] == WebComplaint.model_fields[name].title


def test_every_reference_in_the_description_leads_somewhere(form: Form) -> None:
    told = described(form)
    found = {text.partition('"')[0] for text in json.dumps(told).split('"$ref": "')[1:]}
    assert found
    for each in found:
        held: Any = told
        for step in each.removeprefix("#/").split("/"):
            held = held[step]


def test_the_description_is_for_anybody_and_tells_nothing_of_the_records(form: Form, live: Live) -> None:
    form.sends()
    told = json.dumps(described(form))
    assert form.name not in told
    assert live.office.settings.council not in told
    for word in (*SENT.values(), "C-2026-"):
        assert word not in told
