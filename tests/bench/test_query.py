"""The tables of the costs of queries and walks, in docs/query.md."""

from bench.caller import Cost
from bench.query import QUERIES, WALKS, Measured, Walked, tables_of


def _measured(pages: int) -> Measured:
    walk = Walked(100 * pages, Cost(2 * pages, 8 * pages, 0), Cost(2, 8, 0))
    return Measured(
        {
            query.name: Cost(pages if query.name == "unindexed: title eq" else 1, 1, 0)
            for query in QUERIES
        },
        dict.fromkeys(WALKS, walk),
    )


def test_a_cost_that_grows_stands_for_each_size() -> None:
    lines = tables_of({100: _measured(1), 1_000: _measured(10)}).splitlines()
    assert lines[0] == "| query | at 100 / 1,000 users |"
    assert "| userName eq | 1 / 1 / 0 |" in lines
    assert "| unindexed: title eq | 1 / 1 / 0; 10 / 1 / 0 |" in lines
    assert "| by cursor | 2 / 8 / 0 | 2 / 8 / 0; 20 / 80 / 0 |" in lines
