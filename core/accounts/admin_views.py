"""The administrator's pages: organisations, users, positions. No power over any case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.accounts import admin_services, forms, queries, services
from core.accounts.actors import in_force
from core.accounts.models import Organisation, OrganisationKind, Role, User
from core.accounts.sessions import acting, day_of, signed_in
from core.counting import BoundedPaginator
from core.refusals import Refused

PAGE = 50
administrator = signed_in(OrganisationKind.OPERATOR, roles=(Role.ADMINISTRATOR,))


def crumbs(here: object) -> list[tuple[str, str]]:
    """Return the way to a page below the list of organisations."""
    return [("单位和岗位", reverse("accounts:organisations")), (str(here), "")]


@administrator
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation, by kind and name."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = queries.organisations(acting(request), text=text, kind=kind if kind in OrganisationKind.values else "")
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/organisations.html", {"page": page, "kinds": OrganisationKind.choices})


@administrator
def edit_organisation(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Create an authority, or change one; agencies register themselves."""
    organisation = get_object_or_404(admin_services.authorities(), pk=pk) if pk else None
    form = forms.OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        admin_services.save_organisation(form.instance, actor=acting(request), on=day_of(request))
        messages.success(request, "已保存。")
        return redirect("accounts:organisations")
    context = {"form": form, "organisation": organisation, "crumbs": crumbs(organisation or "新增单位")}
    return render(request, "accounts/organisation.html", context, status=422 if form.errors else 200)


@require_POST
@administrator
def give_position(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an existing user a further position."""
    organisation = get_object_or_404(Organisation, pk=pk)
    form = forms.GivePositionForm(request.POST, organisation=organisation)
    if form.is_valid():
        try:
            services.give_position(
                form.cleaned_data["user"],
                organisation,
                form.cleaned_data["role"],
                actor=acting(request),
                on=day_of(request),
            )
        except Refused as refused:
            forms.show_reasons(form, refused)
        else:
            messages.success(request, "岗位已设置。")
    for errors in form.errors.values():
        for text in errors:
            messages.error(request, str(text))
    return redirect("accounts:organisation-staff", pk=pk)


@administrator
def users(request: HttpRequest) -> HttpResponse:
    """Every user with the positions held today."""
    rows = queries.users(request.GET.get("q", "").strip())
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request, "accounts/users.html", {"page": admin_services.with_positions(page, in_force(day_of(request)))}
    )


@require_POST
@administrator
def act_on_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Block, unblock, sign out everywhere, or take a lost second factor away."""
    actor, on = acting(request), day_of(request)
    user = get_object_or_404(User, pk=pk)
    act, done = admin_services.USER_ACTIONS.get(request.POST.get("action", ""), (None, ""))
    if act is None:
        messages.error(request, "请选择要做什么。")
        return redirect("accounts:users")
    try:
        act(user, actor=actor, on=on)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("accounts:users")
