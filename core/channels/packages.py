"""An installation in one package: a folder, or one zip file, that is written once, piece by piece, and read again.

Every part is named in the manifest with its SHA-256, and the manifest is sealed with a key, so that a part that was
altered, left out or put in is seen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import BadInput

MANIFEST = "manifest.json"
_PIECE = 1 << 20  # bytes
_NAME = re.compile(r"README\.txt|tables/[a-z_]+\.csv|files/[0-9a-f]{2}/[0-9a-f]{62}|imports/[^/\\\0]+")
_LARGEST_MANIFEST = 1 << 28  # bytes
_PACKED = 3  # zlib's level: what is quick and still takes most of the air out


class PackageWriter:
    """A package in the making. Nothing is there under its own name until `finish`; `abandon` leaves nothing."""

    def __init__(self, target: Path) -> None:
        """Raises BadInput when the target exists or its folder does not."""
        self._target = target.absolute()
        if self._target.exists():
            raise BadInput(f"{target} is there already. An export never overwrites anything: choose a new name.")
        if not self._target.parent.is_dir():
            raise BadInput(f"The folder of {target} does not exist. Make it first, or choose another.")
        self._making = self._target.with_name(f".{self._target.name}.unfinished-{os.getpid()}")
        self.parts: dict[str, dict[str, Any]] = {}
        self._zip: zipfile.ZipFile | None = None
        if self._target.suffix.lower() == ".zip":
            handle = os.open(self._making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(handle, "w+b")
            self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=_PACKED)
        else:
            self._making.mkdir(mode=0o700)

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write one part."""
        digest, size = hashlib.sha256(), 0
        with self._open(name) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.parts[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def finish(self, manifest: dict[str, Any], *, key: bytes) -> None:
        """Write the manifest with its seal, and put the whole in its place."""
        told = {**manifest, "parts": self.parts}
        text = json.dumps({**told, "seal": _seal(told, key)}, ensure_ascii=False, indent=1)
        with self._open(MANIFEST) as out:
            out.write(text.encode())
        if self._zip is not None:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        os.replace(self._making, self._target)

    def abandon(self) -> None:
        """Remove what was written so far; harmless once it is finished."""
        if self._zip is not None:
            self._zip.fp = None  # nothing more is written to it
            self._file.close()
            self._making.unlink(missing_ok=True)
        else:
            shutil.rmtree(self._making, ignore_errors=True)

    def _open(self, name: str) -> Any:
        if self._zip is not None:
            return self._zip.open(name, "w", force_zip64=True)
        place = self._making / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class PackageReader:
    """A package that was finished once, proved by its manifest's seal before anything of it is believed."""

    def __init__(self, source: Path, *, key: bytes) -> None:
        """Raises BadInput for something that is no package, and for one that was altered or made with another key."""
        self._source = source
        self._zip: zipfile.ZipFile | None = None
        if source.is_file():
            try:
                self._zip = zipfile.ZipFile(source)
            except (zipfile.BadZipFile, OSError) as error:
                raise self._not_one() from error
        self.manifest = self._read_manifest()
        sealed = {name: value for name, value in self.manifest.items() if name != "seal"}
        if not hmac.compare_digest(_seal(sealed, key), str(self.manifest.get("seal"))):
            raise BadInput(
                f"{source} was made with another ledger key, or its {MANIFEST} was altered. Put the ledger.key of the "
                "installation it comes from into the data folder here, or set COMPLAINTS_LEDGER_KEY to it."
            )
        self.parts: dict[str, dict[str, Any]] = self.manifest["parts"]
        strange = [name for name in self.parts if not _NAME.fullmatch(name) or ".." in name]
        if strange:
            raise BadInput(f"{source} names a part “{strange[0]}”, which no export holds. Nothing was taken in.")

    def close(self) -> None:
        """Let go of the file."""
        if self._zip is not None:
            self._zip.close()

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part, piece by piece; BadInput at its end when it is not what the manifest says."""
        digest = hashlib.sha256()
        try:
            with self._open(name) as part:
                while piece := part.read(_PIECE):
                    digest.update(piece)
                    yield piece
        except (KeyError, OSError) as error:
            raise BadInput(f"{self._source} lacks {name}. Nothing was taken in. Copy the export again.") from error
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise self._altered(name) from error
        if digest.hexdigest() != self.parts.get(name, {}).get("sha256"):
            raise self._altered(name)

    def check(self, name: str) -> None:
        """BadInput unless a part is there and is what the manifest says."""
        for _piece in self.pieces(name):
            pass

    def _open(self, name: str) -> Any:
        return self._zip.open(name) if self._zip is not None else (self._source / name).open("rb")

    def _read_manifest(self) -> dict[str, Any]:
        try:
            with self._open(MANIFEST) as file:
                told = json.loads(_at_most(file, _LARGEST_MANIFEST))
        except (KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
            raise self._not_one() from error
        if not isinstance(told, dict) or not isinstance(told.get("parts"), dict):
            raise self._not_one()
        return told

    def _not_one(self) -> BadInput:
        return BadInput(
            f"{self._source} is not an export of the console. Give the folder or the .zip file that "
            "`complaints export` made."
        )

    def _altered(self, name: str) -> BadInput:
        return BadInput(
            f"{name} in {self._source} is not what was exported: it was altered or damaged. Nothing was taken in. "
            "Copy the export again from where it was made."
        )


def _at_most(file: BinaryIO, size: int) -> bytes:
    content = file.read(size + 1)
    if len(content) > size:
        raise ValueError("too long")
    return content


def _seal(told: dict[str, Any], key: bytes) -> str:
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, b"export:" + text.encode(), hashlib.sha256).hexdigest()


def bytes_of(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
