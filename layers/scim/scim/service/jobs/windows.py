"""Windows: a file of operations is read once, and from then on laid out window by window."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final

from scim.errors import InvalidValue, Uniqueness
from scim.profile.parts import BulkRules
from scim.resource.job import Existing, Format, Job, JobKind
from scim.schema.catalogue import Catalogue
from scim.service.bulk.path import Paths
from scim.service.bulk.plan import Step
from scim.service.bulk.request import BulkOperation, namesake
from scim.service.bulk.waves import one_by_one, waves_of
from scim.service.jobs.accept import MAPPING_FILE, REQUEST_FILE
from scim.service.jobs.batches import Sizes, Task, files_of, layers_of, lines_file, steps_file
from scim.service.jobs.context import JobContext
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import ResourceReader
from scim.service.transfer.port import Reader
from scim.service.transfer.references import References, compared_key
from scim.service.transfer.registry import reader_of
from scim.service.transfer.repeats import joined
from scim.service.transfer.survey import NOWHERE, Row, Survey, surveyed

SURVEY_FILE: Final = "survey.json"
SIZES_FILE: Final = "sizes.json"
EARLIER: Final = Sizes(most=25)
"""The sizes of jobs begun when all batches had the same size."""
LAYERS: Final = 1000
"""Layer numbers reserved for each window."""
_GAP = 65_536
"""The most unneeded bytes to read in order to save another request."""


def survey_of(job_context: JobContext, job: Job) -> Survey:
    """Read the job's file, unless it was read before; return its survey.

    Raises the error that makes the whole file unreadable.
    """
    payloads = job_context.backend.payloads
    if payloads.size(job.tenant, job.id, SURVEY_FILE) is not None:
        return _stored_survey(job_context, job)
    limit = job_context.deployment.bounds.job_operations
    if job.kind in {JobKind.IMPORT, JobKind.UNDO}:
        limit = job_context.deployment.bounds.import_operations
    survey = surveyed(
        _reader(job_context, job, ()),
        payloads.stream(job.tenant, job.id, REQUEST_FILE, job.file),
        limit,
        lambda number, content: payloads.put(job.tenant, job.id, _file(number), content),
        is_update=job.existing is Existing.UPDATE,
        most_values=job_context.deployment.bounds.members,
    )
    sizes = json.dumps(asdict(job_context.sizes)).encode()
    payloads.put(job.tenant, job.id, SIZES_FILE, sizes)
    content = json.dumps(asdict(survey)).encode()
    # Stored last: once it exists, the windows exist.
    payloads.put(job.tenant, job.id, SURVEY_FILE, content)
    return survey


def lay_out(job_context: JobContext, job: Job, window: int) -> range:
    """Store the layers of a window and return their numbers: the same each time."""
    payloads = job_context.backend.payloads
    reader = _reader(job_context, job, _stored_survey(job_context, job).opening)
    rows = Row.of_lines(payloads.read(job.tenant, job.id, _file(window)))
    contents = dict(_contents(job_context, job, rows))
    mapping = mapping_of(job_context, job)
    key = "id" if mapping is None else mapping.key
    catalogue = job_context.deployment.catalogue
    tasks = [_task(reader, row, contents, key, catalogue) for row in rows]
    if job.kind not in {JobKind.IMPORT, JobKind.UNDO}:
        tasks = [_without_line(task) for task in tasks]
    steps = [task.step for task in tasks]
    # An error that ends the job must leave everything after it untouched.
    waves = one_by_one(steps) if job.fail_on_errors else waves_of(steps, catalogue)
    layers = layers_of(waves, job.operations, _sizes_of(job_context, job))
    first_layer = LAYERS * window
    by_number = {task.number: task for task in tasks}
    files = files_of((job.tenant, job.id), first_layer, layers, by_number)
    for number, layer_files in enumerate(files, first_layer):
        payloads.put(job.tenant, job.id, steps_file(number), layer_files.steps)
        payloads.put(job.tenant, job.id, lines_file(number), layer_files.lines)
    return range(first_layer, first_layer + len(layers))


def _task(
    reader: Reader, row: Row, contents: Mapping[int, bytes], key: str, catalogue: Catalogue
) -> Task:
    read_operation = reader.operation(contents[row.start], row.position, row.line)
    if row.repeats:
        read_operation = reader.addition(read_operation, row.repeats) or read_operation
    names = sorted(reader.names(read_operation))
    makers = dict(zip(names, row.needs, strict=True))
    own_names = _references(read_operation, key, catalogue) if row.more else None
    if row.more:
        read_operation = joined(
            read_operation, _additions(reader, read_operation, row, contents, makers)
        )
    operation = _namesake(reader, read_operation, key) if row.is_namesake else read_operation
    if row.twin:
        detail = f"Line {row.line}: line {row.twin} makes the same resource."
        operation = replace(operation, fault=Uniqueness(detail))
    known_makers = {name: maker for name, maker in makers.items() if maker != NOWHERE}
    deferred = frozenset(name for name, maker in known_makers.items() if maker in row.deferred)
    step = Step(reader.linked(operation, known_makers.keys()), deferred, row.is_link)
    needs = {name: 2 * maker for name, maker in known_makers.items()}
    return Task(step, needs, key, own_names=own_names, is_joined=row.is_joined)


def _references(operation: BulkOperation, key: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the keys by which a new resource refers to others, whether they are in the file or not."""
    resource_type = catalogue.by_endpoint(operation.segment)
    if resource_type is None:
        return ()
    references = References.of(resource_type, catalogue).names_in(operation.data)
    return tuple(sorted(compared_key(reference, key) for reference in references))


