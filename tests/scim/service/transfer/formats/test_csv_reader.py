"""Resources as rows of a CSV file."""

from itertools import chain, repeat
from typing import Any

import pytest

from scim.errors import InvalidSyntax, InvalidValue
from scim.schema.loading import shipped_catalogue
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.formats.csv_format import CsvReader
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

LOGIN = {"login": "userName", "label": "displayName"}


def reader(columns: dict[str, Any] = LOGIN, **more: object) -> CsvReader:
    document = {"resourceType": "User", "columns": columns, **more}
    return CsvReader(Resources(shipped_catalogue()), Columns.of_json(document))


def read(content: bytes, given: CsvReader | None = None) -> list[BulkOperation]:
    used = given or reader()
    found = list(used.entries(content[n : n + 1024] for n in range(0, len(content), 1024)))
    for each in found:
        assert content[each.start : each.start + len(each.content)] == each.content
    return [used.operation(each.content, n, each.line) for n, each in enumerate(found)]


def said(operation: BulkOperation) -> dict[str, object]:
    assert operation.fault is None, operation.fault
    return {name: each for name, each in operation.data.items() if name != "schemas"}


def test_rows_are_resources() -> None:
    columns = {"kind": "meta.resourceType", "key": "id", "in": "members", **LOGIN}
    text = (
        "\ufeffkey,login,label,kind,in,other\r\n"
        'a,ann,"Ann ""A"", née\nM",,,x\r\n'
        "\r\ng,,staff,group,a;b,\r\ng,,,Group,c,\r\n"
    )
    user, made, more = read(text.encode(), reader(columns))
    assert (user.method, user.bulk_id, user.line) == (Method.POST, "a", 2)
    assert said(user) == {"userName": "ann", "displayName": 'Ann "A", née\nM'}
    assert said(made) == {"displayName": "staff", "members": [{"value": "a"}, {"value": "b"}]}
    assert (made.segment, made.line) == ("Groups", 5)
    assert (more.method, more.id, more.line) == (Method.PATCH, "g", 6)


TWO = [{"userName": "ann", "displayName": "Ann é"}, {"userName": "bob", "displayName": "B"}]


@pytest.mark.parametrize(
    "content",
    [
        "login,label\nann,Ann é\nbob,B\n".encode(),
        "login,label\r\nann,Ann é\r\nbob,B".encode(),
        "login,label\rann,Ann é\rbob,B\r".encode(),
        "\ufefflogin,label\nann,Ann é\nbob,B\n\x1a".encode(),
        "login,label\nann,Ann é\nbob,B\x1a".encode(),
        "login,label\nann,Ann é\n\x1a\nbob,B\n".encode(),
        "login,label\r\nann,Ann é\r\nbob,B\r\n".encode("utf-16"),
        "\ufefflogin,label\r\nann,Ann é\r\nbob,B\r\n".encode("utf-16-be"),
        '\ufeff\ufeff"login",label\nann,Ann é\nbob,B\n'.encode(),
        "login;label\nann;Ann é\nbob;B\n".encode(),
        "login\tlabel\nann\tAnn é\nbob\tB\n".encode(),
        "sep=;\r\nlogin;label\r\nann;Ann é\r\nbob;B\r\n".encode(),
        "sep=^\r\nlogin^label\r\nann^Ann é\r\nbob^B\r\n".encode(),
        "version:v1.0\r\nlogin,label\r\nann,Ann é\r\nbob,B\r\n".encode(),
        'Users of\n\n LOGIN , Label\n,,\nann,Ann é\n\n"",\nbob,B\n;\n , \n'.replace(
            ";\n", ""
        ).encode(),
        "login,label,,,\nann,Ann é,,,\nbob,B\n".encode(),
        'login,x,x,label\nann,,,Ann é\nbob,,,"B"\n'.encode(),
        '"login", "label"\n"ann", "Ann é" \n "bob" , "B"\n'.encode(),
        "login, label\n ann , Ann é\n\xa0bob\xa0,\tB\t\x1a".encode(),
        "login,label\n\u200bann\u202f,\u3000Ann é\u2060\n\ufeffbob,\ufeffB".encode(),
        '\ufeff"login","label"\n"ann","Ann é"\n\ufeff"login","label"\n\u200b"bob","B"\ufeff\n'.encode(),
        "login;label\r\nann;Ann é\r\nlogin;label\r\nbob;B\r\nlogin;label".encode(),
        "login,label\n-----,-----\nann,Ann é\nbob,B\n".encode(),
        " login | label \n-------+-------\n ann   | Ann é\n bob   | B\n".encode(),
        "| login | label |\n|:------|------:|\n| ann | Ann é |\n| bob | B |\n".encode(),
        ' login\tlabel \n "ann"\t Ann é\r\n bob\t"B" \n'.encode(),
    ],
)
def test_files_are_read_as_they_come(content: bytes) -> None:
    assert [said(each) for each in read(content)] == TWO


