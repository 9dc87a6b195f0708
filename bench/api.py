"""What the API delivers: the schedule against an empty endpoint of the same server, waiting times, and the first start.

Workload: `hagukumi serve` on loopback as a family starts it (one process, embedded Postgres, notifier and projector running),
begun on an empty folder; the demo family's elder child with all its doses. The client is this process on the other core: plain
asyncio, kept connections, a session token on every request. Both endpoints take turns of three seconds at eight requests at once.
Waiting times are those of 50 users who think for half a second to one and a half in between.
"""

import asyncio
from statistics import median

from bench.serving import EMPTY, rate, signed_in, started, summary, waiting_times

ROUNDS = 5


def main() -> None:
    with started() as server:
        print(f"first start, empty folder to first page  {server.first_page_seconds:.2f} s")
        token, schedule = signed_in(server)
        paths = {"empty endpoint": EMPTY, "GET schedule": schedule}
        rates: dict[str, list[float]] = {name: [] for name in paths}
        for _ in range(ROUNDS):
            for name, path in paths.items():
                rates[name].append(asyncio.run(rate(server.port, path, token)))
        reference = median(rates["empty endpoint"])
        for name, measured in rates.items():
            print(f"{name:14}  {median(measured):6.0f}/s  {median(measured) / reference:.2f} of the empty endpoint")
        print(summary("GET schedule", asyncio.run(waiting_times(server.port, schedule, token))))


if __name__ == "__main__":
    main()
