"""Pages around the account: positions, registration, invitations, staff, deputies, recusals, tokens, consent."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.accounts import (
    adapter,
    admin_views,
    browser_sessions,
    forms,
    invitations,
    permissions,
    queries,
    registration,
    services,
    tokens,
)
from core.accounts.actors import AUTHORITIES
from core.accounts.models import (
    ApiToken,
    Invitation,
    Organisation,
    OrganisationKind,
    Position,
    Role,
    ServiceConsent,
    User,
)
from core.accounts.sessions import (
    acting,
    choose_position,
    current_actor,
    day_of,
    forget_actor,
    positions_of,
    signed_in,
)
from core.refusals import NotPossible, Refused


def next_address(request: HttpRequest) -> str:
    """Return the page to go on to: `next`, where it is one of ours, else the desk."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def enter(request: HttpRequest, user: User, method: str) -> None:
    """Sign the user in without a password: just registered, invited, or in the demo."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    adapter.record_sign_in(request, user, method=method)


# -- positions ---------------------------------------------------------------------------------------------------


def choose(request: HttpRequest) -> HttpResponse:
    """The positions of the signed-in user; one alone needs no choice."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    held = positions_of(request.user, day_of(request))
    context = {"held": held, "next": next_address(request), "acting": current_actor(request)}
    return render(request, "accounts/choose_position.html", context)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act in another of one's positions. What other windows still show was opened in the former one: their forms,
    sent without the scripts, are void (static/js/requests.js sends the position along)."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    try:
        position_id = int(request.POST.get("position", ""))
    except ValueError:
        raise Http404 from None
    choose_position(request, position_id)
    rotate_token(request)
    return redirect(next_address(request))


@require_POST
def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """One click in demo mode; nothing at all elsewhere."""
    if not settings.DEMO_MODE:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    enter(request, user, "demo")
    return redirect(next_address(request))


# -- registration and invitations --------------------------------------------------------------------------------


def register(request: HttpRequest) -> HttpResponse:
    """机构注册: makes an unconfirmed agency with its admin, signs the admin in, and says what comes next."""
    form = forms.RegistrationForm(request.POST or None)
    if request.method == "POST" and adapter.may_register(request) and form.is_valid():
        data = form.cleaned_data
        try:
            agency = registration.register_agency(
                name=data["name"],
                credit_code=data["credit_code"],
                area=data["area"],
                username=data["username"],
                password=data["password1"],
                display_name=data["display_name"],
                email=data["email"],
                phone=data["phone"],
                code_confirmed=data["code_confirmed"],
                on=day_of(request),
            )
        except Refused as refused:
            forms.show_reasons(form, refused)
        else:
            user = User.objects.get(positions__organisation=agency)
            enter(request, user, "registration")
            messages.success(request, "注册成功。提交备案申请之前，须由注册地的县（市、区）核实机构身份。")
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/register.html", {"form": form}, status=422 if form.errors else 200)


def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation's link: for the account signed in, or with a new one."""
    try:
        invitation = invitations.find(secret)
    except NotPossible as refused:
        return render(request, "accounts/invitation_gone.html", {"refused": refused}, status=410)
    user = request.user if isinstance(request.user, User) else None
    form = None if user else forms.NewUserForm(request.POST or None, initial={"email": invitation.email})
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return _join(request, secret, user, form)
        except Refused as refused:
            if form is None:
                messages.error(request, str(refused))
            else:
                forms.show_reasons(form, refused)
    context = {"invitation": invitation, "form": form, "secret": secret}
    return render(request, "accounts/invitation.html", context, status=422 if form is not None and form.errors else 200)


def _join(request: HttpRequest, secret: str, user: User | None, form: forms.NewUserForm | None) -> HttpResponse:
    on = day_of(request)
    if user is not None:
        position = invitations.accept(secret, user, on=on)
    elif form is not None:
        data = form.cleaned_data
        position = invitations.accept_with_new_account(
            secret,
            username=data["username"],
            password=data["password1"],
            display_name=data["display_name"],
            email=data["email"],
            phone=data["phone"],
            on=on,
        )
        enter(request, position.user, "invitation")
    choose_position(request, position.pk)
    messages.success(request, f"您已加入{position.organisation}，岗位是{position.get_role_display()}。")
    return redirect(settings.LOGIN_REDIRECT_URL)


# -- staff of an organisation ------------------------------------------------------------------------------------