@pytest.mark.parametrize(
    ("content", "logins"),
    [
        ("login\nann\nlogin\n", ["ann", "login"]),
        ("login\n--\n", ["--"]),
        ("login,label\n--,\n--,--\n", ["--", "--"]),
        ('login,label\n"--","--"\n', ["--"]),
        ('login,label\n"\u200bann","\ufeff"\n', ["\u200bann"]),
    ],
)
def test_rows_that_may_be_resources_are_kept(content: str, logins: list[str]) -> None:
    used = reader(LOGIN if "," in content else {"login": "userName"})
    assert [said(each)["userName"] for each in read(content.encode(), used)] == logins


def test_spaces_in_a_quoted_cell_are_part_of_it() -> None:
    (ann,) = read('login,label\n ann ," Ann\xa0"\n'.encode())
    assert said(ann) == {"userName": "ann", "displayName": " Ann\xa0"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('="00123"', "00123"),
        ('"=""00123"""', "00123"),
        ('="+41 44 123"', "+41 44 123"),
        ('="Ann"', '="Ann"'),
        ("=1+2", "=1+2"),
        ("'+41 44 123'", "+41 44 123"),
        ("'@ann' ", "@ann"),
        ("'=x''", "=x'"),
        ("'t Hooft'", "'t Hooft'"),
        ("'-", "-"),
        ("'+380 99 345", "+380 99 345"),
        ('"\'=HYPERLINK(""x"",\'a\')"', "=HYPERLINK(\"x\",'a')"),
        ("'00123", "00123"),
        ("'00123'", "00123"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("'90s", "'90s"),
        ("X'4ac3b67267'", "Jörg"),
        ("X'ff00'", "X'ff00'"),
        ("X'4ac'", "X'4ac'"),
    ],
)
def test_cells_protected_from_spreadsheets_are_read(cell: str, expected: str) -> None:
    (ann,) = read(f"login,label\nann,{cell}\n".encode())
    assert said(ann)["displayName"] == expected


def test_a_cell_of_a_database_without_a_value_is_empty() -> None:
    for cell in ("\\N", '"\\N" '):
        assert said(read(f"login,label\nann,{cell}\n".encode())[0]) == {"userName": "ann"}
    assert said(read(b"login,label\nann,\\n\n")[0])["displayName"] == "\\n"


def test_a_wrong_encoding_is_reported() -> None:
    content = "login,label\nann,Ann é\nbob,B\n".encode("latin-1")
    assert [said(each) for each in read(content, reader(encoding="Windows-1252"))] == TWO
    ann, bob = read(content)
    assert str(ann.fault).startswith("Line 2: Column label: This is not valid UTF-8")
    assert said(bob) == TWO[1]
    used = reader({"Login": "userName", "Full Name": "displayName"})
    (ann,) = read("login,full  name\nann,Ann é\n".encode("latin-1"), used)
    assert str(ann.fault).startswith("Line 2: Column Full Name: This is not valid UTF-8")


