"""What a large file costs: memory and CPU time of sealing and opening streams, beside bare cryptography."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from impl.crypto.media import MediaKind, open_stream, seal_stream

SIZES = 10_000_000, 1_000_000_000
BARE_SIZE = 250_000_000
PIECE = bytes(64 << 10)
KEY = bytes(32)
MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes of the plaintext, CPU seconds of sealing and opening, bytes of memory at their peak."""

    size: int
    sealing: float
    opening: float
    peak: int


def main() -> None:
    """Prints what AES and hashes alone would allow; then a line a size, each from a process of its own."""
    cipher = Cipher(AES256(KEY), CBC(bytes(16)))
    # Sealing hashes plaintext and file and MACs file and chunks; opening makes no sidecar.
    sealing, opening = bare(cipher.encryptor(), macs=2), bare(cipher.decryptor(), macs=1)
    print(f"{'plaintext':>10}{'peak memory':>14}{'sealing':>12}{'of bare':>9}{'opening':>12}{'of bare':>9}")
    print(f"{'bare':>10}{'':>14}{sealing:>7.0f} MB/s{'':>9}{opening:>7.0f} MB/s")
    for size in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            cost = pool.submit(measured, size).result()
        line = f"{size / MEGA:>7.0f} MB{cost.peak / MEGA:>11.1f} MB"
        for seconds, bound in ((cost.sealing, sealing), (cost.opening, opening)):
            speed = size / seconds / MEGA
            line += f"{speed:>7.0f} MB/s{speed / bound:>9.0%}"
        print(line)


def measured(size: int) -> Cost:
    """Seals and opens a file of `size` zeros on disk; the system's part in reading and writing counts."""
    with TemporaryDirectory() as folder:
        plain, sealed, opened = (Path(folder, name) for name in ("plain", "sealed", "opened"))
        with plain.open("wb") as file:
            file.truncate(size)
        with plain.open("rb") as source, sealed.open("wb") as target:
            began = time.process_time()
            facts = seal_stream(source, target, KEY, MediaKind.VIDEO)
            sealing = time.process_time() - began
        with sealed.open("rb") as source, opened.open("wb") as target:
            began = time.process_time()
            open_stream(source, target, KEY, MediaKind.VIDEO, facts.sha256, facts.enc_sha256, facts.length)
            opening = time.process_time() - began
    return Cost(size, sealing, opening, peak_memory())


def peak_memory() -> int:
    """Of this process alone, in bytes: `ru_maxrss` would count what its parent had when it started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def bare(cipher: CipherContext, macs: int) -> float:
    """MB/s of AES-CBC, two hashes and so many HMACs over one piece again and again, without a file."""
    hashes = [hashlib.sha256(), hashlib.sha256(), *(hmac.new(KEY, digestmod="sha256") for _ in range(macs))]
    steps: list[Callable[[bytes], object]] = [cipher.update, *(each.update for each in hashes)]
    began = time.process_time()
    for _ in range(BARE_SIZE // len(PIECE)):
        for step in steps:
            step(PIECE)
    return BARE_SIZE / (time.process_time() - began) / MEGA


if __name__ == "__main__":
    main()
