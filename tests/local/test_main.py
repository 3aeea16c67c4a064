"""`python -m local` serves until it is told to stop, and then stops cleanly."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="SIGINT"),
        pytest.param(signal.SIGTERM, id="SIGTERM", marks=pytest.mark.long),
    ],
)
def test_the_service_answers_when_it_says_so_and_stops_with_status_zero(number, tmp_path):
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "scim")))
    settings = {"PORT": "0", "SCIM_METER": "1", "PYTHONPATH": paths}
    with subprocess.Popen(
        [sys.executable, "-m", "local"],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as service:
        try:
            url = service.stdout.readline().split()[-1]
            token = service.stdout.readline().split()[2]
            answer = httpx2.get(
                f"{url}/ServiceProviderConfig", headers={"Authorization": f"Bearer {token}"}
            )
        finally:
            service.send_signal(number)
            service.communicate(timeout=20)
    assert answer.status_code == 200
    assert service.returncode == 0


def test_what_only_memory_has_is_not_promised_to_be_kept(tmp_path):
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "scim")))
    refused = subprocess.run(
        [sys.executable, "-m", "local"],
        env=os.environ | {"PORT": "0", "DATA": str(tmp_path), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert refused.returncode == 2
    assert "DATA is kept by STORE=dynamodb-local only" in refused.stderr


def test_workers_need_a_table_they_can_share(tmp_path):
    paths = os.pathsep.join((str(ROOT), str(ROOT / "layers" / "scim")))
    settings = {"PORT": "28199", "WORKERS": "2", "STORE": "moto", "PYTHONPATH": paths}
    refused = subprocess.run(
        [sys.executable, "-m", "local"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert refused.returncode == 2
    assert "STORE=dynamodb-local" in refused.stderr
