"""A bundle as files: one PDF made in a bounded process, and a zip of it with the originals that anybody can verify.

The same bundle gives the same bytes. Whatever is wrong is `BadInput` naming the next step.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.channels.bounded import Limits, Stopped, Workers, refusal
from core.channels.file_stores import ObjectFiles, file_store
from core.channels.files import FileStore, sync_folder
from core.errors import BadInput, NotFound
from core.letters.bundles import BundleDocument
from core.settings import Settings

LIMITS = Limits(memory=3_000_000_000, cpu=300, seconds=300, file_size=2_000_000_000, answer=1_000_000, jobs=1)
MOST_APPENDED = 300_000_000
"""Bytes of all PDFs whose pages follow the text; past them the originals in the zip must do."""
TOO_LONG = "The bundle took too much time or memory, so it was stopped. Make it without the largest documents."
PDF_NAME, MANIFEST, README = "bundle.pdf", "manifest.sha256", "README.txt"
_WORKERS = Workers(Path(__file__).with_name("bundle_child.py"), LIMITS, most=1)
_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
_FILE_OF_THE_OWNER = 0o100600 << 16


def bundle_pdf(document: BundleDocument, held: Mapping[int, Path], out: Path) -> dict[int, str]:
    """Write a bundle's PDF; the answer says which documents' pages did not follow, by number, and why [lgsco:5.8].

    `held` are the PDFs whose pages are to follow, by the number of their document. The own pages are tagged (PDF/UA-1);
    a document's pages come as they are. Raises BadInput when it takes too much.
    """
    told = {"bundle": document.model_dump(mode="json"), "append": {str(n): str(path) for n, path in held.items()}}
    try:
        answer = _WORKERS.ask({**told, "out": str(out)})
    except Stopped as error:
        raise BadInput(TOO_LONG) from error
    if refused := refusal(answer):
        raise refused
    return {int(number): why for number, why in answer["left_out"].items()}


def bundle_zip(store: BundleStore, files: Mapping[str, Path], readme: str) -> tuple[str, int]:
    """Keep a zip of files by their names in it, with a manifest and a README; its digest and its size in bytes.

    The manifest is what `sha256sum -c` reads. Names, order and times depend on nothing but what is given.
    """
    place = store.begun()
    try:
        with zipfile.ZipFile(place, "w") as archive:
            _write(archive, README, readme.encode())
            digests = [(hashlib.sha256(readme.encode()).hexdigest(), README)]
            for name in sorted(files):
                digests.append((_copied(archive, name, files[name]), name))
            _write(archive, MANIFEST, "".join(f"{digest}  {name}\n" for digest, name in digests).encode())
        return store.adopt(place)
    finally:
        place.unlink(missing_ok=True)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _SAME_MOMENT)
    entry.create_system, entry.external_attr, entry.compress_type = 3, _FILE_OF_THE_OWNER, compression
    return entry


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), content)


def _copied(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file in as it is: evidence is nearly always packed already."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        entry = _entry(name, zipfile.ZIP_STORED)
        entry.file_size = path.stat().st_size
        with archive.open(entry, "w") as into:
            shutil.copyfileobj(source, into, 1 << 20)
    return digest


class BundleStore(FileStore):
    """The folder of kept files, for one that is too large to be held in memory while it is made."""

    def begun(self) -> Path:
        """An empty file to write into, which is cleared away like every other half of a file when the machine stops."""
        folder = self._folder / "00"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=".unfinished-", dir=folder)
        open(handle, "wb").close()  # noqa: SIM115
        return Path(unfinished)

    def adopt(self, unfinished: Path) -> tuple[str, int]:
        """Keep a finished file under its digest, on the disk; its digest and its size in bytes."""
        with unfinished.open("r+b") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = unfinished.stat().st_size
        place = self._place(digest)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.replace(place)
        for folder in (place.parent, self._folder, self._folder.parent):
            sync_folder(folder)
        return digest, size


class FetchedFiles(BundleStore):
    """Kept files of an object store, each as a copy in a folder of its own once it is asked for."""

    def __init__(self, folder: Path, store: ObjectFiles) -> None:
        super().__init__(folder)
        self._store = store

    def path(self, sha256: str) -> Path:
        """A copy of the bytes with this SHA-256. Raises as the store does."""
        with contextlib.suppress(NotFound):
            return super().path(sha256)
        with self._store.open(sha256) as stream:
            return self.put(stream.read(), sha256)

    def adopt(self, unfinished: Path) -> tuple[str, int]:
        """Keep a finished file in the store; its digest and its size in bytes."""
        digest, size = super().adopt(unfinished)
        self._store.put(super().path(digest).read_bytes(), digest)
        return digest, size


@contextlib.contextmanager
def files_at_hand(settings: Settings) -> Iterator[BundleStore]:
    """The kept files as files of a folder, as a child process reads them; NotReady when a store cannot be used."""
    store = file_store(settings)
    if not isinstance(store, ObjectFiles):
        yield BundleStore(settings.files)
        return
    with tempfile.TemporaryDirectory(prefix="files-") as folder:
        yield FetchedFiles(Path(folder), store)
