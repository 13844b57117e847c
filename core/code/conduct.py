"""Posts for complaints, kinds of training and the shared objective. Read once from conduct.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, ClauseKey, Count, Name, Words
from core.permissions import Role

_FILE = "conduct.toml"


class Post(StrEnum):
    """A post for complaints. The words are shown as they are."""

    SENIOR_LEAD = "senior lead"
    MEMBER = "Member responsible for complaints"
    OFFICER = "complaints officer"
    LINK_OFFICER = "link officer"
    ENQUIRIES = "contact for enquiries"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRule:
    """What a post is for, how many may hold it on one day (None: any number), and the clause that asks for it."""

    __pydantic_config__ = STRICT

    post: Post
    help: Words
    clause: ClauseKey
    most: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingKind:
    """One kind of training: for which roles, and after how many months again (None: once is enough)."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    roles: tuple[Role, ...]
    clause: ClauseKey
    refresh: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectivePart:
    """One of the parts of the objective that everyone concerned shares, in our own words."""

    __pydantic_config__ = STRICT

    key: Name
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ConductLimits:
    """Months for which an acknowledged objective holds, and days for which a refresher shows as due soon."""

    __pydantic_config__ = STRICT

    key: Name
    objective_months: Count
    soon_days: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """All of it, each by its key and in the order of the file."""

    limits: ConductLimits
    posts: Mapping[Post, PostRule]
    training: Mapping[str, TrainingKind]
    objective: Mapping[str, ObjectivePart]


def load_conduct(folder: Path) -> Conduct:
    """The posts, kinds of training and parts of the objective; raises CatalogueBroken for what does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits", "post", "training", "objective"))
    posts = shaped(tables["post"], file=_FILE, table="post", shape=PostRule, name="post")
    if set(posts) != set(Post):
        raise CatalogueBroken(f"{_FILE}: each post stands once under [[post]]. Add the one that is missing.")
    return Conduct(
        limits=_limits(tables["limits"]),
        posts=MappingProxyType({Post(name): rule for name, rule in posts.items()}),
        training=MappingProxyType(shaped(tables["training"], file=_FILE, table="training", shape=TrainingKind)),
        objective=MappingProxyType(shaped(tables["objective"], file=_FILE, table="objective", shape=ObjectivePart)),
    )


def _limits(table: Any) -> ConductLimits:
    if not isinstance(table, Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    return shaped([{"key": "limits", **table}], file=_FILE, table="limits", shape=ConductLimits)["limits"]


CONDUCT = load_conduct(Path(__file__).parent)
