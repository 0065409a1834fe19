"""Forms of the account pages: thin; what must hold is asked of the services, and shown at its field."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from core.accounts import credit_codes, new_accounts, queries
from core.accounts.actors import Actor
from core.accounts.admin_services import AUTHORITY_KINDS, against_parent, authorities
from core.accounts.auth_forms import password_hint
from core.accounts.models import (
    HIGHER,
    ROLES_OF_KIND,
    Organisation,
    Position,
    Role,
    User,
)
from core.accounts.services import DECLARED_GROUNDS, DEPUTISING
from core.reference.models import Area
from core.refusals import Refused

# So many agencies are named to who has to say which.
NAMED = 5
CONFIRMED_FIRST = F("confirmed_on").asc(nulls_last=True)


def show_reasons(form: forms.Form, refused: Refused) -> None:
    """Put each reason at the field it names, or over the form."""
    for reason in refused.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, reason.text)


def choose_from(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Narrow what a field offers: rows of a model, or (value, label) pairs."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows
    elif isinstance(field, forms.ChoiceField):
        field.choices = rows


def role_choices(roles: tuple[str, ...]) -> list[tuple[str, str]]:
    """Roles with their names."""
    return [(role, str(Role(role).label)) for role in roles]


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A date with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class NewUserForm(forms.Form):
    """The account fields that registration and an invitation share."""

    username = forms.CharField(
        label="登录名",
        min_length=new_accounts.SHORTEST_NAME,
        max_length=new_accounts.LONGEST_NAME,
        validators=new_accounts.NAME_VALIDATORS,
        help_text="4至30个字母、数字或 @ . + - _。",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    display_name = forms.CharField(
        label="称呼",
        max_length=40,
        help_text="在页面上怎样称呼您。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="邮箱",
        help_text="用于接收通知和重设密码。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        new_accounts.PHONE,
        label="联系电话",
        error_messages={"invalid": new_accounts.PHONE_WRONG},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    password1 = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label="再输一次密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_hint()

    def clean(self) -> dict[str, Any]:
        """Both passwords alike, and what the rules of new accounts say."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的密码不一样，请重新输入。")
        said = {name: data.get(name, "") for name in ("username", "display_name", "email")}
        for reason in new_accounts.against(password=first or "", **said):
            if data.get(field := "password1" if reason.field == "password" else reason.field):
                self.add_error(field, reason.text)
        return data


class AgencyForm(forms.Form):
    """An agency by name and code."""

    name = forms.CharField(label="机构名称", max_length=120, help_text="与营业执照或登记证书一致。")
    credit_code = forms.CharField(label="统一社会信用代码", max_length=24, help_text="18位。")
    code_confirmed = forms.BooleanField(label="我已逐位核对，代码与证照一致", required=False)

    asks_for_confirmation = False

    def clean(self) -> dict[str, Any]:
        """A malformed code is refused; a wrong check digit asks for the tick."""
        data = super().clean() or {}
        if code := data.get("credit_code"):
            data["credit_code"] = code = credit_codes.normal(code)
            if reason := credit_codes.against(code, confirmed=bool(data.get("code_confirmed"))):
                self.asks_for_confirmation = reason.code == "credit_code_check_digit"
                self.add_error("credit_code", reason.text)
        return data


class RegistrationForm(AgencyForm, NewUserForm):
    """机构注册: the agency and its admin's account."""

    area = forms.ModelChoiceField(Area.objects.all(), label="注册地所在县（市、区）", empty_label="请选择")

    field_order = ["name", "credit_code", "code_confirmed", "area"]


class InviteForm(forms.Form):
    """Whom to invite: only the roles that the actor may give there."""

    role = forms.ChoiceField(label="岗位")
    email = forms.EmailField(
        label="邮箱",
        required=False,
        help_text="填写的，链接同时发到这个邮箱。",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "role", role_choices(roles))


class EndPositionForm(forms.Form):
    """The last day of a position."""

    last_day = day_field("最后一天")


