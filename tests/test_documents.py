"""Files, folders and streams become documents, or one reason each why not."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancegraph.documents import Skipped, read_documents
from stancegraph.models import Document

ARTICLE = (
    "<p>President Jane Roe said on Tuesday that her country supports the treaty and will sign it next month"
    " in Geneva, whatever happens.</p><p>Her opponent rejected the idea, calling it a mistake that would cost"
    " the nation dearly over the years.</p>"
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Roe backs treaty | The Daily</title>
<meta property="og:title" content="Roe backs treaty"><meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2023-07-11T10:00:00Z">
<link rel="canonical" href="https://daily.example/2023/roe"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Roe backs treaty</h1>{ARTICLE}</article>
<footer>Copyright 2019 The Daily</footer></body></html>"""

# What UTF-8 can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]))


def read(*inputs: str | Path, **options) -> list[Document | Skipped]:
    return list(read_documents(inputs, **options))


def one(*inputs: str | Path) -> Document:
    (document,) = read(*inputs)
    assert isinstance(document, Document), str(document)
    return document


def refusal(*inputs: str | Path) -> str:
    """The one line about the one input that gave nothing."""
    (skipped,) = read(*inputs)
    assert isinstance(skipped, Skipped)
    line = str(skipped)
    assert len(line.splitlines()) == 1
    assert "; skipped. " in line
    return line


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@contextmanager
def standard_input(data: bytes):
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(data))
    try:
        yield
    finally:
        sys.stdin = before


class TestPlainText:
    def test_text_is_the_file_and_the_id_its_name(self, tmp_path):
        document = one(written(tmp_path / "vilnius.txt", "Zürich said yes.\n"))
        assert document == Document(id="vilnius", text="Zürich said yes.\n")

    @given(content=texts.filter(str.strip))
    def test_no_character_is_changed(self, content):
        with tempfile.TemporaryDirectory() as folder:
            path = written(Path(folder, "a.txt"), "\ufeff" + content)
            assert one(path).text == content

    def test_windows_line_endings_stay(self, tmp_path):
        document = one(written(tmp_path / "a.txt", "\ufeffHeadline\r\n\r\nShe said no.\r\n"))
        assert document.text == "Headline\r\n\r\nShe said no.\r\n"
        assert document.title == "Headline"

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("\n\n  A headline \n \nThe text.", "A headline"),
            ("A headline\nThe text.", None),
            ("A headline\n\n", None),
            ("A headline", None),
            ("word " * 60 + "\n\nThe text.", None),
        ],
    )
    def test_the_title_is_a_short_first_line_set_off_by_a_blank_one(self, tmp_path, text, title):
        assert one(written(tmp_path / "a.txt", text)).title == title

    def test_the_suffix_may_be_in_capitals(self, tmp_path):
        assert one(written(tmp_path / "A.TXT", "She said no.")).id == "A"


