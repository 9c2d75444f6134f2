"""The settings of a desk: made once, read back whole, and every fault is named with its file, key and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from conflictdesk.errors import ConfigError, StoreError
from conflictdesk.workflow.desks import init_desk, open_desk
from conflictdesk.workflow.settings import STORE_VARIABLE, Settings, make_shares, read_settings, read_sources


def test_a_fresh_desk_opens_with_the_settings_that_its_file_shows(tmp_path: Path) -> None:
    init_desk(tmp_path / "d", name='Röd "desk"')
    with open_desk(tmp_path / "d") as desk:
        assert desk.settings.name == 'Röd "desk"'
        assert desk.settings.store_url == f"sqlite:///{tmp_path}/d/store.sqlite"
        assert desk.sources == ()
        plain = Settings(name="", store_url="")
        assert (desk.settings.second, desk.settings.server) == (plain.second, plain.server)
        with desk.store.reading() as reader:
            assert reader.head() == (0, "")
    assert (tmp_path / "d" / "README.txt").is_file()


def test_the_remarks_in_the_settings_are_settings_that_can_be_used(tmp_path: Path) -> None:
    init_desk(tmp_path)
    path = tmp_path / "conflictdesk.toml"
    lines = [
        line[2:] if line.startswith(("# shares", "# address", "# contact")) else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines))
    settings = read_settings(tmp_path)
    assert dict(settings.second.shares) == {"Battles": 0.2, "Protests": 0.05}
    assert (settings.server.address, settings.fetch.contact) == ("https://desk.example.org", "desk@example.org")
    assert make_shares(settings).by_type["Battles"] == 0.2


def test_a_folder_that_holds_a_desk_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    init_desk(tmp_path, name="one")
    with pytest.raises(ConfigError, match="holds a desk already"):
        init_desk(tmp_path, name="two")
    assert read_settings(tmp_path).name == "one"


def test_a_desk_whose_store_cannot_be_made_can_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        init_desk(tmp_path / "d", store_url="sqlite:////nowhere/at/all/store.sqlite")
    init_desk(tmp_path / "d")
    open_desk(tmp_path / "d").close()


def test_no_desk_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="conflictdesk init"):
        open_desk(tmp_path)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "conflictdesk.toml").write_text(
        '[desk]\nname = 3\ncoder = "magic"\nstor = "x"\n[second]\nshare = 2\nshares = { Battels = 0.2, Riots = -1 }\n'
        'blind = "yes"\n[server]\nport = 99999\naddress = "desk"\n[fetch]\ndelay_seconds = -1\n[sever]\n'
    )
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path)
    told = str(caught.value).splitlines()
    for key, mend in (
        ("desk.name", "words"),
        ("desk.coder", "rules"),
        ("desk.stor", "did you mean 'store'"),
        ("second.share", "from 0 to 1"),
        ("second.shares.Battels", "did you mean 'Battles'"),
        ("second.shares.Riots", "from 0 to 1"),
        ("second.blind", "true or false"),
        ("server.port", "65535"),
        ("server.address", "https://"),
        ("fetch.delay_seconds", "3600"),
        ("sever", "did you mean 'server'"),
    ):
        assert [line for line in told if line.startswith(f"conflictdesk.toml: {key}:") and mend in line], key
    assert len(told) == 11


@pytest.mark.parametrize("text", ["[desk", "[desk]\nname = 'a'\nname = 'b'", "\xff"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "conflictdesk.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_settings(tmp_path)


def test_a_password_stays_out_of_the_file_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conflictdesk.toml").write_text('[desk]\nstore = "postgresql+psycopg://ann:secret@db/desk"\n')
    with pytest.raises(ConfigError, match=r"desk\.store: holds a password.*CONFLICTDESK_STORE_URL") as caught:
        read_settings(tmp_path)
    assert "secret" not in str(caught.value)
    (tmp_path / "conflictdesk.toml").write_text('[desk]\nstore = "here.sqlite"\n')
    monkeypatch.setenv(STORE_VARIABLE, "postgresql+psycopg://ann:secret@db/desk")
    assert read_settings(tmp_path).store_url == "postgresql+psycopg://ann:secret@db/desk"
    monkeypatch.delenv(STORE_VARIABLE)
    assert read_settings(tmp_path).store_url == f"sqlite:///{tmp_path}/here.sqlite"


def test_sources_are_read_by_id_and_their_faults_told(tmp_path: Path) -> None:
    init_desk(tmp_path)
    sources = tmp_path / "sources"
    (sources / "harbour.toml").write_bytes((sources / "example.toml.sample").read_bytes())
    (source,) = read_sources(tmp_path)
    assert (source.id, source.feeds) == ("harbour-gazette", ("https://gazette.example.org/news.rss",))
    (sources / "twin.toml").write_text('id = "harbour-gazette"\nname = "Twin"\nfeeds = ["file:///etc/passwd"]\n')
    (sources / "Bad Name.toml").write_text('country = "Mali"\nscale = "huge"\n')
    with pytest.raises(ConfigError) as caught:
        read_sources(tmp_path)
    told = str(caught.value)
    for said in (
        "twin.toml: id:",
        "twin.toml: feeds:",
        "Bad Name.toml: id:",
        "Bad Name.toml: name: is missing",
        "scale",
    ):
        assert said in told
