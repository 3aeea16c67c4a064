"""The cost of reading a large file: `python -m bench.large_files FORMAT MEGABYTES` prints it as JSON.

The rows are read as an import reads them, one after another, and not kept.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator

from scim.profile.shipped import shipped
from scim.resource.job import Format
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.mapping import Columns
from scim.service.transfer.registry import reader_of

PIECE = 1 << 20
COLUMNS = {"dn": "id", "login": "userName", "name": "displayName", "mail": "emails.value"}
_BEGINNINGS = {
    Format.CSV: "dn,login,name,mail\r\n",
    Format.BULK: '{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[',
}
_ENDS = {Format.BULK: '{"method":"DELETE","path":"/Users/x"}]}'}


def row_of(format_: Format, number: int) -> str:
    """Return a row with difficult content: quotation marks, an inch sign, a line end in a cell."""
    login, mail = f"user{number}", f"user{number}@example.com"
    user = {"userName": login, "displayName": 'A 19" rack\nand more', "emails": [{"value": mail}]}
    match format_:
        case Format.CSV:
            return f'{number},{login},"A 19"" rack\r\nand more",{mail}\r\nx{number},y{login},19" rack,{mail}\r\n'
        case Format.LDIF:
            return f"dn: uid={login},dc=x\nlogin: {login}\nname: A rack\n  and more\nmail: {mail}\nmail: {mail}\n\n"
        case Format.NDJSON:
            return json.dumps({"id": login, "meta": {"resourceType": "User"}, **user}) + "\n"
        case Format.BULK:
            sent = {"method": "POST", "path": "/Users", "bulkId": login, "data": user}
            return json.dumps(sent) + ",\n"


def pieces_of(format_: Format, size: int) -> Iterator[bytes]:
    """Yield a file of about `size` bytes, in pieces."""
    text = _BEGINNINGS.get(format_, "")
    number = written = 0
    while written < size:
        while len(text) < PIECE:
            text += "".join(row_of(format_, n) for n in range(number, number + 100))
            number += 100
        yield text.encode()
        written += len(text)
        text = ""
    yield _ENDS.get(format_, "").encode()


def measured(format_: Format, size: int) -> dict[str, float]:
    """Return the number of operations in a file, of refused ones, the CPU seconds and the resident megabytes."""
    mapping = Columns.of_json({"resourceType": "User", "columns": COLUMNS})
    reader = reader_of(format_, shipped_catalogue(), shipped(""), mapping)
    begun = time.process_time()
    operations = refused = 0
    for entry in reader.entries(pieces_of(format_, size)):
        operation = reader.operation(entry.content, operations, entry.line)
        operations += 1
        refused += operation.fault is not None
    return {
        "operations": operations,
        "refused": refused,
        "seconds": time.process_time() - begun,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measured(Format(sys.argv[1]), int(sys.argv[2]) * 1_000_000)))
