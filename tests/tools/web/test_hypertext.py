"""HTML as text: what a person would see, and nothing else."""

from __future__ import annotations

from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocket_plugins.tools.web import hypertext, link

HERE = link.read("http://example.org/folder/page")


def read(html: str, here: link.Link | None = HERE):
    return hypertext.text_of(html, here, Event())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("words", "words"),
        ("  two \n\t words  ", "two words"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div><div>one</div></div><div>two</div>", "one\n\ntwo"),
        ("<b>one</b> <i>two</i><u>three</u>", "one twothree"),
        ("one<b> two</b>", "one two"),
        ("<h1>One</h1><h3>Two</h3>three", "# One\n\n### Two\n\nthree"),
        ("<ul><li>one<li>two</ul>three", "- one\n- two\n\nthree"),
        ("<ol><li><p>one</p></li><li>two</li></ol>", "- \n\none\n\n- two"),
        ("<dl><dt>one<dd>two<dt>three<dd>four</dl>", "one\ntwo\nthree\nfour"),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2"),
        ("<table><tr><td>a </td><td></td><td> b</td></tr></table>", "a | b"),
        ("<pre>one\n  two\r\nthree</pre>four", "one\n  two\nthree\n\nfour"),
        ("<p>a</p><pre> <b>x</b>\n</pre>", "a\n\n x\n"),
        ("one<hr>two", "one\n\ntwo"),
        ("<img src=x alt='a  cat'> <img src=y><img alt=''>", "[image: a cat]"),
        (f"<img alt='{'x' * 999}'>", f"[image: {'x' * 199}…]"),
        ("&lt;b&gt; &amp;amp; &#x41;&nbsp;&euro;&nosuch;", "<b> &amp; A\xa0€&nosuch;"),
        ("a < b > c & d", "a < b > c & d"),
        ("<noscript>without</noscript>", "without"),
        ("<button>press</button><summary>more</summary>", "press\nmore"),
        ("one\u200b\u202etwo&#x200b;&#xe0041;&#27;[2J", "onetwo[2J"),
        ("</p></nosuch>words</div>", "words"),
        ("<custom-thing>words</custom-thing>", "words"),
        ("<P CLASS=x>UPPER</P>", "UPPER"),
    ],
)
def test_what_is_shown(html, text):
    assert read(html).text == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>no</script>",
        "<SCRIPT type=x>if (a < b) { '<p>no</p>' }</SCRIPT>",
        "<script><!-- no --></script>",
        "<style>p { no: no }</style>",
        "<template><p>no</p></template>",
        "<iframe>no</iframe>",
        "<object><p>no</p></object>",
        "<svg><text>no</text><path/></svg>",
        "<math><mi>no</mi></math>",
        "<textarea>no</textarea>",
        "<select><option>no<option>no</select>",
        "<datalist><option>no</datalist>",
        "<dialog>no</dialog>",
        "<audio>no</audio><video>no</video><canvas>no</canvas>",
        "<!-- no -->",
        "<!-- <p>no</p> -- > no -->",
        "<!--> -->".replace("> -->", "no-->"),
        "<!---no--->",
        "<!-- no --!>",
        "<!doctype no>",
        "<!no>",
        "<![CDATA[no]]>",
        "<![if no]>",
        "<?php no ?>",
        "</ no>",
        "<p hidden>no</p>",
        "<p hidden=until-found>no</p>",
        "<p HIDDEN>no<b>no</b></p>",
        "<div hidden><div>no</div>no</div>",
        "<div hidden/>no</div>",
        "<div aria-hidden=true>no</div>",
        "<div aria-hidden='TRUE'><a href=/x>no</a></div>",
        "<p style='display:none'>no</p>",
        "<p style='color:red; DISPLAY : None !important'>no</p>",
        "<p style='display/**/:/* x */none'>no</p>",
        "<p style='visibility:hidden;'>no</p>",
        "<p style='visibility: collapse'>no</p>",
        "<p style='content-visibility:hidden'>no</p>",
        "<p style='opacity:0'>no</p>",
        "<p style='opacity:0.0'>no</p>",
        "<p style='opacity:0%;'>no</p>",
        "<p style='font-size:0'>no</p>",
        "<p style='position:absolute; left:-9999px'>no</p>",
        "<p style='position:fixed;top: -10000.5px;'>no</p>",
        "<p style='text-indent:-999em'>no</p>",
        "<p style='color:transparent'>no</p>",
        "<p style='transform: scale(0)'>no</p>",
        "<p style='scale:0'>no</p>",
        "<p style='clip: rect(0 0 0 0); width:1px'>no</p>",
        "<p style='clip-path:inset(50%)'>no</p>",
        "<p style='font-size: 0px'>no</p>",
        "<p style='font-size:.0em'>no</p>",
        f"<p style='{'x' * 3_000}'>no</p>",
        "<img hidden alt=no>",
        "<span style='display:none' style='display:block'>no</span>",
        "<script/>no</script>",
        "<ul><li hidden>no</ul>",
    ],
)
def test_what_is_not_shown(hidden):
    assert read(f"<p>before</p>{hidden}<p>after</p>").text == "before\n\nafter"


