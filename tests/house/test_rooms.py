"""The house rules that no linter knows: small rooms, empty thresholds, one model a file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
APPS = ("oms", "inventory", "orders", "returns", "upsell")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 6
SIGNATURES = {"self", "cls", "by", "at"}  # every verb takes who and when; they are not counted

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    found = [path for app in (*APPS, "config") for path in sorted((HOUSE / app).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function))


def place(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_no_file_is_longer_than_a_room_should_be():
    long = {place(path): lines for path in modules() if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_a_page():
    long = {
        f"{place(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in modules()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 - docstring_lines(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_function_takes_more_than_a_hand_can_hold():
    wide = {
        f"{place(path)}:{node.name}": len(names)
        for path in modules()
        for node in functions(path)
        if len(names := parameters(node)) > MOST_PARAMETERS
    }
    assert wide == {}


def test_thresholds_are_empty():
    listing = {HOUSE / app / "models" / "__init__.py" for app in APPS}
    full = [place(path) for path in modules() if path.name == "__init__.py" and path not in listing]
    assert [name for name in full if (HOUSE / name).read_text().strip()] == []


@pytest.mark.parametrize("app", ["oms", "inventory", "orders"])
def test_each_model_lives_in_a_file_of_its_own(app):
    for path in sorted((HOUSE / app / "models").glob("*.py")):
        bases = [
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in MODELS for base in node.bases)
        ]
        assert len(bases) <= 1, f"{place(path)} holds {bases}"


MODELS = {"models.Model", "AbstractUser"}


def test_imports_stand_on_top():
    inside = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        if path.parts[len(HOUSE.parts)] in APPS
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_no_name_says_nothing():
    empty = {"utils", "helpers", "helper", "manager", "managers", "service", "services", "handler", "common", "misc"}
    assert [place(path) for path in modules() if path.stem in empty] == []


def test_the_shared_folder_is_not_needed():
    """The product and its tests run from a bare checkout: nothing names a folder beside it."""
    files = [path for path in HOUSE.rglob("*.py") if ".venv" not in path.parts and ".local" not in path.parts]
    needle = "shared" + "/data"
    assert [place(path) for path in files if needle in path.read_text() and path != Path(__file__)] == []


def docstring_lines(node: Function) -> int:
    text = ast.get_docstring(node, clean=False)
    return text.count("\n") + 1 if text else 0


def parameters(node: Function) -> list[str]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in arguments if argument.arg not in SIGNATURES]
