"""Where files lie: in a folder of this installation, or in an object store that several machines share.

Both keep bytes under their SHA-256 and hand them out again with the same calls. The object store's library is an
extra: `pip install complaints-console[objects]`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from core.channels.files import FileStore
from core.channels.packages import bytes_of
from core.errors import BadInput, NotFound, NotReady
from core.settings import Settings

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ASIDE = "leaving/"
_ONE_TRY, _ALL_TRIES, _TRIES = "30s", timedelta(seconds=40), 3
_AWAY = (
    "The files cannot be reached at the moment. Nothing was saved. Try again in a minute; "
    "if it stays, tell your administrator."
)


def file_store(settings: Settings) -> FileStore | ObjectFiles:
    """Where the files of this installation lie; NotReady when the store that is named cannot be used."""
    return ObjectFiles(settings.files_url) if settings.files_url else FileStore(settings.files)


def every_file(settings: Settings) -> Iterator[tuple[str, Callable[[], Iterable[bytes]]]]:
    """Each kept file by its digest, wherever the files of this installation lie, and what reads it piece by piece.

    Reading raises FileNotFoundError or NotFound for one that was removed meanwhile.
    """
    store = file_store(settings)
    if isinstance(store, ObjectFiles):
        for digest in sorted(store.older(datetime.max.replace(tzinfo=UTC))):
            yield digest, partial(_whole, store, digest)
        return
    for path in sorted(settings.files.glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 62)):
        yield path.parent.name + path.name, partial(_piece_by_piece, path)


def _whole(store: ObjectFiles, digest: str) -> list[bytes]:
    with store.open(digest) as stream:
        return [stream.read()]


def _piece_by_piece(path: Path) -> Iterator[bytes]:
    path.stat()
    return bytes_of(path)


class ObjectFiles:
    """The bytes of evidence in an object store, each under its SHA-256, as `FileStore` keeps them in a folder."""

    def __init__(self, address: str) -> None:
        self._store = _opened(address)

    def put(self, content: bytes, sha256: str) -> None:
        """Keep the bytes; they are there for good when this returns [lgsco:5.8].

        Putting the same again is harmless and makes it young. Raises BadInput for something that is no SHA-256,
        RuntimeError when it is not that of the content, and NotReady when the store is away.
        """
        place = _place(sha256)
        if hashlib.sha256(content).hexdigest() != sha256.lower():
            raise RuntimeError("The digest given is not that of the content.")
        with _plainly():
            self._store.put(place, content)

    def open(self, sha256: str) -> io.BufferedReader:
        """The bytes as a stream that the caller closes; nothing is verified.

        Raises BadInput for something that is no SHA-256, NotFound when they are not there, NotReady when the store is
        away.
        """
        for place in (_place(sha256), _ASIDE + _place(sha256)):
            with contextlib.suppress(FileNotFoundError), _plainly():
                return io.BufferedReader(io.BytesIO(bytes(self._store.get(place).bytes())))
        raise NotFound("The file is no longer in the store of files. Ask an administrator to restore it.")

    def verify(self, sha256: str) -> bool:
        """Whether the bytes still have the SHA-256 they were kept under. Raises as `open` does."""
        with self.open(sha256) as stream:
            return hashlib.sha256(stream.read()).hexdigest() == sha256.lower()

    def older(self, before: datetime, *, aside: bool = False) -> Iterator[str]:
        """The SHA-256 of each file that was last put before a moment, or last put aside before it."""
        with _plainly():
            for batch in self._store.list(prefix=_ASIDE if aside else None):
                for each in batch:
                    digest = each["path"].removeprefix(_ASIDE if aside else "").replace("/", "")
                    if _DIGEST.fullmatch(digest) and each["last_modified"] < before:
                        yield digest

    def put_aside(self, sha256: str) -> None:
        """Move a file to where only `open` still finds it."""
        with contextlib.suppress(FileNotFoundError), _plainly():  # another process of this installation is at it
            self._store.rename(_place(sha256), _ASIDE + _place(sha256))

    def put_back(self, sha256: str) -> None:
        """Move a file from there to its place."""
        with contextlib.suppress(FileNotFoundError), _plainly():
            self._store.rename(_ASIDE + _place(sha256), _place(sha256))

    def remove(self, sha256: str) -> None:
        """Remove a file that was put aside."""
        with contextlib.suppress(FileNotFoundError), _plainly():
            self._store.delete(_ASIDE + _place(sha256))


def _place(sha256: str) -> str:
    if not _DIGEST.fullmatch(sha256.lower()):
        raise BadInput("This is not the reference of a file. Open the file from its case.")
    return f"{sha256[:2].lower()}/{sha256[2:].lower()}"


@lru_cache(maxsize=8)
def _opened(address: str) -> Any:
    """The store at an address, with its connections; NotReady when there is none, or no library for it."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise NotReady(
            "COMPLAINTS_FILES_URL names an object store. Install the library for it: complaints-console[objects]."
        ) from error
    patience: dict[str, Any] = {"retry_config": {"max_retries": _TRIES, "retry_timeout": _ALL_TRIES}}
    if not address.startswith(("memory:", "file:")):
        patience["client_options"] = {"timeout": _ONE_TRY}
    try:
        return from_url(address, **patience)
    except (BaseError, ValueError, TypeError) as error:
        raise NotReady(
            "COMPLAINTS_FILES_URL is no address of an object store. Give it as s3://bucket/folder."
        ) from error


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """A store that is away or refuses said as a sentence; a file that is not there passes through."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise NotReady(_AWAY) from error