@pytest.mark.parametrize(
    "rest",
    [
        "<!-- no",
        "<!-- no <p>no</p> --",
        "<script>no",
        "<style>no</styl",
        "<a href='no",
        "<a no='no' no",
        "</no no",
        "<!no",
        "<?no",
        "<![no",
        "<div hidden>no<p>no",
        "<template>no",
    ],
)
def test_what_is_not_ended_goes_to_the_end_of_the_page(rest):
    """Python's own parser would show a comment that nobody ends; no browser does."""
    assert read(f"<p>before</p>{rest}").text == "before"


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>no<p>yes",
        "<p hidden>no<div>yes</div>",
        "<ul><li hidden>no<li>yes</ul>",
        "<dl><dt hidden>no<dd>yes</dl>",
        "<table><tr hidden><td>no<tr><td>yes</table>",
        "<table><tr><td hidden>no<td>yes</table>",
        "<div><p hidden>no</div>yes",
        "<div hidden>no</p>no</div>yes",
        "<p style='opacity:0.5'>yes</p>",
        "<p style='font-size:0.9em'>yes</p>",
        "<p style='left:-10px; color:red; transform:scale(0.5); background-color:transparent'>yes",
        "<p style='display:nonexistent'>yes</p>",
        "<p aria-hidden=false>yes</p>",
        "<p data-hidden class=hidden>yes</p>",
        "<head><title>no</title><meta x><body>yes",
        "<!-->yes",
        "<!--->yes",
        "<!---->yes",
        "<br hidden>yes",
    ],
)
def test_what_is_hidden_does_not_hide_its_neighbours(html):
    assert read(html).text.strip(" |-") == "yes"


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ("<a href=/x>one</a>", "one [1]", ["http://example.org/x"]),
        ("<a href=x?y#z>one</a> two", "one [1] two", ["http://example.org/folder/x?y"]),
        ("<a href=/x>one </a>two", "one [1] two", ["http://example.org/x"]),
        ("<a href=/x></a>", " [1]", ["http://example.org/x"]),
        ("<a href=/x>1</a><a href=/x>2</a>", "1 [1]2 [1]", ["http://example.org/x"]),
        ("<a href=/x>1</a><a href=x>2</a><a href='../x'>3</a>", "1 [1]2 [2]3 [1]", None),
        ("<a href=https://other.net:443/>o</a>", "o [1]", ["https://other.net/"]),
        ("<a href='#part'>p</a><a>q</a><a href=''>r</a>", "pqr", []),
        ("<a href=javascript:x>j</a><a href=mailto:a@b>m</a>", "jm", []),
        ("<a href=http://me:pw@example.org/>c</a>", "c", []),
        ("<a href='http://[::1'>b</a>", "b", []),
        ("<a href='http://example.org:8080/'>b</a>", "b", []),
        ("<a href='\n/x\t'>n</a>", "n [1]", ["http://example.org/x"]),
        ("<a href=/x><p>in</p></a>", "in [1]", ["http://example.org/x"]),
        ("<a hidden href=/x>no</a>yes", "yes", []),
        ("<base href=/b/><a href=x>b</a>", "b [1]", ["http://example.org/b/x"]),
        ("<base href=http://o.net><a href=x>b</a>", "b [1]", ["http://o.net/x"]),
        ("<base href=/b/><base href=/c/><a href=x>b</a>", "b [1]", ["http://example.org/b/x"]),
        ("<base href=data:x><a href=x>b</a>", "b [1]", ["http://example.org/folder/x"]),
        ("<a href=/1><a href=/2>x</a>y</a>z", "x [2]y [1]z", None),
        ("</a><a href=/1>x", "x [1]", ["http://example.org/1"]),
    ],
)
def test_links(html, text, links):
    page = read(html)
    assert page.text == text
    assert links is None or list(page.links) == links