def test_words_are_translated_and_others_refused() -> None:
    kinds = {"path": "userType", "translate": {"FT": "Employee", "PT": "Employee", "-": ""}}
    used = reader({"login": "userName", "kind": kinds})
    ann, bob, cy = read(b"login,kind\nann,ft\nbob,-\ncy,x\n", used)
    assert said(ann) == {"userName": "ann", "userType": "Employee"}
    assert said(bob) == {"userName": "bob"}
    assert str(cy.fault) == "Line 4: Column kind: expected one of FT, PT, -."


def test_the_search_for_the_header_row_can_be_extended() -> None:
    content = b"\n".join(b"title %d" % n for n in range(12)) + b"\nlogin,label\nann,A\n"
    with pytest.raises(InvalidValue, match="no cell names a column"):
        read(content)
    assert len(read(content, reader(headerRows=13))) == 1
    far = b"x" * 70_000 + b"\nlogin,label\nann,A\n"
    with pytest.raises(InvalidValue, match="no cell names a column"):
        read(far)
    assert len(read(far, reader(headerBytes=80_000))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_the_row_that_names_the_columns_is_read_to_its_end(end: str, encoding: str) -> None:
    others = ",".join(f"number {n:05} é" for n in range(8_000))
    text = f"login,{others},label{end}ann,{',' * 7_999},A{end}"
    assert [said(each) for each in read(text.encode(encoding))] == [
        {"userName": "ann", "displayName": "A"}
    ]
    assert len(read(text.rstrip().removesuffix(f"ann,{',' * 7_999},A").encode(encoding))) == 0


def test_a_column_can_have_other_names() -> None:
    columns = {"login": {"path": "userName", "also": ["UPN", "User"]}, "label": "displayName"}
    assert said(read(b"label,upn\nA,ann\n", reader(columns))[0])["userName"] == "ann"
    with pytest.raises(InvalidValue, match="two columns have the same name, login"):
        read(b"label,upn,user\nA,ann,bob\n", reader(columns))
    with pytest.raises(InvalidValue, match="named twice"):
        reader({"login": {"path": "userName", "also": ["Label"]}, "label": "displayName"})


def test_the_header_row_can_be_configured() -> None:
    content = b"label,login\nlogin,label\nann,A\n"
    assert len(read(content)) == 2
    assert len(read(content, reader(skipLines=1))) == 1


def test_a_row_can_be_read_by_itself_once_the_columns_are_known() -> None:
    used = reader()
    (entry,) = used.entries(iter(["sep=;\nlogin;label\nann;é".encode("utf-16")]))
    other = reader()
    other.opening = used.opening
    assert said(other.operation(entry.content, 0, 2)) == {"userName": "ann", "displayName": "é"}


def test_a_job_begun_when_names_alone_were_kept_goes_on() -> None:
    used = reader()
    used.opening = ("login", "label")
    assert said(used.operation(b"ann,A\n", 0, 2)) == {"userName": "ann", "displayName": "A"}


@pytest.mark.parametrize(
    ("row", "said_"),
    [
        (b"a,b,c", "The row has 3 cells"),
        (b'"a"b,c', "Cell 1: expected ',' or the end of the row"),
        (b'x,"a', "Cell 2: its quotation mark is not closed"),
        (b"\xff,b", "UTF-8"),
    ],
)
def test_a_row_that_does_not_fit_has_a_fault_and_no_other(row: bytes, said_: str) -> None:
    bad, good = read(b"login,label\n" + row + b"\nann,A\n")
    assert str(bad.fault).startswith("Line 2: ")
    assert said_ in str(bad.fault)
    assert said(good) == {"userName": "ann", "displayName": "A"}


@pytest.mark.parametrize("row", [b"a", b"a,", b"a,,", b"a,, ,"])
def test_cells_may_be_missing_or_empty_at_the_end(row: bytes) -> None:
    (operation,) = read(b"login,label\n" + row + b"\n")
    assert said(operation) == {"userName": "a"}


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        (b"", InvalidSyntax, "empty"),
        (b"\n\n", InvalidSyntax, "empty"),
        (b"login,login,label\n", InvalidValue, "same name"),
        (b"a,b\n", InvalidValue, "no cell names a column of the mapping; expected login, label"),
        (b"Label,b\n", InvalidValue, "no column is named login,.*found: label, b"),
        (b"\xff\n", InvalidSyntax, "UTF-8"),
        ("login,label\n".encode("utf-16-le"), InvalidSyntax, "can name it: utf-16-le"),
        ("login,label\n".encode("utf-16-be"), InvalidSyntax, "can name it: utf-16-be"),
    ],
)
def test_a_file_without_its_columns_is_refused(
    content: bytes, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        read(content)


def test_a_row_in_place_of_the_header_is_not_repeated() -> None:
    with pytest.raises(InvalidValue) as refused:
        read(b"kim@hooli.example,t0pSecret!\n")
    assert "kim" not in refused.value.detail.lower()
    assert "secret" not in refused.value.detail.lower()


def test_an_optional_column_may_be_missing() -> None:
    columns = {"login": "userName", "label": {"path": "displayName", "optional": True}}
    assert said(read(b"login\nann\n", reader(columns))[0]) == {"userName": "ann"}


def test_one_column_fills_several_attributes_and_templates_fill_others() -> None:
    columns = {"login": ["userName", 'emails[type eq "work"].value'], "First": "name.givenName"}
    values = {"displayName": "{first} {{x}} <{LOGIN}>", "userType": "Employee", "active": "yes"}
    ann, bob = read(b"login,first\nann,Ann\nbob,\n", reader(columns, values=values))
    assert said(ann) == {
        "userName": "ann",
        'emails[type eq "work"]': {"type": "work", "value": "ann"},
        "name": {"givenName": "Ann"},
        "displayName": "Ann {x} <ann>",
        "userType": "Employee",
        "active": True,
    }
    assert "displayName" not in said(bob)


def test_a_mapping_makes_of_a_row_no_more_text_than_a_row_may_have() -> None:
    columns = {"login": ["userName", "displayName"]}
    values = {"title": "{login}" * 500, "nickName": "{Login}" * 500}
    short, long = read(
        b"login\n%s\n%s\n" % (b"a" * 5_000, b"a" * 5_300), reader(columns, values=values)
    )
    assert said(short)["title"] == "a" * 2_500_000
    assert isinstance(long.fault, InvalidValue)
    assert "The mapping makes more than 5242880 characters" in long.fault.detail


def test_lists_keep_their_places() -> None:
    columns = {"login": "userName", "mails": "emails.value", "types": "emails.type"}
    (ann,) = read(b'login,mails,types\nann,"a; b;""x;y""",work;;home\n', reader(columns))
    assert said(ann)["emails"] == [
        {"value": "a", "type": "work"},
        {"value": "b"},
        {"value": "x;y", "type": "home"},
    ]


def test_a_place_in_a_list_that_no_column_fills_is_no_value() -> None:
    columns = {"login": "userName", "mails": "emails.value"}
    (ann,) = read(b"login,mails\nann,a;;b\n", reader(columns))
    assert said(ann)["emails"] == [{"value": "a"}, {"value": "b"}]


def test_a_quote_that_is_never_closed_costs_its_own_row_and_no_memory() -> None:
    lines = chain([b"login,label\n", b'"'], repeat(b"x" * 9_998 + b",\n", 1_000))
    used = reader()
    entries = list(used.entries(iter(lines)))
    assert len(entries) == 1_000
    assert max(len(each.content) for each in entries) == 10_001
    assert used.operation(entries[0].content, 0, 2).fault is not None
