"""Numbers for whoever runs the console: how often, never who."""

from __future__ import annotations

from prometheus_client import REGISTRY, Counter, Gauge

SIGN_INS = Counter("complaints_sign_ins_total", "Sign-ins by result", ["result"])
REFUSED = Counter("complaints_refused_requests_total", "Requests refused for want of a session or a right", ["where"])
FAULTS = Counter("complaints_page_faults_total", "Pages that ended with a fault of ours")
INTAKE = Counter("complaints_web_forms_total", "Complaints that web forms sent in, by what became of them", ["result"])
ANSWERS = Counter("complaints_link_answers_total", "What was sent by one-time links, by what became of it", ["result"])
READY = Gauge("complaints_ready", "1 when the database answers and has the newest schema")

__all__ = ["ANSWERS", "FAULTS", "INTAKE", "READY", "REFUSED", "REGISTRY", "SIGN_INS"]
