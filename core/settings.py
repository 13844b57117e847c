"""Every setting of an installation, typed, from environment variables named COMPLAINTS_… or a .env file."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.permissions import Role

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One installation's settings; a value that cannot be used stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="COMPLAINTS_", env_file=".env", extra="ignore", frozen=True)

    mode: Literal["demo", "live"] = Field(default="demo", description="demo: a made-up council, loopback only")
    data_dir: Path = Field(default=ROOT / ".data", description="where the database, its key and its files live")
    database_url: str | None = Field(default=None, description="SQLAlchemy address; SQLite in data_dir when empty")
    database_connections: int = Field(
        default=15, ge=2, le=500, description="connections to PostgreSQL that one process opens at most"
    )
    database_statement_seconds: int = Field(
        default=60, ge=5, le=3600, description="seconds until PostgreSQL cuts a statement short"
    )
    database_lock_seconds: int = Field(default=30, ge=1, le=600, description="seconds of waiting for somebody's change")
    database_idle_seconds: int = Field(
        default=120, ge=10, le=3600, description="seconds until PostgreSQL ends a transaction in which nothing happens"
    )
    ledger_key: SecretStr | None = Field(default=None, description="hex key of the ledger; a key file when empty")
    council: str = Field(default="Sample Borough Council", description="the organisation's name on every page")
    population: int = Field(default=0, ge=0, description="residents, for figures per 1,000 of them; left out if 0")
    search_limit: int = Field(default=1000, ge=100, description="counts above this are shown as 'more than'")

    # The address and the way in.
    base_url: str = Field(default="http://127.0.0.1:8501", description="the console's own address, as people type it")
    https: bool = Field(default=False, description="a web server with TLS stands in front: Secure cookies and HSTS")
    idle_minutes: int = Field(default=30, ge=1, le=480, description="minutes without activity until a session ends")
    session_hours: int = Field(default=12, ge=1, le=24, description="hours until a session ends in any case")
    link_hours: int = Field(default=72, ge=1, le=720, description="hours for which a one-time link works")
    tries_window_minutes: int = Field(default=15, ge=1, description="minutes over which wrong sign-ins are counted")
    tries_per_person: int = Field(default=10, ge=3, description="wrong sign-ins of one name from one address")
    tries_per_address: int = Field(default=40, ge=3, description="wrong sign-ins from one address")
    tries_per_account: int = Field(default=100, ge=3, description="wrong sign-ins of one name from anywhere")
    second_factor_required: bool = Field(default=False, description="nobody works without a second factor")

    # Single sign-on, when an identity provider is named.
    sso_metadata_url: str | None = Field(default=None, description="the provider's OpenID configuration document")
    sso_client_id: str = Field(default="", description="the name this console has at the provider")
    sso_client_secret: SecretStr | None = Field(default=None, description="the secret that goes with it")
    sso_name: str = Field(default="single sign-on", description="what the sign-in page calls it")
    sso_groups_claim: str = Field(default="groups", description="the claim that lists a person's groups")
    sso_roles: dict[str, str] = Field(default_factory=dict, description="group to role, as JSON; empty maps nobody")

    # A web server that has authenticated the person already.
    proxy_secret: SecretStr | None = Field(default=None, min_length=32, description="shared with that server alone")

    # Web forms of the council that send complaints in.
    intake_per_minute: int = Field(default=120, ge=1, description="complaints a minute that one web form may send")
    intake_wrong_keys: int = Field(
        default=20, ge=1, description="wrong keys, calendars or links, a minute from one address"
    )

    # A mailbox that is looked into, when a host is named.
    imap_host: str = Field(
        default="", description="the mail server of the complaints mailbox; none is looked into if empty"
    )
    imap_port: int = Field(default=993, ge=1, le=65535, description="its port for IMAP over TLS")
    imap_user: str = Field(default="", description="the name the mailbox is opened with")
    imap_password: SecretStr | None = Field(default=None, description="the password that goes with it")
    imap_folder: str = Field(default="INBOX", description="the folder that is looked into")
    imap_done_folder: str = Field(default="", description="where messages are moved once kept; marked as read if empty")
    imap_ca_file: Path | None = Field(default=None, description="certificates to trust besides the system's")
    imap_every_minutes: int = Field(default=5, ge=1, le=1440, description="minutes between two looks")

    # Evidence and metrics.
    file_megabytes: int = Field(default=25, ge=1, le=60, description="the largest evidence file")
    files_url: str = Field(
        default="", description="an object store for files, such as s3://bucket/folder; a folder in data_dir when empty"
    )
    leftover_days: int = Field(default=90, ge=1, description="days until a file that no record refers to is removed")
    clamd: str | None = Field(default=None, description="host:port or unix:/path of a clamd that scans evidence")
    metrics_token: SecretStr | None = Field(
        default=None, min_length=32, description="opens /ops/metrics; closed if empty"
    )

    # Letters by e-mail: through the council's mail server when one is named, or else through GOV.UK Notify.
    smtp_host: str | None = Field(default=None, description="the council's mail server")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        default="starttls", description="tls from the first byte, starttls, or none on this machine alone"
    )
    smtp_user: str = Field(default="", description="the name to sign in with there; empty for no sign-in")
    smtp_password: SecretStr | None = Field(default=None, description="the password that goes with it")
    smtp_sender: str = Field(
        default="", description="the address letters come from, such as complaints@council.example"
    )
    smtp_authority: Path | None = Field(default=None, description="certificates to trust, where its own is not public")
    notify_api_key: SecretStr | None = Field(default=None, description="an API key of the council's service at Notify")
    notify_template_id: str = Field(default="", description="the template letters go through")
    notify_url: str = Field(default="https://api.notifications.service.gov.uk", description="where Notify is")
    tick_seconds: int = Field(
        default=20, ge=0, le=3600, description="seconds between looks at what is due; 0 for never"
    )

    # Reminders to colleagues, by the same way as letters.
    reminders: bool = Field(default=True, description="colleagues are reminded by e-mail of what is due")
    reminders_from: int = Field(default=7, ge=0, le=23, description="the hour of the day, in London, they go from")
    reminder_domains: str = Field(
        default="", description="the domains they go to, such as council.example, with commas; the sender's if empty"
    )

    @field_validator("smtp_sender")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s<>,;]+@[A-Za-z0-9.-]+", value):
            raise ValueError("The sender is one e-mail address, such as complaints@council.example.")
        return value

    @field_validator("sso_roles")
    @classmethod
    def _known_roles(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value.values()) - {role.value for role in Role})
        if unknown:
            raise ValueError(
                f"There is no role {unknown[0]!r}. The roles are: {', '.join(role.value for role in Role)}."
            )
        return value

    @cached_property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'complaints.db').as_posix()}"

    @property
    def single_sign_on(self) -> bool:
        """Whether an identity provider is set up."""
        return bool(self.sso_metadata_url and self.sso_client_id and self.sso_client_secret)

    @property
    def reminded_domains(self) -> frozenset[str]:
        """The domains that reminders go to, and no other: those named, or the sender's own."""
        named = self.reminder_domains or self.smtp_sender.rpartition("@")[2]
        return frozenset(each.strip().lower() for each in named.split(",") if each.strip())

    @property
    def sends_by_smtp(self) -> bool:
        """Whether a mail server is set up."""
        return bool(self.smtp_host and self.smtp_sender)

    @property
    def sends_by_notify(self) -> bool:
        """Whether a service at Notify is set up."""
        return bool(self.notify_api_key and self.notify_template_id)

    @property
    def files(self) -> Path:
        """Where evidence lies, by its digest."""
        return self.data_dir / "files"

    @property
    def key_file(self) -> Path:
        """Where the ledger's key lies when no key is set: beside the database, never inside it."""
        return self.data_dir / "ledger.key"
