"""The CDSi engine: patients a second on one core, every vaccine group computed.

Workload: the public healthy cases of the CDC (a patient has 2.3 doses on average) as input lines of `hagukumi forecast`, decoded,
evaluated, forecast with all reasons, and encoded; supporting data loaded once, before. Reference: the same lines decoded and
encoded again with the standard library's `json`, in turns with the engine. CPU time of this process, best of the rounds.
"""

import json
import os
import time
from functools import partial
from pathlib import Path

from bench.forecasting import engine, reference, seconds
from schedule.cdsi import forecast, load_supporting_data

ROUNDS = 5


def main(folder: Path) -> None:
    cases = next(folder.glob("healthy-*.jsonl")).read_text("utf-8").splitlines()
    lines = [json.dumps(json.loads(case)["input"]).encode() for case in cases]
    started = time.process_time()
    data = load_supporting_data(next(folder.glob("supporting-data-*")))
    loading = time.process_time() - started
    answer = engine(partial(forecast, data))
    times = [(seconds(answer, lines), seconds(reference, lines)) for _ in range(ROUNDS)]
    mine, other = (min(column) for column in zip(*times, strict=True))
    print(f"supporting data loaded in {loading:.2f} s; {len(lines)} patients, best of {ROUNDS} rounds")
    print(f"engine               {len(lines) / mine:10,.0f} patients/s")
    print(f"reference: json      {len(lines) / other:10,.0f} lines/s")
    print(f"engine / reference   {mine / other:10,.1f} times the CPU time")


if __name__ == "__main__":
    if given := os.environ.get("HAGUKUMI_CONFORMANCE_DIR"):
        main(Path(given) / "cdsi")
    else:
        print("not measured: HAGUKUMI_CONFORMANCE_DIR does not name the folder of the CDC's cases")
