"""What reads and writes a format."""

from scim.errors import InvalidValue
from scim.profile import Profile
from scim.resource.job import Format
from scim.schema.catalogue import Catalogue
from scim.service.transfer.formats.bulk_format import BulkReader, BulkWriter
from scim.service.transfer.formats.csv_format import CsvReader, CsvWriter
from scim.service.transfer.formats.ldif_format import LdifReader
from scim.service.transfer.formats.ndjson_format import NdjsonReader, NdjsonWriter
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources
from scim.service.transfer.port import Reader, Writer


def reader_of(
    format_: Format,
    catalogue: Catalogue,
    profile: Profile,
    mapping: Columns | None,
    opening: tuple[str, ...] = (),
) -> Reader:
    """Return what reads a file; `opening` is what was found at its beginning, if it was read."""
    match format_:
        case Format.BULK:
            return BulkReader(profile)
        case Format.NDJSON:
            return NdjsonReader(_resources(catalogue, mapping))
        case Format.CSV:
            return CsvReader(_resources(catalogue, mapping), _required(mapping), opening)
        case Format.LDIF:
            return LdifReader(_resources(catalogue, mapping), _required(mapping))


def writer_of(format_: Format, catalogue: Catalogue, mapping: Columns | None) -> Writer:
    """Return what writes a file; raises InvalidValue for a format that is only read."""
    match format_:
        case Format.BULK:
            return BulkWriter(catalogue)
        case Format.NDJSON:
            return NdjsonWriter()
        case Format.CSV:
            return CsvWriter(_required(mapping))
        case Format.LDIF:
            raise InvalidValue("format: ldif is read only; expected bulk, ndjson or csv.")


def _resources(catalogue: Catalogue, mapping: Columns | None) -> Resources:
    return Resources(catalogue) if mapping is None else Resources(catalogue, key=mapping.key)


def _required(mapping: Columns | None) -> Columns:
    if mapping is None:
        raise InvalidValue("mapping is missing; the format needs one.")
    return mapping
