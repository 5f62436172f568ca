"""What is held up to the phone: a text, a picture, a code."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from impl.serve.errors import Unseen
from impl.serve.scanning import read_picture, words_for

QR = "2@ab,AAAA,BBBB,CCCC,1"


def drawn(text: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(zxingcpp.write_barcode_to_image(barcode))


def picture(path: Path, *texts: str) -> Path:
    """Codes side by side."""
    codes = [drawn(each).resize((200, 200), Image.Resampling.NEAREST) for each in texts]
    page = Image.new("L", (300 * len(codes) + 50, 300), 255)
    for place, code in enumerate(codes):
        page.paste(code, (50 + 300 * place, 50))
    page.save(path)
    return path


def test_a_text_is_taken_as_it_is() -> None:
    assert words_for(QR) == f"scan {QR}"
    assert words_for("https://wa.me/settings/linked_devices#2@a b,A,B,C,1").endswith("a b,A,B,C,1'")


def test_a_code_is_typed() -> None:
    assert words_for("abcd-1234") == words_for("ABCD1234") == "code ABCD-1234"


def test_a_picture_is_looked_at(tmp_path: Path) -> None:
    assert words_for(str(picture(tmp_path / "qr.png", QR))) == f"scan {QR}"
    rotated = tmp_path / "rotated.png"
    Image.open(tmp_path / "qr.png").rotate(90, expand=True).save(rotated)
    assert read_picture(rotated) == QR


def test_what_shows_no_qr_says_so(tmp_path: Path) -> None:
    Image.new("L", (200, 200), 255).save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("no picture")
    picture(tmp_path / "two.png", QR, QR + "2")
    for name, why in [("blank", "no QR"), ("text", "no picture that can be read"), ("two", "2 QRs; one is needed")]:
        with pytest.raises(Unseen, match=why):
            words_for(str(tmp_path / f"{name}.png"))
    with pytest.raises(Unseen, match="neither the text of a QR, nor a picture of one, nor a code"):
        words_for("hello")
    with pytest.raises(Unseen, match=r"nowhere\.png' is no file here, and neither the text of a QR nor a code"):
        words_for(str(tmp_path / "nowhere.png"))
