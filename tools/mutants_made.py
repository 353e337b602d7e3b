"""Small changes of the storage package, and a random sample of them: what `tools/mutants_storage.py` tries."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import libcst as cst
from coverage import Coverage
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "src/goalkit/storage"

#: What has no effect when it runs, or is none of the package's own doing.
_CALLS = {"len", "isinstance", "cast", "TypeVar"}
_NODES = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
#: What the texts of errors are called.
_TEXTS = {"message", "hint"}


@dataclass(frozen=True)
class Mutant:
    """A small change of a module."""

    #: Its module, the line, and which of the changes of this line it is.
    name: str
    path: str
    #: The lines of its statement, or None where it runs when the module is imported.
    lines: range | None
    old: str
    new: str
    #: Whether it is a mere change of a text for people.
    text: bool

    def diff(self) -> list[str]:
        """Return the lines that differ."""
        lines = unified_diff(self.old.splitlines(), self.new.splitlines(), n=0, lineterm="")
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@dataclass(frozen=True)
class _Change:
    name: str
    path: str
    lines: range | None
    module: cst.Module
    old: cst.CSTNode
    new: cst.CSTNode

    def made(self) -> Mutant | None:
        """Return the change, or None where Python would not take it."""
        changed: Any = self.module.deep_replace(self.old, self.new)
        try:
            compile(changed.code, self.path, "exec")
        except SyntaxError:
            return None
        return Mutant(
            self.name, self.path, self.lines, old=self.module.code, new=changed.code, text=_is_text(self.old, self.new)
        )


def sample(seed: int, count: int) -> tuple[list[Mutant], int]:
    """Return a random sample, which begins with each smaller one, and how many changes there are."""
    paths = sorted(str(path.relative_to(ROOT)) for path in (ROOT / PACKAGE).rglob("*.py"))
    changes = [change for path in paths for change in _changes(path)]
    Random(seed).shuffle(changes)  # noqa: S311 - a sample is no secret
    made = (mutant for change in changes if (mutant := change.made()) is not None)
    return list(islice(made, count)), len(changes)


def _is_text(old: Any, new: Any) -> bool:
    """Tell whether a change concerns a text for people alone: itself, or where it is assigned or handed on."""
    match old:
        case cst.Call() if new is not None:
            gone = [argument.value for argument in old.args if all(argument is not other for other in new.args)]
            return len(gone) == 1 and _is_text(gone[0], None)
        case cst.Assign() | cst.AnnAssign():
            return _is_text(old.value, None)
        case cst.Name():
            return old.value in _TEXTS
        case cst.SimpleString() | cst.FormattedString() | cst.ConcatenatedString():
            written = cst.Module([]).code_for_node(old)
            # A statement for a database begins with a word in capitals.
            return " " in written and not re.match(r"[bfru]*\W*[A-Z]{2,}\b", written)
        case _:
            return False


def _changes(path: str) -> Iterator[_Change]:
    wrapper = MetadataWrapper(cst.parse_module((ROOT / path).read_text(encoding="utf-8")))
    where: Any = wrapper.resolve(PositionProvider)
    # What runs on another system alone is left out of the coverage by a pragma, and so here.
    coverage = Coverage(config_file=str(ROOT / "pyproject.toml"), data_file=None)
    excluded = set(coverage.analysis2(str(ROOT / path))[2])
    numbers: Counter[int] = Counter()
    for node, line, lines in _nodes(wrapper.module, 1, None, where):
        operators = [operator for kind, operator in mutation_operators if isinstance(node, kind)]
        for changed in (changed for operator in operators for changed in operator(node) if line not in excluded):
            numbers[line] += 1
            yield _Change(f"{path}:{line}:{numbers[line]}", path, lines, wrapper.module, node, changed)


def _nodes(
    node: cst.CSTNode, line: int, function: range | None, where: Any
) -> Iterator[tuple[cst.CSTNode, int, range | None]]:
    """Yield what can be changed, its line, and the lines of its statement where that is in a function."""
    if isinstance(node, _NODES):
        return
    match node:
        case cst.Call(func=cst.Name(value=name)) if name in _CALLS:
            return
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value="__all__")), *_]):
            return
        case cst.AnnAssign(annotation=cst.Annotation(annotation=cst.Name(value="TypeAlias"))):
            return
    line = where[node].start.line if node in where else line
    statement = isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement)
    if isinstance(node, cst.FunctionDef) or (function is not None and statement):
        function = range(where[node].start.line, where[node].end.line + 1)
    yield node, line, function
    for child in node.children:
        yield from _nodes(child, line, function, where)
