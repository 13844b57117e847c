"""Small numbers held back, so that nobody is picked out: what a table with totals may show, and how it reads.

A count from 1 to below the limit reads "fewer than 5". Nought is shown: it is nobody. Where a hidden count could be
worked out from a total, or narrowed, more is held back until it cannot. A table is seen as a circulation: each cell
flows from its row to its column and back through the totals. What a reader who knows these rules can still conclude
about a hidden cell is then how far its flow can go up and down, exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush

from core.words import share

Place = tuple[int, int]
Node = tuple[str, int]
_ENDLESS = 10**12  # house: more than any count, no period


class Hidden(StrEnum):
    """Why a number is not there: it is small, or a small one could be worked out from it."""

    FEW = "few"
    HELD = "held back"


Shown = int | Hidden


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it may be shown: its cells, the total of each row and of each column, and the total of all.

    Where only rows have totals, `column_totals` is empty and `total` is None: neither may be shown beside it.
    """

    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...]
    column_totals: tuple[Shown, ...]
    total: Shown | None


def words(shown: Shown, *, fewest: int) -> str:
    """How a count reads: "1,204", "fewer than 5", or "not shown"."""
    if isinstance(shown, Hidden):
        return f"fewer than {fewest}" if shown is Hidden.FEW else "not shown"
    return f"{shown:,}"


def one(count: int, *, fewest: int) -> Shown:
    """A count that stands by itself [lgsco:9.6]."""
    return Hidden.FEW if 0 < count < fewest else count


def share_shown(part: Shown, whole: Shown) -> str:
    """The share of two counts, where both are shown: it then tells nothing more than they do [lgsco:9.6]."""
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return words(Hidden.HELD, fewest=0)
    return share(part, whole)


def row(counts: Sequence[int], *, fewest: int, known: Collection[int] = ()) -> tuple[tuple[Shown, ...], Shown]:
    """Counts that make a total shown with them, and the total [lgsco:9.6].

    `known` are the places of counts that readers have from elsewhere, the total coming last: those stay as they are.
    Everything is held back where that leaves a small one to be worked out.
    """
    circulation = _Circulation.of([counts], fewest=fewest, columns_shown=False)
    circulation.fixed = frozenset((0, at) for at in known)
    circulation.protect()
    columns = len(counts)
    return tuple(circulation.shown((0, to)) for to in range(columns)), circulation.shown((0, columns))


def table(counts: Sequence[Sequence[int]], *, fewest: int, columns_shown: bool = True) -> Table:
    """Counts in rows and columns, with totals both ways, or of the rows alone [lgsco:9.6].

    Nobody can tell which of 1 to below the limit a hidden count is; of what is held back beside it, at least as many
    values stay possible. A table in which that cannot be reached shows nothing.
    """
    circulation = _Circulation.of(counts, fewest=fewest, columns_shown=columns_shown)
    circulation.protect()
    rows, columns = len(counts), len(counts[0]) if counts else 0
    return Table(
        cells=tuple(tuple(circulation.shown((at, to)) for to in range(columns)) for at in range(rows)),
        row_totals=tuple(circulation.shown((at, columns)) for at in range(rows)),
        column_totals=tuple(circulation.shown((rows, to)) for to in range(columns)) if columns_shown else (),
        total=circulation.shown((rows, columns)) if columns_shown else None,
    )


def beside_totals(counts: Sequence[Sequence[int]], *, fewest: int) -> Table | None:
    """A table whose column totals are shown elsewhere as well, so none of them may be hidden in it or there.

    None where they cannot all be shown: the table is then left out [lgsco:9.6]. Where they are all shown, none of them
    is small, so they protect themselves elsewhere and the total of all is shown as well.
    """
    protected = table(counts, fewest=fewest)
    return None if any_hidden(protected.column_totals) else protected


def over(
    counts: Sequence[Sequence[int]],
    shown: Sequence[tuple[Sequence[Shown], Shown]],
    *,
    fewest: int,
    known: Collection[int] = (),
    free: Collection[int] = (),
) -> tuple[tuple[Shown, ...], Shown]:
    """What a year may show beside its quarters: each count of the year, and their total [lgsco:9.6].

    A quarter stays as it is shown, because readers have had it: `shown` has its counts and their total. So only the
    year gives way; where that does not help, nothing of the year is shown. `known` are the places in the year that
    readers have from elsewhere, the total coming last. `free` are columns of which nothing is told and which are no
    count of their own, such as all that has no name.
    """
    circulation = _Circulation.beside(counts, shown, fewest=fewest)
    circulation.fixed |= {(len(counts), at) for at in known}
    circulation.set_free(free)
    circulation.protect()
    rows, columns = len(counts), len(counts[0])
    return tuple(circulation.shown((rows, to)) for to in range(columns)), circulation.shown((rows, columns))


