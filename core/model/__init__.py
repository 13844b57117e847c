"""The tables. Importing this package registers every one of them, so that migrations see the whole schema."""

from core.model import access, complaints, duties, evidence, ledger, organisation, people, working

__all__ = ["access", "complaints", "duties", "evidence", "ledger", "organisation", "people", "working"]
