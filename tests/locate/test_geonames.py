"""The GeoNames dump: compiled from files and from a real server, also one that breaks off."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from made_up_dump import BAD, GOOD, NAMES, PLACES, SECOND, serve, write_dump, zip_places

from conflictdesk.cli import main
from conflictdesk.errors import ConfigError
from conflictdesk.locate.downloads import fetch_file
from conflictdesk.locate.gazetteer import FileGazetteer, build_from_dump, find_gazetteer, open_gazetteer
from conflictdesk.locate.geonames import load_features


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test compiles into a cache of its own."""
    monkeypatch.setenv("CONFLICTDESK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def compile_folder(folder: Path) -> tuple[FileGazetteer, list[str]]:
    told: list[str] = []
    return FileGazetteer(build_from_dump(str(write_dump(folder)), told.append)), told


def test_a_dump_becomes_places_of_the_right_kind_in_their_units(tmp_path: Path) -> None:
    gazetteer, _ = compile_folder(tmp_path / "dump")
    kinds = {
        name: next((p.kind, p.country, p.admin1, p.admin2, p.gazetteer_id) for p in gazetteer.find(name))
        for name in ("Qelbara", "Tumbakoro Airfield", "Wadi Qelb", "Jabal Zurvan", "Qelb Camp", "Qelb Strait", "Zurvan")
    }
    unit = ("Sudan", "Zurvan", "Qelba")
    assert kinds == {
        "Qelbara": ("town", *unit, "geonames:90000003"),
        "Tumbakoro Airfield": ("site", *unit, "geonames:90000005"),
        "Wadi Qelb": ("water", *unit, "geonames:90000006"),
        "Jabal Zurvan": ("area", *unit, "geonames:90000007"),
        "Qelb Camp": ("site", *unit, "geonames:90000008"),
        "Qelb Strait": ("water", None, None, None, "geonames:90000009"),
        "Zurvan": ("admin1", "Sudan", "Zurvan", None, "geonames:90000001"),
    }
    assert gazetteer.find("Kelbara") == gazetteer.find("Qelbara")
    assert gazetteer.find("Zurvan")[0].latitude == 13.0
    assert not gazetteer.knows("Hotel Tumbakoro") and not gazetteer.knows("Farnorth")
    assert gazetteer.find("Darfur")[0].kind == "area"


def test_what_was_read_is_told_and_kept_in_the_file(tmp_path: Path) -> None:
    gazetteer, told = compile_folder(tmp_path / "dump")
    about = gazetteer.tell_about()
    assert about["rows_read"] == str(len(GOOD) + len(BAD) + 1)
    assert about["bad_rows"] == str(len(BAD) + 1)
    assert about["left_out"] == "1 rows of 1 other feature codes"
    assert about["newest_change"] == "2025-11-02"
    assert hashlib.sha256(PLACES).hexdigest() in about["files"] and hashlib.sha256(SECOND).hexdigest() in about["files"]
    assert "CC BY 4.0" in about["licence"]
    assert any("row 5 is left out" in line and "95.0" in line for line in told)
    assert any(f"{len(BAD) + 1} of them bad" in line for line in told)


def test_units_need_no_files_of_their_own_and_other_names_are_read(tmp_path: Path) -> None:
    folder = write_dump(tmp_path / "dump")
    for name in ("admin1CodesASCII.txt", "admin2Codes.txt"):
        (folder / name).unlink()
    (folder / "alternateNamesV2.txt").write_bytes(NAMES)
    gazetteer = FileGazetteer(build_from_dump(str(folder / "allCountries.txt"), lambda _: None, names=True))
    place = gazetteer.find("Toumbakoro")[0]
    assert (place.name, place.admin1, place.admin2) == ("Tumbakor", "Zurvan", "Qelba District")
    assert not gazetteer.knows("Unknownplace")


def test_a_download_that_breaks_off_goes_on_and_the_same_dump_gives_the_same_places(tmp_path: Path) -> None:
    packed = zip_places()
    told: list[str] = []
    with serve({"allCountries.zip": packed, "admin2Codes.txt": SECOND}) as served:
        served.cuts = [400_000, 300_000]
        digest = hashlib.sha256(packed).hexdigest()
        path = build_from_dump(served.address, told.append, sha256=digest.upper())
        ranges = [wanted for name, wanted in served.asked if name == "allCountries.zip"]
    assert ranges == [None, "bytes=400000-", "bytes=700000-"]
    assert any("admin1CodesASCII.txt is not there" in line for line in told)
    gazetteer = FileGazetteer(path)
    assert digest in gazetteer.tell_about()["files"]
    assert gazetteer.find("Qelbara")[0].admin2 == "Qelba"
    assert not (path.parent / "downloads").exists() or not list((path.parent / "downloads").iterdir())


def test_a_download_given_up_is_gone_on_with_by_the_next_call(tmp_path: Path) -> None:
    target, body = tmp_path / "big.zip", bytes(range(256)) * 4000
    with serve({"big.zip": body}) as served:
        served.cuts = [100_000] * 4
        with pytest.raises(ConfigError, match=r"400,000 bytes are kept"):
            fetch_file(served.address + "big.zip", target, lambda _: None)
        assert not target.exists()
        assert fetch_file(served.address + "big.zip", target, lambda _: None)
        assert served.asked[-1] == ("big.zip", "bytes=400000-")
    assert target.read_bytes() == body
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("big")] == ["big.zip"]


