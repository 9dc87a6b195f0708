"""First start with an empty folder until the first page is answered, and how long stopping takes.

Workload: `hagukumi serve` on a new data folder (database made, migrations, edition, read models, demo family), then once more on
the same folder. Beside it the start of a Python that imports nothing but the web framework.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PORT = 18_735
GIVE_UP_SECONDS = 120
LIMIT_SECONDS = 5


def until_first_page(service: "subprocess.Popen[bytes]") -> float:
    began = time.perf_counter()
    while time.perf_counter() < began + GIVE_UP_SECONDS:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/", timeout=5):
                return time.perf_counter() - began
        except URLError:
            if service.poll() is not None:
                break
            time.sleep(0.01)
    raise SystemExit("the service did not come up")


def start_and_stop(folder: Path) -> tuple[float, float]:
    environment = os.environ | {"HAGUKUMI_DATA_DIR": str(folder / "data"), "HAGUKUMI_PORT": str(PORT)}
    command = [str(Path(sys.executable).with_name("hagukumi")), "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as service:
        up = until_first_page(service)
        asked = time.perf_counter()
        service.send_signal(signal.SIGTERM)
        service.wait()
    return up, time.perf_counter() - asked


def framework_alone() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, uvicorn"], check=True)
    return time.perf_counter() - began


def main() -> None:
    framework_alone()  # fills the file cache
    with tempfile.TemporaryDirectory(prefix="hagukumi-bench-") as folder:
        Path(folder).chmod(0o711)
        first, stop = start_and_stop(Path(folder))
        again, _ = start_and_stop(Path(folder))
    print(f"{'import of the web framework alone (reference)':<48}{framework_alone():>6.2f} s")
    print(f"{'empty folder to first page':<48}{first:>6.2f} s   at most {LIMIT_SECONDS}")
    print(f"{'the same folder again':<48}{again:>6.2f} s")
    print(f"{'SIGTERM to the end of everything':<48}{stop:>6.2f} s")


if __name__ == "__main__":
    main()
