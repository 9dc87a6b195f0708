"""How long reads wait while an edition is published: GET schedule beside the workers that recompute every child.

Workload: `hagukumi serve` on loopback with a demo ward of 32,000 families, and 50 users who think for half a second to one and
a half between two requests, for 20 seconds; alone, and while `hagukumi rules publish` recomputes the whole ward with two workers
at low priority. Three rounds to and fro between two editions; the ratio is the median of the rounds. At most three is the target.

    python -m bench.publishing [FAMILIES]
"""

import asyncio
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from uuid import UUID

from bench.serving import USERS_SECONDS, Server, operate, signed_in, started, summary, waiting_times
from schedule.japan.edition import CHIYODA

FAMILIES = 32_000
ROUNDS = 3
DRAFTER, APPROVER = str(UUID(int=1)), str(UUID(int=2))


def fill(families: int, environment: dict[str, str]) -> None:
    operate(environment, "demo", "--families", str(families), "--json")
    operate(environment, "rebuild", "--json")


def editions(server: Server) -> list[str]:
    """Hepatitis B up to two years of age, and the edition that ships; both may be published."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(CHIYODA, Path(name) / "revised"))
        rules = folder / "hepb.toml"
        rules.write_text(rules.read_text("utf-8").replace('to = "1歳"', 'to = "2歳"', 1), "utf-8")
        revised = operate(server.environment, "rules", "draft", str(folder), "--as", DRAFTER).split()[-1]
    operate(server.environment, "rules", "approve", revised, "--as", APPROVER)
    return [revised, operate(server.environment, "rules", "draft", "--as", DRAFTER).split()[-1]]


def publish(environment: dict[str, str], edition: str) -> float:
    """Seconds that a publication takes."""
    begun = perf_counter()
    operate(environment, "rules", "publish", edition, "--as", APPROVER, "--json")
    return perf_counter() - begun


def beside_publication(server: Server, schedule: str, token: str, edition: str) -> tuple[list[float], float]:
    """The waiting times while an edition is published, and how long that took."""
    with ThreadPoolExecutor(1) as pool:
        publication = pool.submit(publish, server.environment, edition)
        waited = asyncio.run(waiting_times(server.port, schedule, token))
        return waited, publication.result()


def p99(waited: list[float]) -> float:
    return quantiles(waited, n=100)[98]


def main(families: int) -> None:
    with started(partial(fill, families)) as server:
        token, schedule = signed_in(server)
        ratios = []
        for edition in (editions(server) * ROUNDS)[:ROUNDS]:
            alone = asyncio.run(waiting_times(server.port, schedule, token))
            beside, seconds = beside_publication(server, schedule, token, edition)
            ratios.append(p99(beside) / p99(alone))
            print(summary("alone", alone))
            print(summary("while publishing", beside))
            print(f"publication {seconds:.0f} s, {min(1.0, seconds / USERS_SECONDS):.0%} of the time beside it", flush=True)
        told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"p99 while publishing  {median(ratios):.2f} of p99 alone (at most 3; rounds: {told})")


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else FAMILIES)
