"""What is owed on no complaint, on Home: requests for own data, and holds on service requests."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app.ui import badge, places
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries.beside import Beside, owed_beside
from core.words import day_words


def owed(here: Desk) -> None:
    """What is due within a week or late, to whoever may see to it; nothing where there is none."""
    if not (here.may(Permission.DISCLOSE) or here.may(Permission.RETAIN)):
        return
    today = here.office.today(here.office.now())
    for each in here.ask(owed_beside, until=today + timedelta(weeks=1)):
        near = f"by {day_words(each.act_by)} {badge.due(each.soon)}"
        if each.kind is Beside.OWN_DATA:
            label, query = f"**{one_line(each.named)}** · answer {near}", {"show": str(each.number)}
            st.page_link(places.page(places.SUBJECT_ACCESS), label=label, query_params=query)
        else:
            label, query = f"**Hold on {one_line(each.named)}** · review {near}", {"ref": each.named}
            st.page_link(places.page(places.REQUESTS), label=label, query_params=query)
