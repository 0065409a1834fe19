"""An organisation's people: who holds which position, invitations, an agency's consent to service in the portal."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts import invitations, permissions, queries, services
from core.accounts.models import Invitation, Organisation, OrganisationKind, Position, Role, ServiceConsent
from core.api.fields import Day
from core.api.serializers import OrganisationSerializer
from core.workflow.api import ActingView, ActorView

TAGS = ["people"]


class PositionSerializer(serializers.ModelSerializer):
    """A dated position and who holds it."""

    organisation = OrganisationSerializer(read_only=True)
    user = serializers.IntegerField(source="user_id", read_only=True, help_text="用户的编号")
    name = serializers.CharField(source="user.__str__", read_only=True, help_text="称呼")
    active = serializers.BooleanField(source="user.is_active", read_only=True, help_text="账号启用")
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    role_label = serializers.CharField(source="get_role_display", read_only=True)

    class Meta:
        model = Position
        fields = ("id", "organisation", "user", "name", "active", "role", "role_label", "since", "until")
        read_only_fields = fields


class EndPositionBody(serializers.Serializer):
    """The last day of a position; yesterday ends it at once."""

    last_day = Day()


class InvitationSerializer(serializers.ModelSerializer):
    """An invitation that can still be accepted."""

    role = serializers.ChoiceField(choices=Role.choices, read_only=True)
    role_label = serializers.CharField(source="get_role_display", read_only=True)

    class Meta:
        model = Invitation
        fields = ("id", "role", "role_label", "email", "expires_at", "withdrawn")
        read_only_fields = fields


class InvitedSerializer(InvitationSerializer):
    """A new invitation with its link, which is shown this once."""

    link = serializers.CharField(read_only=True, default="", help_text="邀请链接，只在这一次答复里给出；重发请求时为空")
    sent = serializers.BooleanField(read_only=True, default=False, help_text="链接已发到所填的邮箱")

    class Meta(InvitationSerializer.Meta):
        fields = (*InvitationSerializer.Meta.fields, "link", "sent")  # type: ignore[assignment]


class InvitationBody(serializers.Serializer):
    """Whom to invite."""

    role = serializers.ChoiceField(choices=Role.choices, help_text="只能是当前岗位可以设置的岗位")
    email = serializers.EmailField(required=False, allow_blank=True, default="", help_text="填写的，链接同时发到这里")


class ConsentRowSerializer(serializers.ModelSerializer):
    """A consent, in force or withdrawn."""

    given_by = serializers.CharField(source="given_by.user.__str__", read_only=True)

    class Meta:
        model = ServiceConsent
        fields = ("given_on", "given_by", "withdrawn_on")
        read_only_fields = fields


class ConsentSerializer(serializers.Serializer):
    """Whether an agency is served in the portal (送达)."""

    in_force = serializers.BooleanField(help_text="今天在门户接收送达")
    rows = ConsentRowSerializer(many=True, help_text="历次同意，新的在前")


class _OfOrganisation(ActorView):
    def organisation(self, pk: int) -> Organisation:
        """Return one's own organisation, or any one for the administrator. Raises NotFound for the rest."""
        found = queries.organisation_for(self.actor, pk)
        if found is None:
            raise NotFound("没有这个单位。")
        return found