class DeputyForm(forms.Form):
    """A chief's deputy: of the same organisation, for some days."""

    chief = forms.ModelChoiceField(Position.objects.none(), label="负责人", empty_label=None)
    deputy = forms.ModelChoiceField(Position.objects.none(), label="代行人", empty_label="请选择")
    since = day_field("自")
    until = day_field("至（含当日）")
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, actor: Actor, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = queries.office_positions(actor)
        everywhere = actor.role == Role.ADMINISTRATOR
        chiefs = office if everywhere else office.filter(user=actor.user)
        choose_from(self, "chief", chiefs.filter(role=Role.CHIEF))
        deputies = office if everywhere else office.exclude(user=actor.user)
        choose_from(self, "deputy", deputies.filter(role__in=DEPUTISING))


class RecusalForm(forms.Form):
    """What to keep out of, and why. The agency is named: there are too many to choose from."""

    user = forms.ModelChoiceField(User.objects.none(), label="回避人", empty_label=None)
    agency = forms.CharField(label="回避的机构", max_length=120, help_text="统一社会信用代码，或机构名称。")
    ground = forms.ChoiceField(label="事由", choices=DECLARED_GROUNDS)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "user", queries.recusable(actor))

    def clean_agency(self) -> Organisation:
        """Find the one agency meant: by its code (where several claim it, the confirmed one), by its whole name,
        or by a part that no other has."""
        text = self.cleaned_data["agency"].strip()
        if by_code := queries.agencies(text).filter(credit_code__iexact=text).order_by(CONFIRMED_FIRST, "id").first():
            return by_code
        found = list(queries.agencies().filter(name=text)[:2]) or list(queries.agencies(text)[: NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError("没有找到这家机构。请核对统一社会信用代码或名称。")
        named = "、".join(f"{one.name}（{one.credit_code}）" for one in found[:NAMED])
        raise ValidationError(f"有几家机构符合：{named}{'等' if len(found) > NAMED else ''}。请填写统一社会信用代码。")


class TokenForm(forms.Form):
    """A name to tell tokens apart, and whether it may decide."""

    name = forms.CharField(label="用途", max_length=60, help_text="如：机构业务系统。")
    decides = forms.BooleanField(
        label="允许办理决定事项",
        required=False,
        help_text="作出决定、签发文书、公布、改动账号。只用于查询和填报的，不要勾选。",
    )


class ProfileForm(forms.ModelForm):
    """What people may change of themselves."""

    class Meta:
        model = User
        fields = ("display_name", "email", "phone")
        labels = {"email": "邮箱"}
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }


class OrganisationForm(forms.ModelForm):
    """An authority or the experts' pool, by the administrator; agencies register themselves."""

    class Meta:
        model = Organisation
        fields = ("kind", "name", "area", "parent", "phone", "address", "active")
        # An office's telephone, no person's.
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kind", AUTHORITY_KINDS)
        choose_from(self, "parent", authorities().filter(kind__in=HIGHER.values()).order_by("pk"))
        self.fields["parent"].help_text = "本单位人员全部回避时由它办理。行政复议由同级人民政府受理，不由此处决定。"
        self.fields["phone"].help_text = self.fields["address"].help_text = "在“监督投诉”页面公开。"
        if self.instance.pk:
            del self.fields["kind"]

    def clean_parent(self) -> Organisation | None:
        """The bureau alone stands above others."""
        parent: Organisation | None = self.cleaned_data["parent"]
        if reason := against_parent(self.cleaned_data.get("kind") or self.instance.kind, parent):
            raise ValidationError(reason.text)
        return parent


class GivePositionForm(forms.Form):
    """A further position for an existing user, by the administrator."""

    user = forms.CharField(label="登录名", max_length=150)
    role = forms.ChoiceField(label="岗位")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        # An invitation stands on the same page: each label leads to its own field.
        super().__init__(*args, **{"auto_id": "id_give_%s", **kwargs})
        choose_from(self, "role", role_choices(ROLES_OF_KIND[organisation.kind]))

    def clean_user(self) -> User:
        """Find the account."""
        user = User.objects.filter(username__iexact=self.cleaned_data["user"].strip(), is_active=True).first()
        if user is None:
            raise ValidationError("没有这个登录名，或账号已停用。")
        return user