class TestMarkdown:
    def test_front_matter_is_read_and_is_no_part_of_the_text(self, tmp_path):
        path = written(
            tmp_path / "a.md",
            '---\ntitle: "NATO: what now"\ndate: 2023-07-11\nsource: The Daily\nurl: https://daily.example/a\n'
            "tags: [x, y]\nid: other\ntext: other\n---\n\nShe said **no**.\n",
        )
        assert one(path) == Document(
            id="a",
            text="\nShe said **no**.\n",
            title="NATO: what now",
            date="2023-07-11",
            source="The Daily",
            url="https://daily.example/a",
        )

    def test_front_matter_may_end_in_dots_and_have_windows_line_endings(self, tmp_path):
        document = one(written(tmp_path / "a.md", "---\r\ntitle: Now\r\n...\r\nShe said no.\r\n"))
        assert (document.title, document.text) == ("Now", "She said no.\r\n")

    def test_a_year_is_a_date(self, tmp_path):
        assert one(written(tmp_path / "a.md", "---\ndate: 2023\n---\nShe said no.")).date == "2023"

    @pytest.mark.parametrize(
        "text", ["---\nShe said no: never.\n---\nMore.", "---\ntitle: no end\nShe said no.", "---", "--- \n"]
    )
    def test_a_rule_at_the_top_is_text(self, tmp_path, text):
        document = one(written(tmp_path / "a.md", text))
        assert (document.text, document.title) == (text, None)

    @pytest.mark.parametrize(
        ("body", "title"),
        [
            ("# A heading\nShe said no.", "A heading"),
            ("\n## A heading ##  \r\nShe said no.", "A heading"),
            ("# About C#\nShe said no.", "About C#"),
            ("A heading\n=========\nShe said no.", "A heading"),
            ("A heading\n\nShe said no.", "A heading"),
            ("#hashtag politics\nShe said no.", None),
            ("She said no.", None),
        ],
    )
    def test_without_front_matter_the_first_heading_is_the_title(self, tmp_path, body, title):
        document = one(written(tmp_path / "a.md", body))
        assert (document.title, document.text) == (title, body)

    @given(content=texts.filter(str.strip))
    def test_any_text_is_a_document_or_one_line(self, content):
        with tempfile.TemporaryDirectory() as folder:
            (item,) = read(written(Path(folder, "a.md"), content))
            assert content.endswith(item.text) if isinstance(item, Document) else str(item)

    @given(block=texts)
    def test_any_front_matter_is_read_or_gives_one_line(self, block):
        with tempfile.TemporaryDirectory() as folder:
            (item,) = read(written(Path(folder, "a.md"), f"---\ntitle: {block}\n---\nShe said no."))
            assert "She said no." in item.text if isinstance(item, Document) else "a.md" in str(item)

    def test_broken_front_matter(self, tmp_path):
        path = written(tmp_path / "a.md", "---\ntitle: NATO: what now\n---\nShe said no.")
        assert refusal(path).startswith(f"{path}:2: front matter is not YAML (mapping values are not allowed here)")

    def test_front_matter_with_brackets_without_end(self, tmp_path):
        assert "front matter" in refusal(written(tmp_path / "a.md", f"---\ntitle: {'[' * 9999}\n---\nNo."))

    def test_front_matter_with_a_date_that_is_none(self, tmp_path):
        path = written(tmp_path / "a.md", "---\ndate: yesterday\n---\nShe said no.")
        assert refusal(path).startswith(f'{path}: "date" "yesterday" is not a date')

    def test_front_matter_with_a_title_that_is_a_list(self, tmp_path):
        path = written(tmp_path / "a.md", "---\ntitle: [a, b]\n---\nShe said no.")
        assert refusal(path).startswith(f'{path}: "title" is a list, not a string')

    def test_nothing_below_the_front_matter(self, tmp_path):
        assert "no text below" in refusal(written(tmp_path / "a.md", "---\ntitle: Now\n---\n \n"))

    def test_a_long_file_without_end_of_front_matter_is_read_at_once(self, tmp_path):
        text = "---\ntitle: x\n" + "She said no.\n" * 200_000
        assert one(written(tmp_path / "a.md", text)).text == text


