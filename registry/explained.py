"""The glossary, and one article or word alone: what a link shows beside the work instead of in its place."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.sessions import day_of
from registry import articles
from regulation.glossary import GLOSSARY, TERMS

_ARTICLE = re.compile(r"M(\d{1,2})")


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Every word of the portal with its explanation, each under the anchor of its code."""
    return render(request, "registry/terms.html", {"groups": GLOSSARY})


@require_safe
def explain(request: HttpRequest, key: str) -> HttpResponse:
    """An article ("M10") or a word ("correction") as a fragment for static/js/explain.js."""
    if term := TERMS.get(key):
        return render(request, "registry/term.html", {"term": term, "alone": True})
    found = _ARTICLE.fullmatch(key)
    if found is None or int(found[1]) not in articles.SUMMARIES:
        raise Http404
    article = articles.article(int(found[1]), day_of(request))
    return render(request, "registry/rule.html", {"article": article, "alone": True})