def _organisation(request: HttpRequest, pk: int | None) -> Organisation:
    """The actor's own organisation, or any one for who manages it; 404 for the rest."""
    actor = acting(request)
    found = actor.office if pk is None else queries.organisation_for(actor, pk)
    if found is None:
        raise Http404
    return found


@signed_in()
def staff(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """人员与岗位: who holds what, open invitations, and what the actor may do about it."""
    actor, on = acting(request), day_of(request)
    organisation = _organisation(request, pk)
    roles = permissions.roles_given_by(actor, organisation)
    form = forms.InviteForm(request.POST or None, roles=roles)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = invitations.invite(
                organisation, form.cleaned_data["role"], email=form.cleaned_data["email"], actor=actor, on=on
            )
        except Refused as refused:
            forms.show_reasons(form, refused)
        else:
            link = invitations.link(secret)
            if not invitations.send_link(invitation, link):
                messages.warning(request, "邮件没有发出去，请把下面的链接另行转给对方。")
            form = forms.InviteForm(roles=roles)
    context = {
        "organisation": organisation,
        "held": services.held(organisation, on),
        "roles": roles,
        "pending": invitations.pending(organisation) if roles else [],
        "form": form if roles else None,
        "link": link,
        "end_form": forms.EndPositionForm(initial={"last_day": on}),
        "give_form": forms.GivePositionForm(organisation=organisation) if permissions.is_administrator(actor) else None,
        "crumbs": admin_views.crumbs(organisation) if pk else [],
    }
    return render(request, "accounts/staff.html", context, status=422 if form.errors else 200)


def _back_to_staff(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    if organisation.pk == acting(request).organisation_id:
        return redirect("accounts:staff")
    return redirect("accounts:organisation-staff", pk=organisation.pk)


def _tell(request: HttpRequest, act: Any, done: str) -> None:
    """Run an action of one button; say what was done, or every reason against it."""
    try:
        act()
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason.text)
    else:
        messages.success(request, done)


@require_POST
@signed_in()
def end_position(request: HttpRequest, pk: int) -> HttpResponse:
    """End a position after a day."""
    actor, on = acting(request), day_of(request)
    position = get_object_or_404(Position.objects.select_related("organisation"), pk=pk)
    organisation = _organisation(request, position.organisation_id)
    form = forms.EndPositionForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["last_day"]
        _tell(
            request, lambda: services.end_position(position, last_day=day, actor=actor, on=on), "岗位的结束日期已登记。"
        )
    else:
        messages.error(request, "请填写岗位的最后一天。")
    forget_actor(request)
    if current_actor(request) is None:
        return redirect("accounts:choose-position")
    return _back_to_staff(request, organisation)


@require_POST
@signed_in()
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation's link worthless."""
    actor, on = acting(request), day_of(request)
    invitation = get_object_or_404(Invitation.objects.select_related("organisation"), pk=pk)
    organisation = _organisation(request, invitation.organisation_id)
    _tell(request, lambda: invitations.withdraw(invitation, actor=actor, on=on), "邀请已撤回，链接不能再用。")
    return _back_to_staff(request, organisation)


# -- deputies and recusals ---------------------------------------------------------------------------------------


@signed_in(*AUTHORITIES, OrganisationKind.OPERATOR)
def deputies(request: HttpRequest) -> HttpResponse:
    """代行: the chief names a deputy for some days; the office sees its own, the administrator all."""
    actor, on = acting(request), day_of(request)
    rows = queries.deputies_for(actor)
    may = actor.role in (Role.CHIEF, Role.ADMINISTRATOR)
    form = forms.DeputyForm(request.POST or None, actor=actor, on=on, initial={"since": on}) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.name_deputy(**form.cleaned_data, actor=actor, on=on)
        except Refused as refused:
            forms.show_reasons(form, refused)
        else:
            messages.success(request, "代行已登记。代行人在这段时间内可以作出决定，但不能决定自己提出的事项。")
            return redirect("accounts:deputies")
    context = {"rows": rows[:200], "form": form, "today": on}
    return render(request, "accounts/deputies.html", context, status=422 if form and form.errors else 200)


@require_POST
@signed_in(*AUTHORITIES, OrganisationKind.OPERATOR)
def end_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """End a deputy at once."""
    actor, on = acting(request), day_of(request)
    deputy = get_object_or_404(queries.deputies_for(actor), pk=pk)
    _tell(request, lambda: services.end_deputy(deputy, actor=actor, on=on), "代行已结束。")
    return redirect("accounts:deputies")


@signed_in(*AUTHORITIES, OrganisationKind.EXPERTS, OrganisationKind.OPERATOR)
def recusals(request: HttpRequest) -> HttpResponse:
    """回避: anyone declares one's own; a chief sees and declares the office's, the administrator sees all."""
    actor, on = acting(request), day_of(request)
    rows = queries.recusals_for(actor)
    form = forms.RecusalForm(request.POST or None, actor=actor, on=on, initial={"user": actor.person.pk})
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_recusal(**form.cleaned_data, actor=actor, on=on)
        except Refused as refused:
            forms.show_reasons(form, refused)
        else:
            messages.success(request, "回避已登记，自今天起生效。")
            return redirect("accounts:recusals")
    listed = [(row, row.until is None and permissions.may_end_recusal(actor, row)) for row in rows[:200]]
    return render(request, "accounts/recusals.html", {"rows": listed, "form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in(*AUTHORITIES, OrganisationKind.EXPERTS, OrganisationKind.OPERATOR)
def end_recusal(request: HttpRequest, pk: int) -> HttpResponse:
    """End a recusal whose ground has gone."""
    actor, on = acting(request), day_of(request)
    recusal = get_object_or_404(queries.recusals_for(actor), pk=pk)
    _tell(request, lambda: services.end_recusal(recusal, actor=actor, on=on), "回避自明天起解除。")
    return redirect("accounts:recusals")


# -- one's own account -------------------------------------------------------------------------------------------


@signed_in()
def profile(request: HttpRequest) -> HttpResponse:
    """我的账号: name, e-mail, phone; the ways to password and second factor."""
    form = forms.ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "已保存。")
        return redirect("accounts:profile")
    context = {"form": form, "held": positions_of(acting(request).person, day_of(request))}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@signed_in()
def devices(request: HttpRequest) -> HttpResponse:
    """登录的设备: where one is signed in; one of them, or all others, are signed out."""
    actor, on = acting(request), day_of(request)
    key = request.session.session_key
    if request.method == "POST":
        if reference := request.POST.get("device", ""):
            _tell(request, lambda: browser_sessions.end(reference, actor=actor, on=on), "这个设备已退出登录。")
        else:
            ended = browser_sessions.end_all(actor.person, "others", actor=actor, on=on, but=key)
            messages.success(request, f"其他 {ended} 个设备已退出登录。" if ended else "没有其他设备登录。")
        return redirect("accounts:devices")
    return render(request, "accounts/devices.html", {"rows": browser_sessions.listed(actor.person, key)})


@signed_in()
def api_tokens(request: HttpRequest) -> HttpResponse:
    """接口令牌: one's own, of every position; a new one is shown once."""
    actor, on = acting(request), day_of(request)
    form = forms.TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _, secret = tokens.create(**form.cleaned_data, actor=actor, on=on)
        form = forms.TokenForm()
    rows = ApiToken.objects.filter(position__user=actor.user).select_related("position__organisation", "position__user")
    context = {"rows": rows.order_by("-id")[:200], "form": form, "secret": secret}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in()
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token at once."""
    actor, on = acting(request), day_of(request)
    token = get_object_or_404(ApiToken, pk=pk, position__user=actor.user)
    _tell(request, lambda: tokens.revoke(token, actor=actor, on=on), "令牌已撤销。")
    return redirect("accounts:tokens")


@signed_in(OrganisationKind.AGENCY)
def consent(request: HttpRequest) -> HttpResponse:
    """送达方式: whether the agency is served in the portal; its admin gives and withdraws consent."""
    actor, on = acting(request), day_of(request)
    if request.method == "POST":
        if request.POST.get("consent") == "give":
            _tell(
                request,
                lambda: services.give_consent(actor.office, actor=actor, on=on),
                "已同意在门户接收送达。此后文书到达收件箱即为送达。",
            )
        else:
            _tell(
                request,
                lambda: services.withdraw_consent(actor.office, actor=actor, on=on),
                "已撤回同意。此前已送达的文书仍然有效。",
            )
        return redirect("accounts:consent")
    context = {
        "consents": services.consents(actor.office, on),
        "rows": ServiceConsent.objects.filter(organisation=actor.office)
        .select_related("given_by__user")
        .order_by("-id"),
        "may": permissions.is_agency_admin(actor),
    }
    return render(request, "accounts/consent.html", context)
