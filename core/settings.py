"""Every setting of an installation, typed, from environment variables named COMPLAINTS_… or a .env file."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One installation's settings; a value that cannot be used stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="COMPLAINTS_", env_file=".env", extra="ignore", frozen=True)

    mode: Literal["demo", "live"] = Field(default="demo", description="demo: a made-up council, loopback only")
    data_dir: Path = Field(default=ROOT / ".data", description="where the database, its key and its files live")
    database_url: str | None = Field(default=None, description="SQLAlchemy address; SQLite in data_dir when empty")
    ledger_key: SecretStr | None = Field(default=None, description="hex key of the ledger; a key file when empty")
    council: str = Field(default="Sample Borough Council", description="the organisation's name on every page")
    search_limit: int = Field(default=1000, ge=100, description="counts above this are shown as 'more than'")

    @cached_property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'complaints.db').as_posix()}"

    @property
    def key_file(self) -> Path:
        """Where the ledger's key lies when no key is set: beside the database, never inside it."""
        return self.data_dir / "ledger.key"
