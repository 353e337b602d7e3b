"""What is built and published is what was meant."""

import re
import subprocess
import sys
from importlib.metadata import metadata, requires, version
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
DISTRIBUTION = "goalkit-okr"


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the names in a wheel built from this source, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*build, *options], check=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_one_package_and_its_metadata(wheel_files: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel_files}
    assert tops == {"goalkit", f"goalkit_okr-{version(DISTRIBUTION)}.dist-info"}


@pytest.mark.parametrize("name", ["goalkit/py.typed", "goalkit/documents/schema.json"])
def test_the_wheel_holds_what_is_not_python_too(wheel_files: list[str], name: str) -> None:
    assert name in wheel_files


def test_the_wheel_holds_every_module_of_the_source(wheel_files: list[str]) -> None:
    source = ROOT / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    assert {name for name in wheel_files if name.endswith(".py")} == modules


def test_the_changelog_begins_with_the_version_of_the_metadata() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (newest, *_) = re.findall(r"^## (\S+)", text, flags=re.MULTILINE)
    assert newest == version(DISTRIBUTION)


def test_three_packages_are_needed_at_run_time() -> None:
    needed = [line for line in requires(DISTRIBUTION) or [] if "extra ==" not in line]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0] for line in needed}
    assert names == {"attrs", "cattrs", "python-dateutil"}


def test_the_classifiers_name_no_python_below_the_minimum() -> None:
    described = metadata(DISTRIBUTION)
    assert described["Requires-Python"] == ">=3.11"
    classifiers = described.get_all("Classifier") or []
    minors = [int(m[1]) for line in classifiers if (m := re.fullmatch(r".*:: 3\.(\d+)", line))]
    assert min(minors) == 11


def test_no_page_tells_anyone_to_install_the_package_of_somebody_else() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.py")]
    assert ROOT / "README.md" in pages
    wrong = re.compile(r"\binstall\s+(?:-\S+\s+)*[\"']?goalkit(?!-okr)\b")
    assert [page.name for page in pages if wrong.search(page.read_text(encoding="utf-8"))] == []
