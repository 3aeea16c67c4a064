"""The reader and the writer of each file format."""

from scim.errors import InvalidValue
from scim.profile import Profile
from scim.resource.job import Format, not_written
from scim.schema.catalogue import Catalogue
from scim.service.bulk.path import RELATIVE, Paths
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
    paths: Paths = RELATIVE,
) -> Reader:
    """Return the reader of a file; `opening` is what an earlier reading found at its beginning.

    `paths` tells how the paths of operations may be written.

    Raises InvalidValue where a needed mapping is missing.
    """
    match format_:
        case Format.BULK:
            return BulkReader(profile, catalogue, paths)
        case Format.NDJSON:
            return NdjsonReader(_resources(catalogue, mapping))
        case Format.CSV:
            return CsvReader(_resources(catalogue, mapping), _required(mapping), opening)
        case Format.LDIF:
            return LdifReader(_resources(catalogue, mapping), _required(mapping))


def writer_of(format_: Format, catalogue: Catalogue, mapping: Columns | None) -> Writer:
    """Return the writer of a file. Raises InvalidValue for a read-only format or a missing mapping."""
    match format_:
        case Format.BULK:
            return BulkWriter(catalogue)
        case Format.NDJSON:
            return NdjsonWriter()
        case Format.CSV:
            return CsvWriter(_required(mapping))
        case Format.LDIF:
            raise not_written(format_)


def _resources(catalogue: Catalogue, mapping: Columns | None) -> Resources:
    return Resources(catalogue) if mapping is None else Resources(catalogue, key=mapping.key)


def _required(mapping: Columns | None) -> Columns:
    if mapping is None:
        raise InvalidValue("mapping is missing; the format needs one.")
    return mapping
