"""The tables. Importing this package registers every one of them, so that migrations see the whole schema."""

from core.model import complaints, duties, ledger, organisation, people, working

__all__ = ["complaints", "duties", "ledger", "organisation", "people", "working"]
