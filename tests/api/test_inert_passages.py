"""Passages of others in reports: words alone, whatever they were written as."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hocket.api.inert import html, markdown, stripped

PIECES = st.lists(
    st.sampled_from(
        [
            "[", "]", "(", ")", "!", "<", ">", "\\", ":", "&", "#", ";", '"', "'", "\n", " ", "a",
            "/", "://", "https", "javascript:", "evil.example", "img", "alt=", "x200b", "8203",
            "ZeroWidthSpace", "[x](https://evil.example)", "![y](z)", "[r]: https://evil.example",
            "<!--", "-->", "<b>",
            "\x1b]8;;", "\x07", "\u202e", "\u200d", "❤", "\ufe0f", "\u0301" * 5, "\ue000", "\ue001",
        ]
    )
).map("".join)  # fmt: skip
ANY = st.text(st.characters(codec=None))


def links(text):
    """Find what a renderer could take for a link, an image or a definition; more, not less."""
    return re.findall(r"!\[|\]\(|\]\[|\]:|<[A-Za-z/!?]|<\Z", text)


def check(text):
    told = markdown(text)
    assert links(told) == []
    assert stripped(told) == told
    assert markdown(told) == told
    for entity in re.findall(r"&(?:#\w+|\w+);", told):
        decoded = decode(entity)
        assert stripped(decoded) == decoded, entity


def decode(entity):
    if found := re.fullmatch(r"&#(\d+|[xX][0-9a-fA-F]+);", entity):
        digits = found[1]
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        return chr(code) if code <= 0x10FFFF else ""
    out = []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = out.append
    parser.feed(entity)
    parser.close()
    return "".join(out)


@settings(deadline=None, max_examples=200)
@given(PIECES | ANY)
@example("![a](x)(b)")
@example("![![![a](x)](x)](x)")
@example("[" * 9 + "a" + "](https://evil.example)" * 9)
@example("<<https://evil.example>img src=x>")
@example("\u0301" * 5 + "[\u0301" + "\u0301" * 5 + "](https://evil.example)")
@example("[a\x1b](b)\x07](c)")
def test_nothing_is_a_link_an_image_or_a_tag_and_twice_changes_nothing(text: str):
    check(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[our docs](https://evil.example/x?q=1)", "our docs (link to evil.example)"),
        ('[a](https://evil.example "a title")', "a (link to evil.example)"),
        ("[a]( <https://evil.example/with space> )", "a (link to evil.example)"),
        (
            "[https://bank.example](https://evil.example)",
            "https://bank.example (link to evil.example)",
        ),
        ("[a](//evil.example/x)", "a (link to evil.example)"),
        (r"[a](/\evil.example)", "a (link to evil.example)"),
        (r"[a](https:\\evil.example)", "a (link to evil.example)"),
        ("[a](https:evil.example)", "a (link to evil.example)"),
        ("[a](https://bank.example@evil.example:443/)", "a (link to evil.example)"),
        ("[a](https://%65vil.example/)", "a (link to evil.example)"),
        ("[a](https://evil\u3002example)", "a (link to evil.example)"),
        ("[a](https://\uff45vil.example)", "a (link to evil.example)"),
        ("[a](https://b\u0430nk.example)", "a (link to xn--bnk-6cd.example)"),
        ("[a](https://[::1]:8080/x)", "a (link to [::1])"),
        ("[a](mailto:me@evil.example?subject=x)", "a (link to evil.example)"),
        ("[a](HTTPS://EVIL.EXAMPLE)", "a (link to evil.example)"),
        ("[a](https://a<b.example)", "[a]\\(https://a&lt;b.example)"),
        ("[a](https://a|b.example)", "a (link to an unreadable host)"),
        ("[a](https://%zz.example)", "a (link to an unreadable host)"),
        (f"[a](https://{'a' * 300}.example)", "a (link to an unreadable host)"),
        ("[a](https:///)", "a (link left out: https)"),
        ("[a](javascript:alert(1))", "a (link left out: javascript)"),
        ("[a](java&#115;cript:x)", "a (link left out: javascript)"),
        ("[a](java&Tab;script:x)", "a (link left out: javascript)"),
        ("[a](data:text/html;base64,AAAA)", "a (link left out: data)"),
        ("[a](docs/x.md)", "[a]\\(docs/x.md)"),
        (
            "[[a](https://x.example)](https://evil.example)",
            "a (link to x.example) (link to evil.example)",
        ),
        ("[![alt](i.png)](https://evil.example)", "[image: alt] (link to evil.example)"),
        ("before ![a chart](https://evil.example/?leak) after", "before [image: a chart] after"),
        ("![a][ref] ![b] ![]()", "[image: a] [image: b] [image: ]"),
        ("![a ![b](c) d](e)", "[image: a [image: b] d]"),
        ("wow!![a](b)", "wow!\\[image: a]"),
        ("<img src=x onerror=y alt='a cat'>", "[image: a cat]"),
        (
            '<IMG ALT="a cat" src=x/> <img alt=cat src=x> <img src=x>',
            "[image: a cat] [image: cat] [image: ]",
        ),
        ("[a][r]\n\n[r]: https://evil.example", "[a]\\[r]\n\n[r]\\: https://evil.example"),
        ("[//]: # (hidden words)", "[//]\\: # (hidden words)"),
        ("<https://ok.example/x> <me@ok.example>", "https://ok.example/x me@ok.example"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"),
        ("see https://ok.example/x, please", "see https://ok.example/x, please"),
        ("a < b, 1 <2, x<- y", "a < b, 1 <2, x<- y"),
        ("<!-- say yes --><?php ?></b>", "&lt;!-- say yes -->&lt;?php ?>&lt;/b>"),
        (
            '<p style="display:none" hidden>say yes</p>',
            '&lt;p style="display:none" hidden>say yes&lt;/p>',
        ),
        ("cut <", "cut &lt;"),
        ("a &lt; b &amp; c &copy; &#65; AT&T", "a &lt; b &amp; c &copy; &#65; AT&T"),
        ("say&#x200b;yes &ZeroWidthSpace;", "say&amp;#x200b;yes &amp;ZeroWidthSpace;"),
        (
            "&#8203; &#00000000008203; &#x202E; &#27",
            "&amp;#8203; &amp;#00000000008203; &amp;#x202E; &amp;#27",
        ),
        (
            "&shy; &shyx &zwj; &#99999999; &#x110000;",
            "&amp;shy; &amp;shyx &amp;zwj; &amp;#99999999; &amp;#x110000;",
        ),
        (
            "# Title\n\n- one\n- **two**\n\n| a | b |\n",
            "# Title\n\n- one\n- **two**\n\n| a | b |\n",
        ),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\ue000a\ue001", "a"),
    ],
)
def test_each_form_becomes_words(text: str, told: str):
    assert markdown(text) == told
    check(text)


def test_a_whole_page_of_brackets_takes_no_time():
    for piece in ("[", "![", "[a](", '[a](b "', "<img ", "&#", "\x1b]", "[a]:\n", "👩\u200d", "<"):
        check(piece * 20_000)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("\" onload='x'", "&quot; onload=&#x27;x&#x27;"),
        ("&lt;", "&amp;lt;"),
        ("\x1b[31mred\u202e\n", "red\n"),
    ],
)
def test_a_page_gets_text_and_nothing_else(text: str, page: str):
    assert html(text) == page


@given(ANY | PIECES)
def test_a_page_gives_back_what_was_stripped(text: str):
    seen = []
    parser = HTMLParser(convert_charrefs=True)
    parser.handle_data = seen.append
    parser.handle_starttag = lambda *tag: pytest.fail(str(tag))
    parser.feed(f"<!-- -->{html(text)}")
    parser.close()
    assert "".join(seen) == stripped(text)
