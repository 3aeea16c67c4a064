"""Why a request was refused, for the log: the guard, its rule and the attribute, but no value."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

from scim.errors import ScimError
from scim.filter.parsing.tokens import Fault
from scim.log import cause_of
from scim.profile import Tolerance
from scim.schema.catalogue import Catalogue

_PACKAGE = "scim."
_SELECTED = re.compile(r"\[[^\]]*\]")
"""`[0]` or `[type eq "work"]` after an attribute's name; the latter can contain a client's value."""
_GAP = "…"
_OUTER = re.compile(f"^({_GAP}:? ?)+|: {_GAP}$")
_NOTHING = "", re.compile(r"(?!)")
_MAKING = "scim.service.bulk.perform", "scim.store.directory.commit"
"""Modules with errors that others raise, or that are a result without being raised."""

Template = tuple[str, re.Pattern[str]]
"""An error's detail as its source has it: each inserted value is a gap in the text and a group of the pattern."""


def reason_of(error: ScimError, catalogue: Catalogue | None) -> dict[str, object]:
    """Return what the log says about a refusal. It contains no text from the client.

    `error` is the class, `guard` the module that refused and `check` the function in it. `rule` is
    the detail as its source has it, with … for inserted values. `attribute` is present if the
    tenant's schemas define it. `tolerated` are the tolerances that applied before the refusal.
    `cause` is the failed call of AWS.
    """
    cause = _original(error)
    frames = [frame for frame in _frames(cause) if _module(frame).startswith(_PACKAGE)]
    reason: dict[str, object] = {"error": type(error).__name__, "scimType": error.scim_type}
    if not frames:
        rule, _ = _matching_template(_MAKING, type(cause).__name__, cause.detail)
        return _without_empty({**reason, "rule": rule})
    raising_frame, line = frames[-1], _line(cause, frames[-1])
    rule, pattern = _template(raising_frame.f_code, line)
    match = pattern.fullmatch(cause.detail)
    if match is None and not rule:
        modules = _module(raising_frame), *_MAKING
        rule, match = _matching_template(modules, type(cause).__name__, cause.detail)
    fault = cause.__cause__
    if isinstance(fault, Fault) and (steps := list(_frames(fault))):
        rule = f"{rule}: {_template(steps[-1].f_code, _line(fault, steps[-1]))[0]}".rstrip(": ")
    reason |= {
        "guard": _module(raising_frame).removeprefix(_PACKAGE),
        "check": raising_frame.f_code.co_name.strip("_"),
        "rule": rule,
        "attribute": _attribute(match.groups() if match else (), catalogue),
        "tolerated": sorted({name for frame in frames for name in _tolerated(frame)}),
        "cause": cause_of(cause),
    }
    return _without_empty(reason)


def _without_empty(members: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}


def _original(error: ScimError) -> ScimError:
    """Return the original refusal in the chain of causes; it is the most specific one."""
    while isinstance(error.__cause__, ScimError):
        error = error.__cause__
    return error


def _frames(error: Exception) -> Iterator[FrameType]:
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame
        step = step.tb_next


def _line(error: Exception, frame: FrameType) -> int:
    """Return the line at which the error passed through the frame."""
    step, line = error.__traceback__, frame.f_lineno
    while step is not None:
        if step.tb_frame is frame:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _tolerated(frame: FrameType) -> Iterator[str]:
    """Yield the tolerances recorded by the local variables of a frame."""
    for value in tuple(frame.f_locals.values()):
        names = getattr(value, "tolerated", None)
        if isinstance(names, set | frozenset):
            yield from (str(name) for name in names if isinstance(name, Tolerance))


def _attribute(filled_in: tuple[str, ...], catalogue: Catalogue | None) -> str:
    """Return the first value inserted into a detail that is the path of an attribute, else an empty string."""
    for text in filled_in:
        name = _SELECTED.sub("", text.partition(": ")[0]).strip("'\" ")
        for resource_type in () if catalogue is None else catalogue.resource_types:
            ref = resource_type.named(name) if name else None
            if ref is not None:
                return str(ref)
    return ""


