"""What somebody holds up to the phone: a QR as text or as a picture, or an eight-character code to be typed."""

from __future__ import annotations

import shlex
from pathlib import Path

import zxingcpp
from PIL import Image, UnidentifiedImageError

from impl.serve.errors import Unseen
from impl.wire.errors import DecodeError
from impl.wire.pairing_code import PairingCode


def words_for(seen: str) -> str:
    """What to tell a server so that its phone sees this. Raises Unseen."""
    if "," not in seen and Path(seen).suffix and Path(seen).is_file():
        return f"scan {shlex.quote(read_picture(Path(seen)))}"
    try:
        return f"code {PairingCode.decode(seen).encode()}"
    except DecodeError:
        pass
    if "," not in seen and Path(seen).suffix:
        raise Unseen(f"{seen!r} is no file here, and neither the text of a QR nor a code of 8 characters")
    if "," not in seen:
        raise Unseen(f"{seen[:60]!r} is neither the text of a QR, nor a picture of one, nor a code of 8 characters")
    return f"scan {shlex.quote(seen)}"


def read_picture(path: Path) -> str:
    """The text of the one QR in a picture. Raises Unseen."""
    try:
        with Image.open(path) as picture:
            found = zxingcpp.read_barcodes(
                picture.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
            )
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Unseen(f"{path} is no picture that can be read: {error}") from error
    if len(found) != 1:
        raise Unseen(f"{path} shows {'no QR' if not found else f'{len(found)} QRs'}; one is needed")
    return str(found[0].text)
