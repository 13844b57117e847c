"""Files in an object store: the same calls as a folder's, in memory, on the disk, and where the store is away."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import leftovers
from core.channels import file_stores
from core.channels.bundle_files import FetchedFiles, bundle_zip
from core.channels.file_stores import ObjectFiles, file_store
from core.channels.files import FileStore
from core.errors import BadInput, NotFound, NotReady
from core.evidence import add_evidence
from core.settings import Settings
from tests.builders import Story

CONTENT = b"Dear council, the bin has not come.\n"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_store_left() -> Iterator[None]:
    """A store in memory lasts as long as its connections are kept."""
    file_stores._opened.cache_clear()
    yield
    file_stores._opened.cache_clear()


@pytest.fixture(params=["folder", "memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore | ObjectFiles:
    """Each kind of store, as the settings choose it."""
    address = {"folder": "", "memory": "memory:///", "disk": tmp_path.as_uri()}[request.param]
    return file_store(Settings(_env_file=None, data_dir=tmp_path / "data", files_url=address))


def test_bytes_come_back_as_they_were_put_and_twice_is_once(store: FileStore | ObjectFiles) -> None:
    for _time in range(2):
        store.put(CONTENT, DIGEST)
    with store.open(DIGEST.upper()) as stream:
        assert (stream.read(4), stream.read()) == (CONTENT[:4], CONTENT[4:])
    assert store.verify(DIGEST)


def test_what_cannot_be_kept_or_found_is_refused_alike(store: FileStore | ObjectFiles) -> None:
    with pytest.raises(RuntimeError, match="not that of the content"):
        store.put(CONTENT + b"x", DIGEST)
    with pytest.raises(NotFound, match="Ask an administrator"):
        store.open(DIGEST)
    for wrong in ("", "../../etc/passwd", DIGEST[:-1], DIGEST + "0", "leaving/" + DIGEST[8:]):
        with pytest.raises(BadInput):
            store.open(wrong)


def test_a_damaged_file_is_noticed_in_an_object_store() -> None:
    store = ObjectFiles("memory:///")
    store.put(CONTENT, DIGEST)
    store._store.put(f"{DIGEST[:2]}/{DIGEST[2:]}", b"something else")
    assert not store.verify(DIGEST)


@pytest.mark.parametrize("address", ["nonsense://x", "s3://", "bucket"])
def test_an_address_that_cannot_be_right_names_its_setting(address: str) -> None:
    with pytest.raises(NotReady, match="COMPLAINTS_FILES_URL"):
        ObjectFiles(address)


def test_a_store_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there; no name of a bucket or a key stands in the sentence."""
    told = {"ENDPOINT_URL": "http://127.0.0.1:9", "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "x"}
    for name, value in told.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    store = ObjectFiles("s3://evidence/of-the-council")
    for call in (lambda: store.put(CONTENT, DIGEST), lambda: store.open(DIGEST), lambda: list(store.older(_now()))):
        with pytest.raises(NotReady, match=r"^The files cannot be reached at the moment\. Nothing was saved\. "):
            call()


def _now() -> datetime:
    return datetime.now(UTC)


# ------------------------------------------------------------------------------------------------------- left over


@pytest.fixture
def objects(story: Story) -> ObjectFiles:
    """The story's office keeps its files in an object store from now on, and its clock is that of the store."""
    story.office.settings = story.office.settings.model_copy(update={"files_url": "memory:///"})
    return ObjectFiles("memory:///")


def later(story: Story, **by: float) -> None:
    """Let the office's clock be so much after this moment."""
    story.clock.now = _now() + timedelta(**by)


def is_there(objects: ObjectFiles) -> bool:
    """Whether the file can be opened."""
    try:
        objects.open(DIGEST).close()
    except NotFound:
        return False
    return True


def test_what_nobody_recorded_goes_a_day_after_it_was_put_aside(story: Story, objects: ObjectFiles) -> None:
    days = story.office.settings.leftover_days
    objects.put(CONTENT, DIGEST)
    later(story, days=days - 1)
    assert leftovers.remove_leftovers(story.office) == 0
    assert list(objects.older(_now() + SOON)) == [DIGEST]
    later(story, days=days + 1)
    assert leftovers.remove_leftovers(story.office) == 0  # put aside, a moment ago by the store's own clock
    assert list(objects.older(_now() + SOON)) == [] and is_there(objects)
    assert leftovers.remove_leftovers(story.office) == 1
    assert not is_there(objects)


def test_a_file_that_a_record_names_meanwhile_goes_back(story: Story, objects: ObjectFiles) -> None:
    reference = story.record()
    objects.put(CONTENT, DIGEST)
    objects.put_aside(DIGEST)
    add_evidence(story.desks.handler, reference, name="letter.txt", content=CONTENT)
    later(story, days=story.office.settings.leftover_days + 2)
    for _turn in range(2):
        assert leftovers.remove_leftovers(story.office) == 0
    assert list(objects.older(_now() + SOON)) == [DIGEST]
    assert list(objects.older(_now() + SOON, aside=True)) == []


def test_a_bundle_is_made_of_files_in_an_object_store_and_kept_there(objects: ObjectFiles, tmp_path: Path) -> None:
    """A child reads them by their paths: copies that go again; the zip and its digest are the store's."""
    content = b"A letter from somebody"
    digest = hashlib.sha256(content).hexdigest()
    objects.put(content, digest)
    fetched = FetchedFiles(tmp_path, objects)
    sha256, size = bundle_zip(fetched, {"letter.txt": fetched.path(digest)}, "Read me")
    kept = objects.open(sha256).read()
    assert (len(kept), hashlib.sha256(kept).hexdigest()) == (size, sha256)
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert archive.read("letter.txt") == content
    with pytest.raises(NotFound):
        fetched.path("0" * 64)
