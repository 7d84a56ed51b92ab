"""What two more readers see in feeds: a strict XML parser (expat), which takes nothing that is not XML, and feedparser,
which many programs read feeds with.

    judge.py FILE..

prints a JSON object: for each file what each reader saw, in the shape of `Seen` in mod.rs, or why it refused.
"""

import calendar
import email.utils
import json
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"


def seconds(text):
    """Both kinds of dates, as seconds since 1970."""
    if text[:1].isdigit():
        return int(datetime.fromisoformat(text).timestamp())
    return int(email.utils.parsedate_to_datetime(text).timestamp())


def text(element, path):
    found = element.find(path)
    return None if found is None else (found.text or "")


def rss(channel):
    def item(element):
        published = seconds(text(element, "pubDate"))
        updated = text(element, f"{ATOM}updated")
        return {
            "id": text(element, "guid"),
            "title": text(element, "title"),
            "link": text(element, "link"),
            "published": published,
            "updated": seconds(updated) if updated else published,
            "authors": [creator.text for creator in element.findall(CREATOR)],
            "categories": [category.text for category in element.findall("category")],
            "summary": text(element, "description"),
            "content": text(element, ENCODED),
        }

    items = [item(element) for element in channel.findall("item")]
    return {"title": text(channel, "title"), "home": text(channel, "link"), "items": items}


def atom(feed):
    def alternate(element):
        links = element.findall(f"{ATOM}link[@rel='alternate']")
        return links[0].get("href") if links else None

    def entry(element):
        return {
            "id": text(element, f"{ATOM}id"),
            "title": text(element, f"{ATOM}title"),
            "link": alternate(element),
            "published": seconds(text(element, f"{ATOM}published")),
            "updated": seconds(text(element, f"{ATOM}updated")),
            "authors": [name.text for name in element.findall(f"{ATOM}author/{ATOM}name")],
            "categories": [category.get("term") for category in element.findall(f"{ATOM}category")],
            "summary": text(element, f"{ATOM}summary"),
            "content": text(element, f"{ATOM}content"),
        }

    items = [entry(element) for element in feed.findall(f"{ATOM}entry")]
    return {"title": text(feed, f"{ATOM}title"), "home": alternate(feed), "items": items}


def strict(path):
    root = ElementTree.parse(path).getroot()
    if root.tag == f"{ATOM}feed":
        return atom(root)
    return rss(root.find("channel")) if root.tag == "rss" else None


def lenient(path):
    # What is compared is what arrives: feedparser's own cleaning would change it.
    with open(path, "rb") as file:
        feed = feedparser.parse(file.read(), sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo:
        raise ValueError(str(feed.bozo_exception))
    if not feed.version:
        return None

    def entry(seen):
        def moment(key):
            return calendar.timegm(dict.get(seen, key)) if dict.get(seen, key) else None

        contents = [content.value for content in seen.get("content") or []]
        # Where there is no summary, it puts the content in its place, and where there is no link, the id.
        summary = dict.get(seen, "summary")
        link = seen.get("link")
        return {
            "id": seen.id,
            "title": seen.title,
            "link": None if link == seen.id and not link.startswith("http") else link,
            "published": moment("published_parsed"),
            "updated": moment("updated_parsed") or moment("published_parsed"),
            "authors": [author.name for author in seen.get("authors", []) if author.get("name")],
            "categories": [tag.term for tag in seen.get("tags", [])],
            "summary": None if summary in contents else summary,
            "content": contents[0] if contents else None,
        }

    return {"title": feed.feed.title, "home": feed.feed.link, "items": [entry(seen) for seen in feed.entries]}


def attempt(reader, path):
    try:
        return {"saw": reader(path)}
    except Exception as error:  # the reason is what is asked for
        return {"refused": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    files = {path: {"expat": attempt(strict, path), "feedparser": attempt(lenient, path)} for path in sys.argv[1:]}
    json.dump(files, sys.stdout)