class TestWebPages:
    def test_main_text_and_what_the_page_says_of_itself(self, tmp_path):
        document = one(written(tmp_path / "roe.html", PAGE))
        assert (document.id, document.title, document.date) == ("roe", "Roe backs treaty", "2023-07-11")
        assert (document.source, document.url) == ("The Daily", "https://daily.example/2023/roe")
        assert "President Jane Roe said on Tuesday" in document.text
        assert "Sport" not in document.text
        assert "<" not in document.text

    def test_a_date_in_the_running_text_is_not_the_date_of_the_page(self, tmp_path):
        page = PAGE.replace('<meta property="article:published_time" content="2023-07-11T10:00:00Z">', "")
        page = page.replace("/2023/roe", "/roe").replace("Her opponent", "On 3 March 2021 her opponent")
        assert one(written(tmp_path / "a.htm", page)).date is None

    def test_an_address_that_runs_a_script_is_dropped(self, tmp_path):
        page = PAGE.replace("https://daily.example/2023/roe", "javascript:alert(1)")
        assert one(written(tmp_path / "a.html", page)).url is None

    def test_the_encoding_a_page_declares_is_used(self, tmp_path):
        page = PAGE.replace("<head>", '<head><meta charset="ISO-8859-1">').replace("Jane Roe", "Jané “Roe”")
        assert "Jané “Roe”" in one(written(tmp_path / "a.html", page.encode("cp1252"))).text

    @pytest.mark.parametrize("charset", ["", '<meta charset="base64">', '<meta charset="punycode">', '<meta charset="x">'])
    def test_an_encoding_is_never_guessed(self, tmp_path, charset):
        page = PAGE.replace("<head>", f"<head>{charset}").replace("Jane", "Jané")
        path = written(tmp_path / "a.html", page.encode("cp1252"))
        assert refusal(path).startswith(f"{path}:7: not UTF-8 (byte 0xe9)")

    @pytest.mark.parametrize("page", ["<html><body></body></html>", "<html><body><script>x = 1</script></body></html>"])
    def test_no_text(self, tmp_path, page):
        path = written(tmp_path / "a.html", page)
        assert refusal(path).startswith(f"{path}: no text found in the HTML")

    def test_a_page_that_trips_the_parser(self, tmp_path):
        assert "HTML" in refusal(written(tmp_path / "a.html", "<svg><p><p>"))

    def test_the_same_page_gives_the_same_document_in_any_process(self, tmp_path):
        path = written(tmp_path / "roe.html", PAGE)
        program = "import sys; from stancegraph.documents import *; print(*read_documents(sys.argv[1:]))"
        outputs = {
            subprocess.run(
                [sys.executable, "-c", program, path],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(outputs) == 1
        assert b"Jane Roe" in outputs.pop()


class TestJsonLines:
    def test_all_fields_are_kept_and_unknown_keys_ignored(self, tmp_path):
        record = {
            "id": "wire/1 ",
            "text": "\ufeff She said\r\nno.\u2028",
            "title": "No",
            "date": "2023-07",
            "source": "Wire",
            "url": "https://wire.example",
        }
        path = written(tmp_path / "a.jsonl", lines({**record, "language": ["en"], "positions": 3}))
        assert one(path) == Document.model_validate(record)

    @given(
        records=st.lists(
            st.fixed_dictionaries({"id": texts.filter(bool), "text": texts.filter(str.strip)}, optional={"title": texts}),
            min_size=1,
            unique_by=lambda record: record["id"],
        ),
        ascii_only=st.booleans(),
    )
    def test_ids_and_texts_come_as_they_are(self, records, ascii_only):
        with tempfile.TemporaryDirectory() as folder:
            content = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
            assert read(written(Path(folder, "a.jsonl"), content)) == [Document.model_validate(r) for r in records]

    @given(content=st.binary(min_size=1))
    def test_any_bytes_give_one_line_each_at_most(self, content):
        with tempfile.TemporaryDirectory() as folder:
            items = read(written(Path(folder, "a.jsonl"), content))
            assert 1 <= len(items) <= content.count(b"\n") + 1
            assert all(len(str(item).splitlines()) == 1 for item in items if isinstance(item, Skipped))

    def test_byte_order_mark_blank_lines_and_windows_line_endings_do_not_matter(self, tmp_path):
        path = written(tmp_path / "a.jsonl", '\ufeff{"id": "a", "text": "x"}\r\n\r\n \n{"id": "b", "text": "y"}')
        assert [document.id for document in read(path)] == ["a", "b"]

    def test_dates_may_be_absent_null_empty_or_carry_a_time(self, tmp_path):
        path = written(
            tmp_path / "a.jsonl",
            lines(
                {"id": "a", "text": "x", "date": None, "title": None},
                {"id": "b", "text": "x", "date": ""},
                {"id": "c", "text": "x", "date": "2023-07-11T08:00:00Z"},
            ),
        )
        assert [document.date for document in read(path)] == [None, None, "2023-07-11"]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b'{"id": "a" "text": "x"}', "not a JSON object (Expecting ',' delimiter, column 12)"),
            (b'{"id": "a", "text": "x"', "not a JSON object (Expecting ',' delimiter, column 24)"),
            (b"She said no.", "not a JSON object (Expecting value, column 1)"),
            (b'["a", "x"]', "not a JSON object"),
            (b"[" * 99_999, "not a JSON object that can be read"),
            (b'{"id": ' + b"9" * 9_999 + b"}", "not a JSON object that can be read"),
            (b'{"id": "a", "text": "caf\xe9"}', "not UTF-8 (byte 0xe9)"),
            (b'{"text": "x"}', 'has no "id"'),
            (b'{"id": "a"}', 'has no "text"'),
            (b'{"id": "", "text": "x"}', '"id" is empty'),
            (b'{"id": "a", "text": " \\n"}', '"text" holds no words'),
            (b'{"id": 7, "text": "x"}', '"id" is a number, not a string'),
            (b'{"id": "a", "text": null}', '"text" is null, not a string'),
            (b'{"id": "a", "text": ["x"]}', '"text" is a list, not a string'),
            (b'{"id": "a", "text": {}}', '"text" is an object, not a string'),
            (b'{"id": "a", "text": "x", "title": true}', '"title" is a truth value, not a string'),
            (b'{"id": "a", "text": "x", "source": 1.5}', '"source" is a number, not a string'),
            (b'{"id": "a", "text": "half \\ud83d"}', '"text" holds half a character (a lone surrogate)'),
            (b'{"id": "a", "text": "x", "date": "11 July 2023"}', '"date" "11 July 2023" is not a date'),
            (b'{"id": "a", "text": "x", "date": 2023}', '"date" 2023 is not a date'),
            (b'{"id": "a", "text": "x", "date": "2023-13"}', '"date" "2023-13" is not a date'),
            (b'{"id": "a", "text": "x", "date": "2023-02-31"}', '"date" "2023-02-31" is not a date'),
        ],
    )
    def test_a_bad_line_costs_that_line_alone(self, tmp_path, line, reason):
        path = written(tmp_path / "a.jsonl", b'{"id": "1", "text": "x"}\n' + line + b'\n{"id": "3", "text": "x"}\n')
        first, skipped, third = read(path)
        assert (first.id, third.id) == ("1", "3")
        assert str(skipped).startswith(f"{path}:2: {reason}; skipped. ")

    def test_two_documents_under_one_id(self, tmp_path):
        path = written(tmp_path / "a.jsonl", lines({"id": "n\u200b", "text": "x"}, {"id": "n\u200b", "text": "y"}))
        document, skipped = read(path)
        assert document.text == "x"
        assert str(skipped).startswith(f'{path}:2: id "n\\u200b" is taken by {path}:1; skipped. Give each')

    def test_one_id_in_two_files(self, tmp_path):
        first = written(tmp_path / "a.jsonl", lines({"id": "b", "text": "x"}))
        second = written(tmp_path / "b.txt", "y")
        document, skipped = read(first, second)
        assert document.text == "x"
        assert str(skipped).startswith(f'{second}: id "b" is taken by {first}:1; skipped.')

    def test_read_line_by_line(self, tmp_path):
        """The first document of a pipe is there before the second is written."""
        path = tmp_path / "a.jsonl"
        os.mkfifo(path)
        reader = read_documents([path])
        program = "import sys; pipe = open(sys.argv[1], 'w');print(sys.argv[2], file=pipe, flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", program, path, '{"id": "a", "text": "x"}'], stdin=subprocess.PIPE
        ) as writer:
            assert next(reader) == Document(id="a", text="x")
            assert writer.poll() is None
            writer.stdin.close()
            assert list(reader) == []


