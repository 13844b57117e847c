"""How the whole suite is shared out between the processes of pytest-xdist: file by file, and a few files together.

What takes seconds to start, a browser with the console it looks at or a sample council, is then started by one process
and not by each; and while one process waits for a browser, the others have the machine.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadFileScheduling

SAMPLE_COUNCIL = frozenset({"test_cli.py", "test_cli_records.py", "test_demo.py"})


class ByFile(LoadFileScheduling):
    """File by file; the browser's in two halves of about one length, so that neither is what everybody waits for."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(str(super()._split_scope(nodeid)))
        if file.parent.name == "browser":
            return "browser, first half" if file.name < "test_n" else "browser, second half"
        return "sample council" if file.name in SAMPLE_COUNCIL else str(file)
