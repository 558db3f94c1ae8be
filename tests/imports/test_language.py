"""A profile that cannot be used is told in one sentence, with the file, the table and the key."""

from pathlib import Path

import pytest

from core.imports.check import check_profile, in_order
from core.imports.errors import ProfileError
from core.imports.language import folders, profile_names, read_file, read_profile
from core.imports.profile import Profile
from core.modules.registry import Registry

ACCOUNT = '[[table]]\nfile = "a.csv"\ninto = "core.account"\nid = "id"\n[table.fields]\nname = "name"\n'
INVOICE = (
    '[[table]]\nfile = "i.csv"\ninto = "invoices.invoice"\nid = "id"\n'
    '[table.fields]\nnumber = "n"\nstatus = "s"\nissued_on = "d"\naccount_id = "a"\n'
)
LOOKUP = "[lookups.x]\nfile = 'f.csv'\nkey = 'k'\n"
LINE = '[[table]]\nfile = "l.csv"\ninto = "invoices.line"\nid = "id"\n[table.fields]\nparent_id = "i"\n'


def profile(folder: Path, text: str, registry: Registry) -> Profile:
    """A checked profile out of the text of one file."""
    path = folder / "m" / "profiles" / "p.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    read = read_file(path)
    check_profile(read, registry)
    return read


def test_every_profile_of_the_core_and_the_modules_fits_their_tables(registry: Registry) -> None:
    assert "dolibarr" in profile_names(registry)
    for name in profile_names(registry):
        read = read_profile(registry, name)
        assert in_order(read, check_profile(read, registry))


def test_files_of_one_name_in_the_core_and_in_modules_are_one_profile(registry: Registry) -> None:
    files = {table.file for table in read_profile(registry, "dolibarr").tables}
    assert {"llx_societe.csv", "llx_facture.csv"} <= files
    assert len(folders(registry)) >= 2


def test_a_profile_that_is_not_there_names_those_that_are(registry: Registry) -> None:
    with pytest.raises(ProfileError, match=r"no profile '\.\./dolibarr'; there are: .*dolibarr"):
        read_profile(registry, "../dolibarr")


