"""The house rules that a program can check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bedside"
LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(no_cache=True))
"""
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_imports_only_what_stands_below_it():
    """In a process of its own, since import-linter turns off every logger there is."""
    words = [sys.executable, "-c", LINT]
    linted = subprocess.run(words, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout + linted.stderr


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
