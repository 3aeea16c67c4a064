"""What docs/contributing.md says of the shape of the code, counted."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from scim_cli.root import SECTIONS

ROOT = Path(__file__).parent.parent
LAYER = ROOT / "layers/scim/scim"
CODE = [LAYER, *(ROOT / name for name in ("functions", "local", "bench"))]

TWICE = {  # a port says what is needed, an adapter in another stratum fulfils it
    "ExternalTokens": {"auth/authorizer", "auth/external_tokens"},
    "Rates": {"http/access", "store/access/rates"},
    "RequestLogs": {"http/request_log", "store/access/request_log"},
    "Tenants": {"auth/authorizer", "store/access/tenants"},
    "ToleranceCounts": {"http/tolerance", "store/access/tolerances"},
    "Tokens": {"auth/stored_tokens", "store/access/tokens"},
}
SHORT = {  # under 40 lines with one importer
    "scim.bootstrap.token": "the authorizer starts without what issues tokens",
    "scim.fsck.feed": "the items of store/feed, as fsck/access has those of store/access",
    "scim.http.routes.definitions": "each function imports only its own routes",
    "scim.schema.definitions_document": "pydantic, which only a tenant with definitions needs",
    "scim.service.idempotency": "between http/endpoints/idempotency and store/guards/idempotency",
}
NOT_RAISED = {
    "InvalidVersion",
    "Sensitive",
}  # rows of RFC 7644 table 9, which errors.py holds whole

NAMED_BY_OTHERS = {"__init__.py", "__main__.py", "app.py"}  # Python and Lambda start these
COMMANDS = {
    place.path.partition(":")[0] for places in SECTIONS.values() for place in places.values()
}

Definition = ast.ClassDef | ast.FunctionDef


def modules_in(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*.py") if "_generated" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def public_in(path: Path) -> Iterator[Definition]:
    for node in tree_of(path).body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node


def names_used_in(tree: ast.AST) -> set[str]:
    """Return the names in a tree, of its own module or imported, and of attributes; ast.walk is slow."""
    used, nodes = set(), [tree]
    while nodes:
        for value in vars(nodes.pop()).values():
            for each in value if isinstance(value, list) else (value,):
                if isinstance(each, ast.Name):
                    used.add(each.id)
                elif isinstance(each, ast.AST):
                    nodes.append(each)
                    if isinstance(each, ast.Attribute):
                        used.add(each.attr)
    return used


def name_of(path: Path) -> str:
    return path.relative_to(LAYER).with_suffix("").as_posix()


def module_of(path: Path) -> str:
    """Return the name by which a module is imported."""
    roots = (LAYER.parent, ROOT / "local/cli", ROOT)
    root = next(root for root in roots if path.is_relative_to(root))
    return ".".join(path.relative_to(root).with_suffix("").parts)


def sorted_by_import(imports: Mapping[str, set[str]]) -> None:
    """Raise a CycleError that names the cycle if there is one."""
    tuple(TopologicalSorter(imports).static_order())


def test_a_folder_holds_at_most_20_modules() -> None:
    folders = modules_in(*CODE, ROOT / "tests")
    modules = Counter(path.parent for path in folders if path.name != "__init__.py")
    assert {folder: count for folder, count in modules.items() if count > 20} == {}


def test_a_module_has_at_most_300_lines() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in modules_in(*CODE)}
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_a_class_name_stands_in_one_module_but_for_port_and_adapter() -> None:
    homes = defaultdict(set)
    for path in modules_in(LAYER):
        for node in public_in(path):
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(name_of(path))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == TWICE


def test_every_public_name_of_the_layer_is_used_outside_tests() -> None:
    used = set[str]().union(*(names_used_in(tree_of(path)) for path in modules_in(*CODE)))
    unused = {
        f"{name_of(path)}: {node.name}"
        for path in modules_in(LAYER)
        for node in public_in(path)
        if node.name not in used | NOT_RAISED
    }
    assert unused == set()


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    graph = grimp.build_graph("scim", "local", "bench", "scim_cli", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_there_are_no_import_cycles_between_modules(imports: Mapping[str, set[str]]) -> None:
    sorted_by_import(imports)


def test_there_are_no_import_cycles_between_folders(
    imports: Mapping[str, set[str]],
) -> None:
    for folder in {module.rpartition(".")[0] for module in imports} - {""}:
        depth = folder.count(".") + 2
        beside = defaultdict(set)
        for module, targets in imports.items():
            for target in targets:
                ends = [".".join(name.split(".")[:depth]) for name in (module, target)]
                if all(end.startswith(f"{folder}.") for end in ends) and ends[0] != ends[1]:
                    beside[ends[0]].add(ends[1])
        sorted_by_import(beside)


def test_a_module_of_under_40_lines_has_two_importers(imports: Mapping[str, set[str]]) -> None:
    importers = Counter(target for targets in imports.values() for target in targets)
    for path in modules_in(ROOT / "functions"):
        importers.update({n.module for n in tree_of(path).body if isinstance(n, ast.ImportFrom)})
    short = set()
    for path in modules_in(LAYER, ROOT / "local", ROOT / "bench"):
        text = path.read_text("utf-8")
        name = module_of(path)
        is_started = path.name in NAMED_BY_OTHERS or "__main__" in text or name in COMMANDS
        if len(text.splitlines()) < 40 and importers[name] < 2 and not is_started:
            short.add(name)
    assert short == SHORT.keys()


IMPORTED_TEST = re.compile(r"^from tests\.(?:\w+\.)*(test_\w+) import", re.MULTILINE)


def test_no_test_module_imports_another() -> None:
    imported = {
        path.relative_to(ROOT).as_posix(): names - {path.stem}
        for path in modules_in(ROOT / "tests")
        if (names := set(IMPORTED_TEST.findall(path.read_text("utf-8"))))
    }
    assert {path: names for path, names in imported.items() if names} == {}


DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md")])
# `local/cli`, `docs/decisions/NNNN-*.md`, `app.py`; not `/Users`, `members/value` or `a/*`
A_PATH = re.compile(
    r"`((?:[\w.*-]+/)*[\w*-]+\.(?:py|md|json|ya?ml|toml|g4)|(?:[\w.*-]+/)+[\w.*-]*)`"
)
A_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("document", [pytest.param(path, id=path.name) for path in DOCUMENTS])
def test_every_path_in_a_document_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    # What commands make is in no clone: a document may name it.
    tops = {path.name for folder in (ROOT, LAYER) for path in folder.iterdir()} - {".cache"}
    named = {
        path.replace("NNNN", "*")
        for path in A_PATH.findall(text)
        if "/" not in path or path.partition("/")[0] in tops
    }
    missing = {
        path
        for path in named
        if not any(any(folder.glob(path)) for folder in (ROOT, LAYER, document.parent))
        and ("/" in path or not any(any(folder.rglob(path)) for folder in [*CODE, ROOT / "docs"]))
    }
    missing |= {link for link in A_LINK.findall(text) if not (document.parent / link).exists()}
    assert missing == set()
