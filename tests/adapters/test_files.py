"""Files on disk become sources: which, in what order, of which show, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from adapters import files
from adapters.files import collect


def put(path: Path, body: bytes = b"hello") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def zipped(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return path


def test_a_folder_in_the_path_is_a_show_and_lone_files_belong_to_the_path(tmp_path: Path) -> None:
    root = tmp_path / "My Shows"
    put(root / "Kite Talk" / "deep" / "one.vtt")
    put(root / "loose.srt")
    sources, problems = collect([root])
    assert {(one.stem, one.show) for one in sources} == {("one", "kite-talk"), ("loose", "my-shows")}
    assert problems == []


def test_a_lone_file_belongs_to_its_folder(tmp_path: Path) -> None:
    [source] = collect([put(tmp_path / "Kite Talk" / "one.vtt", b"body")])[0]
    assert (source.show, source.stem, source.size, source.read()) == ("kite-talk", "one", 4, b"body")


def test_episode_two_comes_before_episode_ten(tmp_path: Path) -> None:
    for name in ("ep10.vtt", "ep2.vtt", "Ep1.vtt", "b/1.vtt", "10.vtt"):
        put(tmp_path / name)
    assert [source.stem for source in collect([tmp_path])[0]] == ["10", "1", "Ep1", "ep2", "ep10"]


def test_hidden_files_and_leftovers_of_systems_are_no_sources(tmp_path: Path) -> None:
    for name in (".DS_Store", ".git/HEAD", "__MACOSX/one.vtt", "Thumbs.db", "kept.vtt"):
        put(tmp_path / name)
    assert [source.stem for source in collect([tmp_path])[0]] == ["kept"]


def test_a_path_that_is_not_there_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    sources, problems = collect([tmp_path / "nowhere", put(tmp_path / "one.vtt")])
    assert [source.stem for source in sources] == ["one"]
    assert [(one.file, one.reason) for one in problems] == [
        (str(tmp_path / "nowhere"), "there is no such file or folder")
    ]


def test_a_zip_is_read_as_the_folder_it_was(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "Some Shows.zip",
        {"Kite Talk/ep10.vtt": b"ten", "Kite Talk/ep2.vtt": b"two", "loose.srt": b"x", "__MACOSX/a": b"", ".b": b""},
    )
    sources, problems = collect([archive])
    assert [(one.show, one.stem, one.read()) for one in sources] == [
        ("kite-talk", "ep2", b"two"),
        ("kite-talk", "ep10", b"ten"),
        ("some-shows", "loose", b"x"),
    ]
    assert problems == []


def test_an_empty_folder_and_an_empty_zip_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert collect([tmp_path / "empty", zipped(tmp_path / "e.zip", {})]) == ([], [])


def test_a_zip_that_unpacks_to_too_much_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_ZIP", 1000)
    sources, problems = collect([zipped(tmp_path / "bomb.zip", {f"{n}.vtt": b"0" * 400 for n in range(3)})])
    assert sources == []
    assert "more than can be imported" in problems[0].reason


def test_a_zip_with_too_many_entries_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ENTRIES", 2)
    sources, problems = collect([zipped(tmp_path / "many.zip", {f"{n}.vtt": b"" for n in range(3)})])
    assert (sources, len(problems)) == ([], 1)


def test_a_file_or_entry_that_is_too_large_fails_alone_when_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    put(tmp_path / "in" / "big.vtt", b"0" * 11)
    put(tmp_path / "in" / "fits.vtt", b"0" * 10)
    packed = zipped(tmp_path / "z.zip", {"big.vtt": b"0" * 11, "fits.vtt": b"0" * 10})
    for path in (tmp_path / "in", packed):
        big, fits = collect([path])[0]
        with pytest.raises(OSError, match="larger than"):
            big.read()
        assert len(fits.read()) == 10


def test_a_damaged_entry_fails_alone_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "torn.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("torn.vtt", b"these are the bytes that will be torn")
        archive.writestr("whole.vtt", b"whole")
    path.write_bytes(path.read_bytes().replace(b"will be torn", b"were all torn"[:12]))
    torn, whole = collect([path])[0]
    with pytest.raises(OSError, match="cannot be unpacked"):
        torn.read()
    assert whole.read() == b"whole"


def test_a_file_that_only_says_it_is_a_zip_is_a_file(tmp_path: Path) -> None:
    [source] = collect([put(tmp_path / "fake.zip", b"no zip at all")])[0]
    assert source.read() == b"no zip at all"


def test_names_that_climb_out_of_a_zip_touch_no_disk(tmp_path: Path) -> None:
    sources, _ = collect([zipped(tmp_path / "z.zip", {"../../evil.vtt": b"x", "/abs.vtt": b"y"})])
    for source in sources:
        source.read()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["z.zip"]


def test_a_document_that_is_kept_as_a_zip_is_one_file(tmp_path: Path) -> None:
    docx = zipped(tmp_path / "ep042.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})
    [source] = collect([docx])[0]
    assert (source.stem, source.read()) == ("ep042", docx.read_bytes())


def test_an_encrypted_entry_says_what_to_do(tmp_path: Path) -> None:
    path = zipped(tmp_path / "locked.zip", {"one.vtt": b"words"})
    body = bytearray(path.read_bytes())
    central = body.rfind(b"PK\x01\x02")
    body[central + 8] |= 1
    path.write_bytes(bytes(body))
    [source] = collect([path])[0]
    with pytest.raises(OSError, match="encrypted: unpack"):
        source.read()


def test_a_zip_whose_list_of_entries_is_huge_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_DIRECTORY", 100)
    sources, problems = collect([zipped(tmp_path / "many.zip", {f"{n}.vtt": b"" for n in range(3)})])
    assert (sources, "more than can be imported" in problems[0].reason) == ([], True)


def test_what_is_unpacked_is_counted_whatever_the_zip_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources, _ = collect([zipped(tmp_path / "z.zip", {f"{n}.vtt": b"0" * 400 for n in range(3)})])
    monkeypatch.setattr(files, "LARGEST_ZIP", 1000)
    first, second, third = sources
    assert (len(first.read()), len(second.read()), len(second.read())) == (400, 400, 400)
    with pytest.raises(OSError, match="more than can be imported"):
        third.read()


def test_names_that_climb_belong_to_a_show_all_the_same(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "Kite Talk.zip", {"../../evil.vtt": b"x", "C:\\old\\two.vtt": b"y", "/abs.vtt": b"z"})
    assert {(one.show, one.stem) for one in collect([archive])[0]} == {
        ("kite-talk", "evil"),
        ("old", "two"),
        ("kite-talk", "abs"),
    }


def test_an_attachment_is_read_as_the_file_or_the_zip_that_it_is(tmp_path: Path) -> None:
    [lone], _ = files.from_bytes("notes/ep 4.txt", b"hello", "kite-talk")
    assert (lone.name, lone.stem, lone.show, lone.read()) == ("notes/ep 4.txt", "ep 4", "kite-talk", b"hello")
    packed = zipped(tmp_path / "z.zip", {"a/one.vtt": b"1", "two.vtt": b"2"}).read_bytes()
    found, problems = files.from_bytes("z.zip", packed, "kite-talk")
    assert [(one.stem, one.show, one.read()) for one in found] == [
        ("one", "kite-talk", b"1"),
        ("two", "kite-talk", b"2"),
    ]
    assert problems == []
