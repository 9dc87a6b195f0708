"""What the next-due page costs: processor time, rate beside an empty endpoint of the same server, and waiting times of users.

Workload: `hagukumi serve` on loopback as a family starts it, begun on an empty folder; the home page of the demo family with two
children and all their doses, compressed as browsers ask for it. Both endpoints take turns of three seconds at eight requests at
once; then 50 users who think for half a second to one and a half in between.
"""

import asyncio
from statistics import median

from bench.serving import EMPTY, TURN_SECONDS, Server, rate, signed_in, started, summary, waiting_times

ROUNDS = 5
HOME = "/"
P99_MS_MAX = 40


def turn(server: Server, path: str, token: str) -> tuple[float, float]:
    """Requests a second over one turn, and processor milliseconds for each."""
    before = server.cpu_seconds
    a_second = asyncio.run(rate(server.port, path, token))
    return a_second, (server.cpu_seconds - before) * 1000 / (a_second * TURN_SECONDS)


def main() -> None:
    with started() as server:
        token, _ = signed_in(server)
        turns: dict[str, list[tuple[float, float]]] = {EMPTY: [], HOME: []}
        for _ in range(ROUNDS):
            for path, measured in turns.items():
                measured.append(turn(server, path, token))
        reference = median(a_second for a_second, _ in turns[EMPTY])
        for name, path in (("empty endpoint", EMPTY), ("home", HOME)):
            a_second, cost = (median(figures) for figures in zip(*turns[path], strict=True))
            print(
                f"{name:14}  {a_second:6.0f}/s  {a_second / reference:.2f} of the empty endpoint  {cost:.1f} ms of processor time"
            )
        waited = asyncio.run(waiting_times(server.port, HOME, token))
        print(f"{summary('home', waited)}   p99 at most {P99_MS_MAX} ms")


if __name__ == "__main__":
    main()
