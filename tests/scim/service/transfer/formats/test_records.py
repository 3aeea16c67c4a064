"""Where the records of a CSV file begin and end, whatever stands in it."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scim.errors import InvalidSyntax, PayloadTooLarge
from scim.service.transfer.formats.records import SPACES, cells_of, records_of

CELLS = st.text(alphabet='ab",;\r\n \t|é', max_size=8)


def cut(text: str, size: int, delimiter: str = ",") -> list[str]:
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    return [each.text for each in records_of(pieces, delimiter)]


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    size=st.integers(1, 20),
)
def test_well_formed_rows_have_the_cells_that_python_finds(
    rows: list[list[str]], delimiter: str, end: str, size: int
) -> None:
    for quoting in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL):
        written = StringIO()
        csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
            rows
        )
        text = written.getvalue()
        expected = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
        records = cut(text, size, delimiter)
        found = [cells_of(each, delimiter) for each in records]
        # Spaces around a cell are part of it only if it is quoted.
        assert _trimmed(found) == _trimmed(expected)
        assert quoting is csv.QUOTE_MINIMAL or found == expected
        assert "".join(records) == text


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    return [[each.strip(SPACES) for each in row] for row in rows]


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='ab",\n\r ', max_size=60), size=st.integers(1, 30))
def test_no_text_of_a_broken_file_is_lost(text: str, size: int) -> None:
    records = cut(text, size)
    assert "".join(records) == text
    assert records == cut(text, 1000)
    for each in records[:-1]:
        assert each[-1] in "\r\n"


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('a,3/4" pipe\nb,17" x\nc\n', 3),
        ('a,"open\nb,c\n"d","e"\nf,g\n', 4),
        ('a,"open\nb,c\nd,e', 3),
        ('"a"b,"c\nd\n', 2),
        ('"x\ny",2\nz\n', 2),
        ('a, "x\ny" ,2\nz\n', 2),
    ],
)
def test_a_mark_out_of_place_costs_no_other_row(text: str, records: int) -> None:
    for size in (1, 2, 3, 100):
        assert len(cut(text, size)) == records


def test_lines_are_counted_inside_of_quotes_too() -> None:
    text = 'a\r\n"b\r\nb"\rc\n\nd'
    assert [each.line for each in records_of(iter([text]), ",")] == [1, 2, 4, 5, 6]


def test_cells_say_which_of_them_is_wrong() -> None:
    with pytest.raises(InvalidSyntax, match="Cell 2"):
        cells_of('a,"b" c\n', ",")


def test_a_line_without_an_end_is_refused() -> None:
    with pytest.raises(PayloadTooLarge, match="Line 2"):
        list(records_of(iter(["a\n", "x" * 200]), ",", limit=100))


def test_memory_does_not_grow_with_the_file() -> None:
    """Pieces are asked for only when what is there is used up, whatever is broken in them."""
    held = 0
    handed = 0

    def pieces() -> object:
        nonlocal held, handed
        for number in range(400):
            piece = f'{number},"x",3/4" y\n"z{number}\n' * 50
            handed += len(piece)
            held = max(held, handed - seen)
            yield piece

    seen = 0
    for record in records_of(pieces(), ","):  # type: ignore[arg-type]
        seen += len(record.text)
    assert seen == handed
    assert held < 10_000
