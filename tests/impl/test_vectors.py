"""Every vector that we keep is claimed by a test, and says where it comes from."""

import copy
from pathlib import Path

import pytest

from tests import vectors
from tests.vectors.wycheproof import UnknownFormat, parse

TESTS = Path(__file__).parents[1]
VECTORS = TESTS / "vectors"

# entry of foreign.json: the tests that reproduce or accept it
COVERED = {
    "linking": [
        "impl/wire/test_adv.py::test_a_foreign_container_decodes_layer_by_layer",
        "impl/wire/test_adv.py::test_foreign_containers_encode_byte_for_byte",
        "impl/crypto/test_xeddsa.py::test_foreign_linking_signatures",
        "impl/test_linking.py::test_a_phone_makes_the_foreign_container",
        "impl/test_linking.py::test_a_companion_accepts_the_foreign_container",
    ],
    "device_list": [
        "impl/wire/test_adv.py::test_a_foreign_list_decodes",
        "impl/crypto/test_xeddsa.py::test_foreign_device_list_signature",
        "impl/test_lists.py::test_a_foreign_list_is_learned",
    ],
    "participant_hash": ["impl/test_participants.py::test_baileys_cuts_the_base64_of_the_names_as_given"],
    "app_state_keys": ["impl/appstate/test_foreign.py::test_keys_derived_elsewhere"],
    "app_state_patch": ["impl/appstate/test_foreign.py::test_a_lone_patch_is_taken_and_written_again"],
    "lthash": ["impl/crypto/test_lthash.py::test_sums_made_elsewhere"],
    "pairing_code": ["impl/pairing_code/test_foreign.py::test_the_foreign_wrapping_key"],
    "binary_nodes": [
        "impl/wire/nodes/test_foreign.py::test_foreign_nodes_encode_byte_for_byte",
        "impl/wire/nodes/test_foreign.py::test_foreign_nodes_decode",
    ],
    "media_keys": ["impl/crypto/media/test_keys.py::test_foreign_key_derivation"],
    "session": [
        "impl/wire/test_frames.py::test_foreign_frames_are_canonical",
        "impl/sessions/test_foreign.py::test_captured_first_messages_open_in_any_order",
    ],
}
# entry of foreign.json: what it waits for; it moves up with the first test that reads it
WAITING: dict[str, str] = {}
ABOUT = {"made_with", "note"}


def readers(entry: str) -> list[str]:
    """The files of the tests, but for this one, that name the entry."""
    files = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]
    return [str(path.relative_to(TESTS)) for path in files if f'"{entry}"' in path.read_text(encoding="utf-8")]


def test_every_foreign_entry_is_covered_or_waits() -> None:
    assert set(vectors.load("foreign")) == COVERED.keys() | WAITING.keys() | ABOUT
    assert not COVERED.keys() & WAITING.keys()


@pytest.mark.parametrize(("entry", "test"), [(entry, test) for entry, tests in COVERED.items() for test in tests])
def test_what_covers_an_entry_reads_it(entry: str, test: str) -> None:
    file, name = test.split("::")
    assert f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")
    assert file in readers(entry)


def test_what_waits_is_read_by_no_test() -> None:
    assert [entry for entry in WAITING if readers(entry)] == [], "a test reads it: say so in COVERED"


def test_every_file_has_its_provenance() -> None:
    readme = (VECTORS / "README.md").read_text(encoding="utf-8")
    files = [str(path.relative_to(VECTORS)) for path in VECTORS.rglob("*.json")]
    assert [file for file in sorted(files) if f"| `{file}` |" not in readme] == []


FILE = {
    "schema": "schema_v1.json",
    "numberOfTests": 1,
    "testGroups": [
        {
            "type": "Sample",
            "source": {},
            "keySize": 256,
            "tests": [{"tcId": 7, "comment": "", "result": "valid", "flags": ["Twist", "Ktv"], "key": "00ff"}],
        }
    ],
}
EXPECTED = {"schema": "schema_v1.json", "group": {"keySize"}, "case": {"key"}, "flags": {"Ktv", "Twist"}}


def test_a_wycheproof_case_knows_its_group() -> None:
    (vector,) = parse(FILE, **EXPECTED)
    assert (str(vector), vector.group["keySize"], vector.data("key")) == ("7-Ktv-Twist", 256, b"\x00\xff")
    assert vector.valid


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("schema", lambda file, group, case: file.update(schema="schema_v2.json")),
        ("number of tests", lambda file, group, case: file.update(numberOfTests=2)),
        ("group", lambda file, group, case: group.update(tagSize=128)),
        ("group", lambda file, group, case: group.pop("keySize")),
        ("case 7", lambda file, group, case: case.update(aad="")),
        ("case 7", lambda file, group, case: case.pop("key")),
        ("flags", lambda file, group, case: case["flags"].append("Modified")),
        ("flags", lambda file, group, case: case["flags"].remove("Twist")),
    ],
)
def test_a_wycheproof_file_of_another_format_is_not_read(part, change) -> None:
    file = copy.deepcopy(FILE)
    (group,) = file["testGroups"]
    (case,) = group["tests"]
    change(file, group, case)
    with pytest.raises(UnknownFormat, match=part):
        parse(file, **EXPECTED)