def test_a_file_that_changed_on_the_server_is_read_from_its_beginning(tmp_path: Path) -> None:
    target, old, new = tmp_path / "big.zip", b"old" * 200_000, b"new" * 200_000
    with serve({"big.zip": old}) as served:
        served.cuts = [100_000] * 4
        with pytest.raises(ConfigError):
            fetch_file(served.address + "big.zip", target, lambda _: None)
        served.files["big.zip"], served.tag = new, '"two"'
        fetch_file(served.address + "big.zip", target, lambda _: None)
    assert target.read_bytes() == new


def test_a_wrong_checksum_writes_nothing(tmp_path: Path, cache: Path) -> None:
    folder = write_dump(tmp_path / "dump")
    with pytest.raises(ConfigError, match="SHA-256"):
        build_from_dump(str(folder), lambda _: None, sha256="00" * 32)
    assert not list(cache.rglob("*.sqlite"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("allCountries.txt", b"no\ttable\n" * 9, "is it a GeoNames dump"),
        ("allCountries.txt", b"", "is it a GeoNames dump"),
        ("allCountries.zip", zip_places()[:5000], "cannot be read"),
        ("other.txt", b"", "holds no allCountries"),
    ],
)
def test_what_is_no_dump_is_said_in_one_line_and_leaves_nothing(
    name: str, content: bytes, said: str, tmp_path: Path, cache: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        build_from_dump(str(tmp_path), lambda _: None)
    assert not list(cache.rglob("*.sqlite")) and not list(cache.rglob("*.part"))


def test_what_a_killed_compilation_left_is_swept_and_a_live_one_is_not(tmp_path: Path, cache: Path) -> None:
    cache.mkdir()
    target = find_gazetteer(dump=True)
    dead, alive = target.with_name(target.name + ".dead.part"), target.with_name(target.name + ".live.part")
    for path in (dead, alive):
        path.write_bytes(b"half a file")
    os.utime(dead, (1_000_000_000, 1_000_000_000))
    compile_folder(tmp_path / "dump")
    assert not dead.exists() and alive.exists() and target.exists()


def test_the_command_builds_uses_and_describes_the_dump(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_dump(tmp_path / "dump")
    assert main(["gazetteer", "build", "--geonames", str(folder)]) == 0
    assert open_gazetteer().knows("Tumbakoro")
    capsys.readouterr()
    assert main(["gazetteer", "info"]) == 0
    out = capsys.readouterr().out
    assert "bad_rows: 6" in out and "kind town:" in out and "licence:" in out
    assert main(["gazetteer", "build", "--sha256", "00"]) == 2
    assert "--geonames" in capsys.readouterr().err


def test_a_dump_compiled_by_another_version_is_never_replaced_in_silence(tmp_path: Path) -> None:
    compile_folder(tmp_path / "dump")
    find_gazetteer().rename(find_gazetteer().with_name("geonames-000000000000.sqlite"))
    with pytest.raises(ConfigError, match="gazetteer build --geonames"):
        open_gazetteer()


def test_every_feature_has_a_kind_a_radius_and_a_weight() -> None:
    features = load_features()
    assert len(features) > 100
    for code, feature in features.items():
        assert feature["kind"] in ("town", "area", "site", "water"), code
        assert feature["km"] > 0 and feature["weight"] > 0, code