class People(_OfOrganisation):
    """Who holds what."""

    @extend_schema(
        operation_id="organisations_people",
        summary="单位的人员与岗位",
        tags=TAGS,
        responses=PositionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return the positions that hold today or begin later."""
        rows = services.held(self.organisation(pk), self.actor.on)
        return Response(PositionSerializer(rows, many=True).data)


class EndPosition(ActingView, _OfOrganisation):
    """Ending a position."""

    @extend_schema(
        operation_id="positions_end",
        summary="结束岗位",
        tags=TAGS,
        request=EndPositionBody,
        responses=PositionSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """End it after a day."""

        def prepare() -> Any:
            position = Position.objects.select_related("organisation", "user").filter(pk=pk).first()
            if position is None or queries.organisation_for(self.actor, position.organisation_id) is None:
                raise NotFound("没有这个岗位。")
            day = self.body(EndPositionBody)["last_day"]
            return position, lambda: services.end_position(position, last_day=day, **self.by)

        return self.deed(request, "position.ended", prepare, PositionSerializer)


class Invitations(ActingView, _OfOrganisation):
    """Invitations of an organisation."""

    def organisation(self, pk: int) -> Organisation:
        """Return it for who may give positions there; for the others there are no invitations."""
        found = super().organisation(pk)
        if not permissions.roles_given_by(self.actor, found):
            raise NotFound("没有这项内容。")
        return found

    @extend_schema(
        operation_id="organisations_invitations",
        summary="未使用的邀请",
        tags=TAGS,
        responses=InvitationSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return those that can still be accepted, for who may invite."""
        return Response(InvitationSerializer(invitations.pending(self.organisation(pk)), many=True).data)

    @extend_schema(
        operation_id="organisations_invite",
        summary="邀请人员担任岗位",
        description="对方在门户打开链接接受邀请；链接只给出一次，不保存。",
        tags=TAGS,
        request=InvitationBody,
        responses={201: InvitedSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make an invitation; the link stands in this answer alone."""
        made: list[tuple[Invitation, str]] = []

        def prepare() -> Any:
            organisation, data = self.organisation(pk), self.body(InvitationBody)

            def act() -> Invitation:
                made.append(invitations.invite(organisation, data["role"], email=data["email"], **self.by))
                return made[-1][0]

            return organisation, act

        response = self.deed(request, "invitation.made", prepare, InvitedSerializer, status=201)
        # No link in the answer that an Idempotency-Key keeps: the secret is kept nowhere.
        for invitation, secret in made:
            link = invitations.link(secret)
            sent = bool(invitation.email) and invitations.send_link(invitation, link)
            response.data = {**response.data, "link": link, "sent": sent}
        return response


class WithdrawInvitation(ActingView, _OfOrganisation):
    """Taking an invitation back."""

    @extend_schema(
        operation_id="invitations_withdraw",
        summary="撤回邀请",
        tags=TAGS,
        request=None,
        responses=InvitationSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make its link worthless."""

        def prepare() -> Any:
            invitation = Invitation.objects.select_related("organisation").filter(pk=pk).first()
            if invitation is None or queries.organisation_for(self.actor, invitation.organisation_id) is None:
                raise NotFound("没有这个邀请。")

            def act() -> Invitation:
                invitations.withdraw(invitation, **self.by)
                invitation.refresh_from_db()
                return invitation

            return invitation, act

        return self.deed(request, "invitation.withdrawn", prepare, InvitationSerializer)


# -- consent to service in the portal ----------------------------------------------------------------------------


class _Consent(ActingView):
    kinds = (OrganisationKind.AGENCY,)

    def standing(self) -> dict[str, Any]:
        """How consent stands today, and how it stood."""
        office = self.actor.office
        rows = ServiceConsent.objects.filter(organisation=office).select_related("given_by__user").order_by("-id")
        return {"in_force": services.consents(office, self.actor.on), "rows": rows}

    def change(self, request: Request, verb: str, change: Any) -> Response:
        """Give or withdraw it, and answer how it stands now."""

        def act() -> dict[str, Any]:
            change(self.actor.office, **self.by)
            return self.standing()

        return self.deed(request, verb, lambda: (self.actor.office, act), ConsentSerializer)


class Consent(_Consent):
    """Consent as it stands."""

    http_method_names = ["get", "options"]

    @extend_schema(operation_id="service_consent", summary="送达方式", tags=TAGS, responses=ConsentSerializer)
    def get(self, request: Request) -> Response:
        """Return whether the caller's agency is served in the portal."""
        return Response(ConsentSerializer(self.standing()).data)


class GiveConsent(_Consent):
    """Giving consent."""

    @extend_schema(
        operation_id="service_consent_give",
        summary="同意在门户接收送达",
        description="此后文书到达收件箱即为送达。由机构管理员确认。",
        tags=TAGS,
        request=None,
        responses=ConsentSerializer,
    )
    def post(self, request: Request) -> Response:
        """Give it, as the agency's admin."""
        return self.change(request, "service_consent.given", services.give_consent)


class WithdrawConsent(_Consent):
    """Withdrawing consent."""

    @extend_schema(
        operation_id="service_consent_withdraw",
        summary="撤回同意",
        description="此前已送达的文书仍然有效。",
        tags=TAGS,
        request=None,
        responses=ConsentSerializer,
    )
    def post(self, request: Request) -> Response:
        """Withdraw it, as the agency's admin."""
        return self.change(request, "service_consent.withdrawn", services.withdraw_consent)