@lru_cache(maxsize=512)
def _template(code: CodeType, line: int) -> Template:
    """Return the detail of the error raised at a line, as the source has it.

    If a function makes the error, of the same module or imported by name, the detail is read from
    that function. Other forms have no template here: what a name stands for depends on the way to this line.
    """
    module = _source(code.co_filename)
    raised_expressions = (
        node.exc
        for node in ast.walk(module)
        if isinstance(node, ast.Raise) and node.lineno <= line <= (node.end_lineno or node.lineno)
    )
    raised = next(raised_expressions, None)
    if isinstance(raised, ast.Call) and isinstance(raised.func, ast.Name):
        raised = (
            _call_returned_by(module, raised.func.id)
            or _call_of_import(module, raised.func.id)
            or raised
        )
    return _template_of(raised.args) if isinstance(raised, ast.Call) else _NOTHING


def _matching_template(
    modules: Iterable[str], error: str, detail: str
) -> tuple[str, re.Match[str] | None]:
    """Return the rule whose pattern matches the detail, for an error that one of the modules made before it was raised."""
    for module in modules:
        for rule, pattern in _templates(_file_of(module), error):
            match = pattern.fullmatch(detail)
            if match is not None:
                return rule, match
    return "", None


@lru_cache(maxsize=64)
def _templates(file: str, error: str) -> tuple[Template, ...]:
    module = _source(file)
    templates = (
        _template_of(expressions)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == error
        for expressions in (node.args, *([text] for text in _texts_elsewhere(module, node)))
    )
    return tuple((rule, pattern) for rule, pattern in templates if rule)


def _texts_elsewhere(module: ast.Module, error_call: ast.Call) -> Iterator[ast.expr]:
    """Yield what the module assigns to a name that is an argument, or returns from a function called there."""
    for argument in error_call.args:
        match argument:
            case ast.Name(id=name):
                for node in ast.walk(module):
                    if isinstance(node, ast.Assign) and _has_target(node, name):
                        yield node.value
            case ast.Call(func=ast.Name(id=name)):
                yield from _values_returned_by(module, name)


def _has_target(assignment: ast.Assign, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in assignment.targets)


def _template_of(expressions: Iterable[ast.expr]) -> Template:
    """Return the template of the first expression that is a text."""
    arguments = (_pieces(expression) for expression in expressions)
    pieces = next((argument for argument in arguments if argument is not None), None)
    if pieces is None:
        return _NOTHING
    rule = "".join(_GAP if piece is None else piece for piece in pieces)
    groups = ("(.*)" if piece is None else re.escape(piece) for piece in pieces)
    return _without_outer_gaps(rule), re.compile("".join(groups), re.DOTALL)


def _call_returned_by(module: ast.Module, name: str) -> ast.Call | None:
    values = _values_returned_by(module, name)
    return next((value for value in values if isinstance(value, ast.Call)), None)


def _values_returned_by(module: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            returns = (inner for inner in ast.walk(node) if isinstance(inner, ast.Return))
            yield from (inner.value for inner in returns if inner.value is not None)


def _without_outer_gaps(rule: str) -> str:
    """Return the rule without gaps at its ends, which stand for a place before it or a reason after it."""
    return _OUTER.sub("", rule) if rule.strip(f"{_GAP}: ") else ""


def _call_of_import(module: ast.Module, name: str) -> ast.Call | None:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            return _call_returned_by(_source(_file_of(node.module or "")), name)
    return None


def _file_of(module: str) -> str:
    """Return the source of a loaded module; empty if there is none."""
    return getattr(sys.modules.get(module), "__file__", None) or ""


def _pieces(node: ast.expr) -> list[str | None] | None:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return [str(part.value) if isinstance(part, ast.Constant) else None for part in values]
        case ast.BinOp(left=left, op=ast.Add(), right=right) if start := _pieces(left):
            return [*start, *(_pieces(right) or [None])]
    return None


@lru_cache(maxsize=64)
def _source(name: str) -> ast.Module:
    try:
        return ast.parse(Path(name).read_text("utf-8"))
    except (OSError, SyntaxError):
        return ast.Module([], [])  # without the source, the line has the guard but no rule
