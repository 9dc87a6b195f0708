"""What both forecast benchmarks do: forecast lines of JSON, beside the standard library reading and writing the same lines."""

import json
import time
from collections.abc import Callable, Sequence

import msgspec

from schedule.contract import ForecastAnswer, ForecastRequest, decode_line

Work = Callable[[Sequence[bytes]], None]


def engine(forecast: Callable[[ForecastRequest], ForecastAnswer]) -> Work:
    encode = msgspec.json.Encoder().encode

    def work(lines: Sequence[bytes]) -> None:
        for line in lines:
            encode(forecast(decode_line(line)))

    return work


def reference(lines: Sequence[bytes]) -> None:
    for line in lines:
        json.dumps(json.loads(line))


def seconds(work: Work, lines: Sequence[bytes]) -> float:
    start = time.process_time()
    work(lines)
    return time.process_time() - start