class TestJson:
    def test_one_document(self, tmp_path):
        path = written(tmp_path / "a.json", json.dumps({"id": "x", "text": "She said no.", "more": 1}, indent=2))
        assert one(path) == Document(id="x", text="She said no.")

    def test_a_list_of_documents(self, tmp_path):
        path = written(
            tmp_path / "a.json",
            json.dumps([{"id": "x", "text": "No."}, {"id": 2}, 3, {"id": "y", "text": "Yes."}]),
        )
        first, second, third, fourth = read(path)
        assert (first.id, fourth.id) == ("x", "y")
        assert str(second).startswith(f'{path}, object 2: "id" is a number, not a string')
        assert str(third).startswith(f"{path}, object 3: not a JSON object")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ('{"id": "x",\n"text" "y"}', ":2: not JSON (Expecting ':' delimiter, column 8)"),
            ('{"id": "x"}\n{"id": "y"}', ":2: not JSON (Extra data, column 1)"),
            ("[]", ": holds no documents"),
            ("3", ": not a JSON object or list of objects"),
            ('{"id": "x"}', ': has no "text"'),
            ("[" * 99_999, ": not JSON that can be read"),
        ],
    )
    def test_bad_files(self, tmp_path, content, message):
        path = written(tmp_path / "a.json", content)
        assert refusal(path).startswith(f"{path}{message}; skipped. ")