def test_links_know_their_places_and_the_pages_own_host():
    page = read(
        "<p>ab <a href=/x>c</a> <a href=http://o.net/>d</a> <a href=//www.example.org>e</a>"
    )
    assert page.text == "ab c [1] d [2] e [3]"
    assert [(page.text[place : place + 4], n) for place, n in page.marks] == [
        (" [1]", 1),
        (" [2]", 2),
        (" [3]", 3),
    ]
    assert page.near == ("http://example.org/x", "http://www.example.org")


def test_a_page_without_an_address_has_no_links():
    page = read("<base href=http://o.net/><a href=http://o.net/>one</a>", here=None)
    assert (page.text, page.links, page.near) == ("one", (), ())


def test_of_very_many_links_the_first_have_numbers():
    page = read("".join(f"<a href=/{n}>{n}</a> " for n in range(2_010)))
    assert len(page.links) == 2_000
    assert page.text.endswith("1999 [2000] 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> One \n two </title>", "One two"),
        ("<title>a &amp; b</title><svg><title>icon</title></svg>", "a & b"),
        ("<svg><title>icon</title></svg>", ""),
        ("<title>one<!-- no -->two</title>", "onetwo"),
        (f"<title>{'x' * 999}</title>", f"{'x' * 299}…"),
        ("<title>\x1b[2Jone\u202e</title>", "[2Jone"),
        ("<p>none", ""),
    ],
)
def test_titles(html, title):
    assert read(html).title == title


def test_nobody_waits_any_more():
    stop = Event()
    stop.set()
    for html in ("<p>one", "one", "</p>"):
        with pytest.raises(hypertext.Stopped):
            hypertext.text_of(html, None, stop)


TAGS = (
    "<p> </p> <p_hidden> <li> <ul> </ul> <td> <tr> <table> </table> <a_href=/x> </a> <pre> </pre> "
    "<script> </script> <!-- --> <![ < > & &amp; &# words <br> <h2> </h2> ' \" = <! <? </ "
    "<svg> </svg> <title> </title> <img_alt='i'> <base_href=/b/>"
)
PIECES = st.sampled_from([*(tag.replace("_", " ") for tag in TAGS.split()), " ", "\n", "\x00"])


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_soup_is_read(html):
    page = read(html)
    assert "\x00" not in page.text
    assert all(page.text.startswith(f" [{n}]", place) for place, n in page.marks)
    assert list(page.marks) == sorted(page.marks)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_inside_of_what_is_hidden_is_shown(html):
    inside = html.replace("words", "secret").replace("<template", "").replace("</template", "")
    assert "secret" not in read(f"<template>{inside}</template>").text.partition("</template>")[0]
