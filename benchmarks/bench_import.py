"""What `import goalkit` costs over a bare interpreter."""

import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture


@pytest.mark.parametrize("program", ["pass", "import goalkit"])
def bench_start(benchmark: BenchmarkFixture, program: str) -> None:
    benchmark(subprocess.run, [sys.executable, "-I", "-c", program], check=True)
