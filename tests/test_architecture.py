"""The house rules that a program can check."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PACKAGE = Path(__file__).parents[1] / "bedside"
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_imports_only_what_stands_below_it(capsys):
    status = lint_imports(str(PACKAGE.parent / "pyproject.toml"), no_cache=True)

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_are_small(path):
    assert len(path.read_text().splitlines()) <= 280


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_are_small(path):
    tree = ast.parse(path.read_text())
    lengths = {
        node.name: node.end_lineno - node.lineno + 1 - _docstring_lines(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }

    assert {name: lines for name, lines in lengths.items() if lines > 45} == {}


def _docstring_lines(node):
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.end_lineno - first.lineno + 1
    return 0


def test_the_product_holds_no_test_code():
    for path in MODULES:
        text = path.read_text()
        assert "unittest" not in text, path
        assert "if testing" not in text, path