@dataclass(slots=True)
class _Circulation:
    """The table with its totals as flows between rows and columns, and what of it is hidden.

    `fixed` stays as it is. Of what is `loose` nothing is told, not even that it is no small number; what is `free`
    is loose and needs no protection itself. `near` are the flows that meet in a row or a column.
    """

    flows: dict[Place, int]
    ends: Mapping[Place, tuple[Node, Node]]
    unpublished: frozenset[Place]
    fewest: int
    hidden: dict[Place, Hidden]
    fixed: frozenset[Place] = frozenset()
    loose: frozenset[Place] = frozenset()
    free: frozenset[Place] = frozenset()
    near: dict[Node, list[tuple[Place, int, Node]]] = field(default_factory=dict)
    withheld: bool = False

    def __post_init__(self) -> None:
        for place, (tail, head) in self.ends.items():
            self.near.setdefault(tail, []).append((place, 1, head))
            self.near.setdefault(head, []).append((place, -1, tail))

    @classmethod
    def of(cls, counts: Sequence[Sequence[int]], *, fewest: int, columns_shown: bool) -> _Circulation:
        rows, columns = len(counts), len(counts[0]) if counts else 0
        flows = {(at, to): counts[at][to] for at in range(rows) for to in range(columns)}
        flows |= {(at, columns): sum(counts[at]) for at in range(rows)}
        flows |= {(rows, to): sum(row[to] for row in counts) for to in range(columns)}
        flows[rows, columns] = sum(map(sum, counts))
        ends = {place: _ends(place, rows, columns) for place in flows}
        unpublished = {place for place in flows if place[0] == rows} if not columns_shown else set()
        few = {place: Hidden.FEW for place, count in flows.items() if 0 < count < fewest and place not in unpublished}
        return cls(flows, ends, frozenset(unpublished), fewest, few)

    @classmethod
    def beside(
        cls, counts: Sequence[Sequence[int]], shown: Sequence[tuple[Sequence[Shown], Shown]], *, fewest: int
    ) -> _Circulation:
        """Rows that are shown already, above their sums."""
        found = cls.of(counts, fewest=fewest, columns_shown=True)
        known = {(at, to): each for at, (cells, total) in enumerate(shown) for to, each in enumerate((*cells, total))}
        sums = {place: why for place, why in found.hidden.items() if place not in known}
        found.hidden = sums | {place: each for place, each in known.items() if isinstance(each, Hidden)}
        found.fixed = frozenset(known)
        found.loose = frozenset(
            place for place in known if all(each is Hidden.HELD for each in (*shown[place[0]][0], shown[place[0]][1]))
        )
        return found

    def set_free(self, columns: Collection[int]) -> None:
        """Of these columns nothing is told, in no row and not in their sum."""
        self.free = frozenset(place for place in self.flows if place[1] in {*columns})
        self.loose |= self.free
        self.hidden |= dict.fromkeys(self.free, Hidden.HELD)

    def protect(self) -> None:
        """Hold back as little as leaves every hidden number open, or everything."""
        while (unsafe := self.unsafe()) is not None:
            if not self.widen(*unsafe):
                self.withhold()
                return

    def shown(self, place: Place) -> Shown:
        if self.withheld:
            return Hidden.HELD
        return self.hidden.get(place, self.flows[place])

    def withhold(self) -> None:
        """Nothing is shown, and everything reads the same."""
        self.withheld = True

    def unsafe(self) -> tuple[Place, int] | None:
        """A hidden cell of which too little is open, and the way it has to go: 1 for up, -1 for down."""
        for place, why in self.hidden.items():
            flow = self.flows[place]
            if place in self.free or (place in self.loose and not flow):
                continue  # it is nobody, or any number of kinds
            up, down = self.fewest - 1 - flow, flow - 1
            if why is Hidden.HELD:
                down = min(flow - self._least(place), self.fewest - 2)
                up = self.fewest - 2 - self._reach(place, -1, down)
            for way, needed in ((1, up), (-1, down if why is Hidden.FEW else 0)):
                if self._reach(place, way, needed) < needed:
                    return place, way
        return None

    def widen(self, place: Place, way: int) -> bool:
        """Hold back the fewest numbers that let this cell go further that way; False when nothing does."""
        flows = dict(self.flows)
        self._push(flows, place, way, _ENDLESS)
        more = [each for each in self._cheapest(flows, place, way) if each not in self.hidden]
        self.hidden |= {each: Hidden.HELD for each in more if each not in self.unpublished}
        return bool(more)

    def _reach(self, place: Place, way: int, enough: int) -> int:
        return self._push(dict(self.flows), place, way, enough)

    def _push(self, flows: dict[Place, int], place: Place, way: int, enough: int) -> int:
        """Change a cell by as much as the hidden ones around it allow, and how much that was."""
        moved = 0
        while moved < enough:
            path = self._path(flows, place, way)
            if not path:
                break
            step = min(enough - moved, *(self._slack(flows, each, to) for each, to in path))
            for each, to in path:
                flows[each] += to * step
            moved += step
        return moved

    def _path(self, flows: dict[Place, int], place: Place, way: int) -> list[tuple[Place, int]]:
        """The shortest way round through hidden cells that makes up for a change of one; empty without one."""
        begin, goal = self._round(place, way)
        came: dict[Node, tuple[Node, Place, int]] = {}
        waiting = deque([begin])
        while waiting:
            node = waiting.popleft()
            for each, to, there in self._steps(node, place):
                if there not in came and there != begin and self._slack(flows, each, to) > 0:
                    came[there] = (node, each, to)
                    waiting.append(there)
        return _traced(came, goal)

    def _cheapest(self, flows: dict[Place, int], place: Place, way: int) -> list[Place]:
        """The way round whose numbers, not hidden yet, are smallest together."""
        begin, goal = self._round(place, way)
        came: dict[Node, tuple[Node, Place, int]] = {}
        best = {begin: 0}
        heap = [(0, begin)]
        while heap:
            cost, node = heappop(heap)
            if cost > best[node]:
                continue
            for each, to, there in self._steps(node, place):
                further = cost + self._cost(flows, each, to)
                if further < best.get(there, _ENDLESS):
                    best[there], came[there] = further, (node, each, to)
                    heappush(heap, (further, there))
        return [each for each, _way in _traced(came, goal)]

    def _round(self, place: Place, way: int) -> tuple[Node, Node]:
        tail, head = self.ends[place]
        return (head, tail) if way > 0 else (tail, head)

    def _steps(self, node: Node, without: Place) -> Iterator[tuple[Place, int, Node]]:
        yield from (step for step in self.near.get(node, ()) if step[0] != without)

    def _slack(self, flows: dict[Place, int], place: Place, way: int) -> int:
        """How far a reader must think it possible that a hidden number lies the one way or the other."""
        why = self.hidden.get(place)
        if place in self.unpublished:
            return _ENDLESS if way > 0 else flows[place]
        if why is None:
            return 0
        if why is Hidden.FEW:
            return self.fewest - 1 - flows[place] if way > 0 else flows[place] - 1
        return _ENDLESS if way > 0 else flows[place] - self._least(place)

    def _least(self, place: Place) -> int:
        """The smallest number that something held back can be."""
        return 0 if place in self.loose else self.fewest

    def _cost(self, flows: dict[Place, int], place: Place, way: int) -> int:
        if place in self.hidden or place in self.unpublished:
            return 0 if self._slack(flows, place, way) > 0 else _ENDLESS
        if place in self.fixed:
            return _ENDLESS
        movable = flows[place] >= self.fewest if way > 0 else flows[place] > self.fewest
        return flows[place] + 1 if movable else _ENDLESS


def _ends(place: Place, rows: int, columns: int) -> tuple[Node, Node]:
    """From where to where a cell flows: to its column, and its total back."""
    row, column = ("row", place[0]), ("column", place[1])
    onward = (place[0] == rows) == (place[1] == columns)
    return (row, column) if onward else (column, row)


def _traced(came: Mapping[Node, tuple[Node, Place, int]], goal: Node) -> list[tuple[Place, int]]:
    steps: list[tuple[Place, int]] = []
    node = goal
    while node in came:
        node, place, way = came[node]
        steps.append((place, way))
    return steps


def any_hidden(numbers: Iterable[Shown]) -> bool:
    """Whether anything is held back, so that a note says so."""
    return any(isinstance(each, Hidden) for each in numbers)
