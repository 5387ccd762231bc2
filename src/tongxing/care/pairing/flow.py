"""The cheapest way to give everybody a place: minimum-cost flow, as the pairing of helpers and of study partners uses it.

Pure: no database, no clock.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow


def cheapest_flow(
    ranks: Sequence[int], edges: Sequence[Mapping[int, int]], places: Sequence[Sequence[int]]
) -> dict[int, int]:
    """Minimum-cost flow: each student sends one unit to the sink, through the next place of some seats or, at
    a price above everything a whole solution could gain, straight. → student: position of the seats.

    ranks: how dear it is to leave a student out. The price makes leaving one student dearer than any
    rearrangement, leaving a key one twice and a pinned one three times as dear; that reaches all aims at once,
    because the sets of students that can be paired together form a matroid.
    """
    if not ranks:
        return {}
    costs = [cost for row in edges for cost in row.values()] + [0]
    steps = [cost for row in places for cost in row] + [0]
    widest = max(costs) - min(costs) + max(steps) - min(steps) + 1
    price = (len(ranks) + 1) * widest + max(costs) + max(steps)
    first_seats, sink = len(ranks), len(ranks) + len(places)
    pairs = [(s, position, cost) for s, row in enumerate(edges) for position, cost in row.items()]
    arcs = [(s, first_seats + position, cost) for s, position, cost in pairs]
    arcs += [(first_seats + position, sink, cost) for position, row in enumerate(places) for cost in row]
    arcs += [(s, sink, price * rank) for s, rank in enumerate(ranks)]
    used = _solve(arcs, len(ranks), sink)
    return {s: position for (s, position, _cost), units in zip(pairs, used, strict=False) if units}


def _solve(arcs: Sequence[tuple[int, int, int]], sources: int, sink: int) -> np.ndarray:
    """The flow on each (from, to, cost) arc of capacity 1; each of the first `sources` nodes sends a unit."""
    table = np.array(arcs, dtype=np.int64)
    flow = SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        np.ones(len(arcs), np.int64),
        table[:, 2],
    )
    supply = np.zeros(sink + 1, np.int64)
    supply[:sources], supply[sink] = 1, -sources
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the flow has no optimum: {status.name}")
    return flow.flows(numbers)
