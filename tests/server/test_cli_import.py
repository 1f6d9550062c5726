"""`jinlin import`: one JSON object on stdout, words on stderr, the sample to the last number."""

import json
from collections import Counter
from contextlib import closing

import pytest

from server import cli
from server.store import check
from server.store.database import Store
from tests.server.rosters import EXPECTED, RESTRICTED, ROSTER, id_number, line, xlsx_of
from tests.server.town import NOW

COUNTS = ("buildings", "households", "vacant_dwellings", "residents")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    data = tmp_path / "data"
    monkeypatch.setenv("JINLIN_DATA", str(data))
    return data


@pytest.fixture
def jinlin(folder, capsys):
    """Runs a command; (exit code, stdout, stderr)."""

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def community(jinlin):
    assert jinlin("init", "--community", "清龙社区", "--password", "tea-and-oranges")[0] == 0


@pytest.fixture
def asked(folder):
    """Asks the database that a command has left behind."""

    def rows(sql):
        with closing(Store(folder / "jinlin.db")) as store, store.read() as tx:
            return tx.rows(sql)

    return rows


def rejects(found):
    return [(one["sheet"], one["row"], one["class"]) for one in found]


def test_a_dry_run_needs_no_community_and_leaves_nothing(jinlin, folder):
    code, out, err = jinlin("import", ROSTER, "--dry-run", "--json")

    found = json.loads(out)
    assert code == 0
    assert {name: found[name] for name in COUNTS} == {name: EXPECTED[name] for name in COUNTS}
    assert rejects(found["rejected"]) == rejects(EXPECTED["rejects"])
    assert found["skipped"] == EXPECTED["skipped_rows_by_class"]
    assert found["categories"] == EXPECTED["categories"]
    assert "295 人" in err
    assert not folder.exists()


@pytest.mark.usefixtures("community")
def test_the_database_holds_exactly_what_the_sample_says(jinlin, asked):
    code, out, _ = jinlin("import", ROSTER, "--json")

    assert code == 0
    assert out.count("\n") == 1
    assert json.loads(out)["residents"] == EXPECTED["residents"]
    assert len(asked("select id from building")) == EXPECTED["buildings"]
    homes = asked(
        "select household.tenure, building.grid_id from household"
        " join building on building.id = household.building_id"
    )
    lived_in = [one for one in homes if one["tenure"] != "vacant"]
    assert len(lived_in) == EXPECTED["households"]
    assert len(homes) - len(lived_in) == EXPECTED["vacant_dwellings"]
    assert Counter(one["grid_id"] for one in lived_in) == EXPECTED["households_per_grid"]
    people = asked("select categories, birth_on from resident")
    assert len(people) == EXPECTED["residents"]
    labels = Counter(code for one in people for code in json.loads(one["categories"]))
    assert labels == EXPECTED["categories"]
    born = [one["birth_on"] for one in people if one["birth_on"]]
    assert sum(day <= "1966-12-31" for day in born) == EXPECTED["residents_60_plus"]
    assert sum(day <= "1946-12-31" for day in born) == EXPECTED["residents_80_plus"]
    found = asked('select sheet, "row", class from import_row order by "row"')
    assert rejects(found) == rejects(EXPECTED["rejects"])


@pytest.mark.usefixtures("community")
def test_a_second_import_says_the_same_and_adds_nothing(jinlin, asked):
    first = jinlin("import", ROSTER, "--json")
    operations = asked("select count(*) as n from operation")

    again = jinlin("import", ROSTER, "--json")

    assert again[:2] == first[:2]
    assert "没有要写入的" in again[2]
    assert asked("select count(*) as n from operation") == operations
    assert jinlin("check")[0] == 0


@pytest.mark.usefixtures("community")
def test_exports_hold_no_id_number_and_no_restricted_word(jinlin, folder):
    number = id_number("1941-02-03")
    file = folder / "名册.xlsx"
    file.write_bytes(xlsx_of(line("王小明", id=number, labels="吸毒人员、独居", note="社区矫正")))
    jinlin("import", file)
    file.unlink()

    said = "".join(
        jinlin("export", kind)[1]
        for kind in ("operations", "residents", "households", "contacts", "buildings")
    )

    assert "王小明" in said
    assert number not in said
    assert not [word for word in RESTRICTED if word in said]
    on_disk = b"".join(one.read_bytes() for one in folder.iterdir())
    assert number.encode() not in on_disk
    assert not [word for word in RESTRICTED if word.encode() in on_disk]


@pytest.mark.usefixtures("community")
def test_a_dry_run_beside_a_community_says_what_speaks_against_it(jinlin, folder, asked):
    number, file = id_number("1941-02-03"), folder / "名册.xlsx"
    file.write_bytes(xlsx_of(line("王小明", "502", id=number)))
    jinlin("import", file)
    file.write_bytes(xlsx_of(line("王小明", "601", id=number)))
    operations = asked("select count(*) as n from operation")

    _, out, _ = jinlin("import", file, "--dry-run", "--json")

    assert [one["class"] for one in json.loads(out)["rejected"]] == ["duplicate_other_address"]
    assert json.loads(out)["households"] == 0
    assert asked("select count(*) as n from operation") == operations


def test_without_a_community_it_says_what_to_do(jinlin):
    code, out, err = jinlin("import", ROSTER, "--json")

    assert code == 1
    assert out == ""
    assert "jinlin init" in err


@pytest.mark.parametrize("command", ["serve", "check"])
def test_an_empty_folder_is_not_taken_for_a_community(jinlin, command):
    code, out, err = jinlin(command)

    assert (code, out) == (1, "")
    assert "还没有社区" in err and "JINLIN_DATA" in err


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["/nowhere/名册.xlsx"], "没有这个文件", id="no such file"),
        pytest.param(["/"], "这是一个文件夹", id="a folder"),
        pytest.param([__file__], "没有找到名册", id="no roster"),
        pytest.param([ROSTER, "--as", "admin"], "不是社区办公室的账号", id="not of the office"),
        pytest.param([ROSTER, "--as", "nobody"], "不是社区办公室的账号", id="nobody"),
    ],
)
def test_what_cannot_be_done_is_said(jinlin, asked, words, said):
    code, out, err = jinlin("import", *words, "--json")

    assert code == 1
    assert out == ""
    assert said in err
    assert asked("select count(*) as n from import_batch") == [{"n": 0}]


@pytest.mark.usefixtures("community")
def test_nothing_is_wrong_afterwards(jinlin, folder):
    jinlin("import", ROSTER)

    with closing(Store(folder / "jinlin.db")) as store, store.read() as tx:
        assert list(check.faults(tx, NOW)) == []