class TestStandardInput:
    def test_json_lines(self):
        with standard_input(b'\n{"id": "a", "text": "x"}\n{"id": "b"}\n'):
            document, skipped = read("-")
        assert document == Document(id="a", text="x")
        assert str(skipped).startswith('standard input:3: has no "text"')

    def test_a_broken_first_line_does_not_hide_the_others(self):
        with standard_input(b'{"id": "a" "text": "x"}\n{"id": "b", "text": "y"}\n'):
            skipped, document = read("-")
        assert str(skipped).startswith("standard input:1: not a JSON object")
        assert document.id == "b"

    def test_plain_text(self):
        with standard_input("\n\n\ufeffÉlan.\r\n\r\nShe said no.".encode()):
            assert one("-") == Document(id="stdin", text="\n\n\ufeffÉlan.\r\n\r\nShe said no.", title="\ufeffÉlan.")

    @pytest.mark.parametrize("text", ["[Updated] She said no.", "{She} said no.", "<She> said no.", "-"])
    def test_brackets_alone_do_not_make_json_or_html(self, text):
        with standard_input(text.encode()):
            assert one("-") == Document(id="stdin", text=text)

    @pytest.mark.parametrize("indent", [None, 2])
    def test_json(self, indent):
        with standard_input(json.dumps([{"id": "a", "text": "x"}], indent=indent).encode()):
            assert one("-") == Document(id="a", text="x")

    def test_web_page(self):
        with standard_input(PAGE.encode()):
            assert one("-").source == "The Daily"

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"", "is empty"), (b" \n\n", "holds no text"), (b"caf\xe9", "not UTF-8 (byte 0xe9)")],
    )
    def test_nothing_to_read(self, data, reason):
        with standard_input(data):
            assert reason in refusal("-")

    def test_it_is_read_once(self):
        with standard_input(b"She said no."):
            assert one("-", "-").id == "stdin"

    def test_it_is_closed(self):
        program = "from stancegraph.documents import *; print(*read_documents(['-']))"
        closed = f'{sys.executable} -c "{program}" <&-'
        output = subprocess.run(closed, shell=True, capture_output=True, text=True, check=True).stdout
        assert output.startswith("standard input: is closed; skipped.")

    @pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is such a file on Linux only")
    def test_it_breaks_off(self):
        program = "from stancegraph.documents import *; print(*read_documents(['-']))"
        with Path("/proc/self/mem").open("rb") as unreadable:
            output = subprocess.check_output([sys.executable, "-c", program], stdin=unreadable, text=True)
        assert output.startswith("standard input: cannot be read (Input/output error); skipped.")