def test_a_table_comes_after_those_that_it_refers_to(tmp_path: Path, registry: Registry) -> None:
    read = profile(tmp_path, LINE + INVOICE + ACCOUNT, registry)
    assert [t.file for t in in_order(read, check_profile(read, registry))] == ["a.csv", "i.csv", "l.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not toml", "m/profiles/p.toml: "),
        ("tabel = 1", "m/profiles/p.toml: unknown key 'tabel'"),
        (ACCOUNT.replace("a.csv", ""), "table 1: `file` is missing"),
        (ACCOUNT.replace('"a.csv"', "3"), "table 1: `file` must be a text"),
        (ACCOUNT.replace("a.csv", "../a.csv"), "must stay within the export's folder"),
        (ACCOUNT.replace("a.csv", "/etc/passwd"), "must stay within the export's folder"),
        (ACCOUNT.replace("a.csv", "C:a.csv"), "must stay within the export's folder"),
        (ACCOUNT.replace("core.account", "core.tenant"), "there is no 'core.tenant'; there are: .*core.account"),
        (ACCOUNT + "nmae = 'x'", r"\(a.csv\), fields.nmae: core.account has no such field"),
        (ACCOUNT + "version = 'x'", "fields.version: this field is not an import's to write"),
        (ACCOUNT.replace('name = "name"', ""), "the field 'name' of core.account is required"),
        (ACCOUNT + "code = []", "fields.code: the list is empty"),
        (ACCOUNT + "code = 3", "fields.code: must be a table"),
        (ACCOUNT + "code = { colum = 'x' }", "fields.code: unknown key 'colum'"),
        (ACCOUNT + "code = { column = 'x', value = 'y' }", "fields.code: give one of column, value, product and join"),
        (ACCOUNT + "code = { value = 'y', lookup = 'x' }", "fields.code: a value goes with `when` alone"),
        (ACCOUNT + "code = { value = 1.5 }", "must be a text, a whole number, true or false"),
        (ACCOUNT + "code = { column = 'x', otherwise = '' }", "`otherwise` goes with `lookup` or `map`"),
        (ACCOUNT + "code = { column = 'x', lookup = 'y' }", "fields.code: there is no look-up 'y' in this file"),
        (ACCOUNT + "code = { column = 'x', map = 'y' }", "`map` must be a table"),
        (ACCOUNT + "code = { column = 'x', empty = 'y' }", "empty: must be a list of texts"),
        (ACCOUNT + "[[table.only]]\nreason = 'r'", "only: the condition `when` is missing"),
        (ACCOUNT + "[[table.files]]\npath = 'x'\nname = 'y'\ntype = 'z'", "core.account is no record"),
        (INVOICE + "[[table.files]]\nname = 'y'\ntype = 'z'", "files: `path` is missing"),
        (INVOICE + "[[table.files]]\npath = '../{n}'\nname = 'y'\ntype = 'z'", "stay within the export's folder"),
        (INVOICE + "[[table.files]]\npath = '{n.x}'\nname = 'y'\ntype = 'z'", "braces hold the plain name"),
        (INVOICE + "[[table.checks]]\nsum = ['number']\nequals = 'total'\nreason = 'r'", "'number' is no amount"),
        (INVOICE.replace("[table.f", "member_of = 'x'\n[table.f"), "only contacts are members of accounts"),
        (LINE.replace("parent_id", "position"), "the field 'parent_id' of invoices.line is required"),
        (ACCOUNT.replace("a.csv", "a*b*.csv"), "one `[*]` may stand in a name without a folder"),
        (ACCOUNT.replace("a.csv", "b/a*.csv"), "one `[*]` may stand in a name without a folder"),
        (ACCOUNT.replace('id = "id"', "group = true"), "`group` needs the `id` by which rows belong together"),
        (ACCOUNT.replace('id = "id"', 'id = "id"\ngroup = 1'), "`group` must be true or false"),
        (ACCOUNT + "code = { product = ['x', 'y'] }", "fields.code: only amounts can be a product or a sum"),
        (ACCOUNT + "code = { column = 'x', sum = true }", "fields.code: only amounts can be a product or a sum"),
        (ACCOUNT + "code = { column = 'x', whole = 'yes' }", "`whole` must be true or false"),
        (ACCOUNT + "code = { column = 'x', per = 0 }", "`per` must be a whole number above nothing"),
        (
            INVOICE + "net = { product = ['x', 'y'], whole = true }",
            "fields.net: a product goes with `sum` and `missing` alone",
        ),
        (INVOICE + "net = { product = ['x'] }", "fields.net: a product is of two to five columns"),
        (INVOICE + "net = { product = 'xy' }", "fields.net: a product is of two to five columns"),
        (
            INVOICE + "net = { column = 'x', product = ['x', 'y'] }",
            "fields.net: give one of column, value, product and join",
        ),
        (ACCOUNT + "code = { join = [] }", "fields.code: `join` names columns, and goes with `when` alone"),
        (ACCOUNT.replace('id = "id"', "id = { value = 'x' }"), "an `id` with a value goes with `group`"),
        (ACCOUNT.replace("a.csv", "a.csv | ../b.csv"), "must stay within the export's folder"),
        (INVOICE + "net = ['x', { product = ['x', 'y'] }]", "fields.net: a product or a sum stands alone, in no list"),
        (INVOICE + "net = { column = 'x', sum = true }", "fields.net: `sum` goes with `group`, rows that become one"),
        (
            ACCOUNT + "code = { column = 'x', when = { y = { ends = 'z' } } }",
            "when.y: unknown key 'ends'; known are begins",
        ),
        (ACCOUNT + "code = { column = 'x', when = { y = { begins = '' } } }", "when.y: `begins` is missing"),
        ("[lookups.x]\nfile = 'f.csv'\nkey = 'k'", "lookups.x: `value` is missing"),
        (LOOKUP + "value = 'v'\nsum = ['v']", "lookups.x: give one of value and sum"),
        (LOOKUP + "sum = []", "lookups.x: a sum is of products of one to five columns"),
        (LOOKUP + "value = 'v'\nwhen = { y = { lookup = 'x' } }", "lookups.x: a look-up asks no other look-up"),
        (ACCOUNT + "code = { column = 'x', when = { y = { lookup = 'z' } } }", "there is no look-up 'z' in this file"),
        (ACCOUNT + "code = { column = 'x', missing = 1 }", "fields.code: `missing` goes with `product`"),
        (ACCOUNT + "code = { column = 'x', when = { y = { begins = 'a', none = ['b'] } } }", "give one of begins"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, registry: Registry, text: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        profile(tmp_path, text, registry)


@pytest.mark.parametrize(
    "field", ["portal_user", "support_start", "portal_end", "password_hash", "email_key", "tenant_id", "id"]
)
def test_no_profile_writes_what_is_staffs_or_the_cores(tmp_path: Path, registry: Registry, field: str) -> None:
    text = ACCOUNT.replace("core.account", "core.contact").replace("name =", f"{field} =")
    with pytest.raises(ProfileError, match=f"fields.{field}: this field is not an import's to write"):
        profile(tmp_path, text, registry)
