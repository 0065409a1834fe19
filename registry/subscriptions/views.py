"""The pages of a subscription. A link in a letter shows a page; only its button acts: scanners of mail open links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.accounts.sessions import day_of
from core.refusals import NotPossible
from registry import limits
from registry.subscriptions import joining, letters, links
from registry.subscriptions.forms import SubscribeForm

readable = require_http_methods(["GET", "HEAD", "POST"])


@readable
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for announcements by e-mail. The answer is the same whether or not the address is known."""
    if request.method != "POST":
        return _form(request, SubscribeForm(initial={"kinds": [request.GET.get("kind", "")]}))
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        limits.count(request, limits.SUBSCRIBE)
    except limits.TooMany as refused:
        minutes = -(-refused.wait // 60)
        form.add_error(None, f"订阅得太频繁了，同一网络每小时至多 {refused.limit} 次，请 {minutes} 分钟后再试。")
        response = _form(request, form, status=429)
        response["Retry-After"] = str(refused.wait)
        return response
    given = form.cleaned_data
    if not form.is_of_a_machine:
        joining.ask(given["address"], given["kinds"], given["often"])
    return render(request, "registry/subscriptions/asked.html", {"address": given["address"]})


def _form(request: HttpRequest, form: SubscribeForm, status: int = 200) -> HttpResponse:
    return render(request, "registry/subscriptions/subscribe.html", {"form": form}, status=status)


@readable
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was asked for; confirm it by the button."""
    on, done = day_of(request), request.method == "POST"
    try:
        row = joining.confirm(token, on) if done else joining.wished(token, on)
    except NotPossible as refused:
        return render(request, "registry/subscriptions/gone.html", {"reasons": refused.reasons}, status=410)
    context = {
        "done": done,
        "address": row.address,
        "said": letters.said({"kinds": row.kinds, "often": row.often}),
        "cancel": links.cancel_path(row.pk),
    }
    return render(request, "registry/subscriptions/confirm.html", context)


@csrf_exempt  # mail programs send the one click of RFC 8058 from elsewhere, without a cookie; the link is what counts
@readable
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription by the page's button, or by the mail program's one click. 404 for a link that is not ours."""
    done = request.method == "POST"
    if not (joining.cancel(token) if done else links.read(token, links.CANCEL)):
        raise Http404("退订链接不完整。请从邮件里重新打开。")
    return render(request, "registry/subscriptions/unsubscribe.html", {"done": done})