class TestFolders:
    def test_all_known_files_below_in_the_order_of_their_paths(self, tmp_path):
        for name in ("b.txt", "a/z.md", "a/b/c.htm", "a.html", "a/x.png", ".git/x.txt", ".x.txt", "B.jsonl"):
            written(tmp_path / name, PAGE if "htm" in name else lines({"id": "J", "text": "x"}))
        assert [document.id for document in read(tmp_path)] == ["J", "a/b/c", "a/z", "a", "b"]

    def test_ids_are_relative_to_the_folder_given(self, tmp_path, monkeypatch):
        written(tmp_path / "news/2023/a.txt", "She said no.")
        monkeypatch.chdir(tmp_path)
        ids = {
            str(given): one(given).id
            for given in (
                ".",
                "news",
                "news/",
                "news/2023",
                "news/2023/a.txt",
                "./news/../news",
                tmp_path / "news",
            )
        }
        assert list(ids.values()) == ["news/2023/a", "2023/a", "2023/a", "a", "a", "2023/a", "2023/a"]

    def test_files_that_would_share_an_id_are_told_apart_whatever_their_order(self, tmp_path):
        paths = [
            written(tmp_path / name, name) for name in ("x/a.txt", "x/a.md", "y/a.txt", "y/b.txt", "x/c.txt", "x/c.txt.txt")
        ]
        expected = {
            "x/a.txt": "x/a.txt",
            "x/a.md": "a.md",
            "y/a.txt": "y/a.txt",
            "y/b.txt": "b",
            "x/c.txt": "c",
            "x/c.txt.txt": "c.txt",
        }
        assert {document.text: document.id for document in read(*paths)} == expected
        assert {document.text: document.id for document in read(*reversed(paths))} == expected

    def test_a_suffix_that_makes_an_id_another_files_id(self, tmp_path):
        for name in ("c.txt", "c.md", "c.md.txt"):
            written(tmp_path / name, name)
        ids = {document.text: document.id for document in read(tmp_path)}
        assert len(set(ids.values())) == 3
        assert ids["c.txt"] == "c.txt"

    @pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes are a matter of Linux")
    def test_names_that_are_not_utf8_and_look_alike(self, tmp_path):
        written(tmp_path / os.fsdecode(b"\xff.txt"), "x")
        written(tmp_path / r"\xff.txt", "y")
        document, skipped = read(tmp_path)
        assert document.id.endswith(r"\xff.txt")
        assert document.id.encode()
        assert "is taken by" in str(skipped)

    def test_a_file_reached_twice_is_read_once(self, tmp_path, monkeypatch):
        written(tmp_path / "a.txt", "x")
        (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
        monkeypatch.chdir(tmp_path)
        assert one("a.txt", ".", "./a.txt", tmp_path).id == "a"

    def test_links_that_run_in_circles(self, tmp_path):
        written(tmp_path / "in/a.txt", "x")
        (tmp_path / "in/again").symlink_to(tmp_path)
        assert one(tmp_path / "in").id == "a"

    def test_folders_that_are_links_are_followed(self, tmp_path):
        written(tmp_path / "there/a.txt", "x")
        (tmp_path / "here").mkdir()
        (tmp_path / "here/link").symlink_to(tmp_path / "there")
        assert one(tmp_path / "here").id == "link/a"

    def test_excluded_files_are_passed_over_but_read_when_given(self, tmp_path):
        kept, left = written(tmp_path / "a.txt", "x"), written(tmp_path / "b.txt", "y")
        assert [document.id for document in read(tmp_path, exclude=[left])] == ["a"]
        assert [document.id for document in read(kept, left, exclude=[left])] == ["a", "b"]

    def test_one_path_need_not_be_in_a_list(self, tmp_path):
        path = written(tmp_path / "a.txt", "x")
        assert [document.id for document in read_documents(str(path))] == ["a"]


class TestBadInputs:
    def test_every_one_gives_one_line_in_its_place_and_the_rest_is_read(self, tmp_path):
        first = written(tmp_path / "first.txt", "x")
        bad = [
            tmp_path / "missing.txt",
            written(tmp_path / "empty.txt", ""),
            written(tmp_path / "empty.md", ""),
            written(tmp_path / "empty.html", ""),
            written(tmp_path / "empty.jsonl", ""),
            written(tmp_path / "empty.json", ""),
            written(tmp_path / "latin.txt", b"one\ncaf\xe9"),
            written(tmp_path / "picture.png", b"\x89PNG"),
            written(tmp_path / "README", "x"),
            tmp_path / "folder",
        ]
        bad[-1].mkdir()
        last = written(tmp_path / "last.txt", "y")
        items = read(first, *bad, last)
        assert (items[0].id, items[-1].id) == ("first", "last")
        assert [str(item).partition("; skipped. ")[0] for item in items[1:-1]] == [
            f"{bad[0]}: no such file or folder",
            *(f"{path}: is empty" for path in bad[1:6]),
            f"{bad[6]}:2: not UTF-8 (byte 0xe9)",
            f"{bad[7]}: unknown file type .png",
            f"{bad[8]}: no suffix to tell the file type by",
            f"{bad[9]}: no .txt, .md, .html, .htm, .jsonl, .json file in this folder",
        ]
        assert all(item.fix.endswith(".") for item in items[1:-1])

    @pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl", ".json"])
    def test_white_space_alone(self, tmp_path, suffix):
        assert "holds no" in refusal(written(tmp_path / f"a{suffix}", " \n\t\n"))

    def test_utf16(self, tmp_path):
        path = written(tmp_path / "a.txt", "She said no.".encode("utf-16"))
        assert refusal(path).startswith(f"{path}:1: is UTF-16, not UTF-8")

    def test_not_utf8_after_a_byte_order_mark(self, tmp_path):
        path = written(tmp_path / "a.txt", b"\xef\xbb\xbfone\ntwo\ncaf\xe9")
        assert refusal(path).startswith(f"{path}:3: not UTF-8 (byte 0xe9)")

    @pytest.mark.parametrize("name", ["x" * 300 + ".txt", "nul\0.txt", "file.txt/x.txt", "loop.txt"])
    def test_paths_that_cannot_be(self, tmp_path, name):
        written(tmp_path / "file.txt", "x")
        (tmp_path / "loop.txt").symlink_to("loop.txt")
        assert refusal(tmp_path / name)

    def test_a_broken_link_in_a_folder(self, tmp_path):
        (tmp_path / "a.txt").symlink_to("nowhere.txt")
        assert refusal(tmp_path).startswith(f"{tmp_path / 'a.txt'}: cannot be read (No such file or directory)")

    def test_no_permission(self):
        """Folder and file without permission, read as somebody who is not the super-user."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            written(folder / "a.txt", "x")
            written(folder / "closed/b.txt", "y")
            written(folder / "closed.txt", "z")
            folder.chmod(0o755)
            (folder / "closed").chmod(0)
            (folder / "closed.txt").chmod(0)
            with ordinary_user():
                items, direct = read(folder), read(folder / "closed/b.txt")
            (folder / "closed").chmod(0o755)
        documents = [item.id for item in items if isinstance(item, Document)]
        skipped = [str(item) for item in (*items, *direct) if isinstance(item, Skipped)]
        assert documents == ["a"]
        paths = (folder / "closed", folder / "closed.txt", folder / "closed/b.txt")
        assert [line.partition("; ")[0] for line in skipped] == [
            f"{path}: cannot be read (Permission denied)" for path in paths
        ]

    def test_hostile_names_stay_on_one_line_and_off_the_terminal(self, tmp_path):
        name = "a\nb\x1b[31m\u202e.txt"
        line = refusal(tmp_path / name)
        assert r"a\nb\x1b[31m\u202e.txt: no such file" in line

    def test_a_long_value_is_cut_in_the_message(self, tmp_path):
        record = {"id": "a", "text": "x", "date": "never " * 1000}
        assert len(refusal(written(tmp_path / "a.jsonl", lines(record)))) < 300 + len(str(tmp_path))


@contextmanager
def ordinary_user():
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