def _namesake(reader: Reader, operation: BulkOperation, key: str) -> BulkOperation:
    """Return an operation that makes a resource of the same name as another, with a fault."""
    is_line = isinstance(reader, ResourceReader) and operation.makes is not None
    if not is_line or operation.fault is not None:
        return namesake(operation)
    detail = f"Line {operation.line}: another line has the {key} {operation.makes} too."
    return replace(operation, fault=InvalidValue(detail))


def _additions(
    reader: Reader,
    operation: BulkOperation,
    row: Row,
    contents: Mapping[int, bytes],
    makers: dict[str, int],
) -> Iterator[BulkOperation]:
    """Yield the later operations whose values belong to this one, and note what they need."""
    for start, _, needs in row.more:
        later_operation = reader.operation(contents[start], row.position, row.line)
        addition = reader.addition(later_operation, str(operation.makes))
        if addition is not None:
            needed = zip(sorted(reader.names(addition)), needs, strict=True)
            # It names the resource that it adds to, which is this one.
            makers |= {name: maker for name, maker in needed if maker != row.position}
            yield addition


def _without_line(task: Task) -> Task:
    """Return the task without its line, for a request, whose client never saw the file."""
    return replace(task, step=replace(task.step, operation=replace(task.step.operation, line=None)))


def _contents(
    job_context: JobContext, job: Job, rows: Sequence[Row]
) -> Iterator[tuple[int, bytes]]:
    """Yield the bytes of each operation by their start, read in few requests."""
    ends = {row.start: row.start + row.length for row in rows}
    ends |= {start: start + length for row in rows for start, length, _ in row.more}
    stretch: list[int] = []
    for start in sorted(ends):
        if stretch and start > ends[stretch[-1]] + _GAP:
            yield from _stretch(job_context, job, stretch, ends)
            stretch = []
        stretch.append(start)
    yield from _stretch(job_context, job, stretch, ends)


def _stretch(
    job_context: JobContext, job: Job, starts: Sequence[int], ends: Mapping[int, int]
) -> Iterator[tuple[int, bytes]]:
    begin, end = starts[0], ends[starts[-1]]
    content = job_context.backend.payloads.read_range(
        job.tenant, job.id, REQUEST_FILE, begin, end - begin, job.file
    )
    for start in starts:
        yield start, content[start - begin : ends[start] - begin]


def _stored_survey(job_context: JobContext, job: Job) -> Survey:
    content = json.loads(job_context.backend.payloads.read(job.tenant, job.id, SURVEY_FILE))
    return Survey(**{**content, "opening": tuple(content["opening"])})


def _sizes_of(job_context: JobContext, job: Job) -> Sizes:
    """Return the sizes of a job's batches: the same each time, whatever the defaults are meanwhile."""
    payloads = job_context.backend.payloads
    if payloads.size(job.tenant, job.id, SIZES_FILE) is None:
        return EARLIER
    return Sizes(**json.loads(payloads.read(job.tenant, job.id, SIZES_FILE)))


def _reader(job_context: JobContext, job: Job, opening: tuple[str, ...]) -> Reader:
    mapping = mapping_of(job_context, job)
    catalogue, profile = job_context.deployment.catalogue, job_context.deployment.profile
    if job.kind is JobKind.UNDO:
        # The operations are the service's own, and a profile's limits on methods are for clients.
        profile = replace(profile, bulk=BulkRules())
    paths = Paths.of(job.base_url, catalogue, profile)
    return reader_of(job.format, catalogue, profile, mapping, opening, paths)


def mapping_of(job_context: JobContext, job: Job) -> Columns | None:
    """Return the job's mapping of its file's columns and references, None when it has none."""
    payloads = job_context.backend.payloads
    if job.format is Format.BULK or payloads.size(job.tenant, job.id, MAPPING_FILE) is None:
        return None
    document = json.loads(payloads.read(job.tenant, job.id, MAPPING_FILE))
    return Columns.of_json(document, needs_columns=job.format.has_columns)


def _file(window: int) -> str:
    return f"windows/{window}.jsonl"
