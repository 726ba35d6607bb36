"""Inviting, changing roles, accepting an invitation, resetting a second factor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Membership, Municipality, Office, User
from teikyaku.accounts.models.user import folded_email
from teikyaku.accounts.roles import ROLE_SCOPES, Role, Scope
from teikyaku.fields import NEAR, DateField, KanaField


class RoleBoxes(forms.CheckboxSelectMultiple):
    """役割 each with the kind of place in which it is held, for the fields that follow from it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With `data-scope`."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-scope"] = ROLE_SCOPES[Role(str(value))].value
        return option


class InviteForm(forms.Form):
    """招待: who, where, in which roles, from when.

    An address that is registered is told before anything is stored: sent again, that person gets
    the place. `own` is who invites, whom the action refuses with words of its own.
    """

    roles = forms.MultipleChoiceField(
        label=_("役割"),
        choices=Role.choices,
        widget=RoleBoxes,
        help_text=_("兼務ならいくつでも。事業所・自治体・システムの役割は混ぜられません。"),
    )
    # Seen once a role asks for it (forms.css); where the browser cannot, both with these words.
    office = forms.ModelChoiceField(
        label=_("事業所"), queryset=Office.objects.all(), required=False,
        help_text=_("支援員・サービス管理責任者・管理者・請求担当のとき。"),
    )  # fmt: skip
    municipality = forms.ModelChoiceField(
        label=_("自治体"),
        queryset=Municipality.objects.select_related("city"),
        required=False,
        help_text=_("区役所職員は区、本庁の職員は市を選びます。"),
    )
    email = forms.EmailField(label=_("メールアドレス"))
    name = forms.CharField(label=_("氏名"), max_length=80)
    kana = KanaField(required=False, max_length=80, help_text=_("職員の一覧の並びに使います。"))
    starts_on = DateField(label=_("所属の開始日"))
    ends_on = DateField(label=_("所属の終了日"), required=False)
    # Whose address it is, as the page has told it; no part of what is stored.
    known = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["office"].asked_when = _("事業所の役割のとき必須")  # type: ignore[attr-defined]
        place = self.fields["municipality"]
        place.asked_when = _("自治体の役割のとき必須")  # type: ignore[attr-defined]
        place.choices = _by_role(place.queryset)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """Somebody's who is registered is told once, with where they work."""
        email: str = self.cleaned_data["email"]
        user = User.objects.filter(email=folded_email(email)).first()
        asked = "" if user is None or user == self.own else str(user.public_id)
        is_told = self.data.get("known", "") == asked
        sent = cast("QueryDict", self.data).copy()
        sent["known"] = asked
        self.data = sent
        if user is not None and asked and not is_told:
            raise forms.ValidationError(_already_here(user))
        return email

    def clean(self) -> dict[str, Any]:
        """The roles hold in one kind of place, and that place is chosen."""
        data = super().clean() or {}
        scopes = {ROLE_SCOPES[Role(role)] for role in data.get("roles", [])}
        if len(scopes) > 1:
            self.add_error("roles", _("一つの所属では、同じ種類の役割だけを選んでください。"))
            return data
        scope = scopes.pop() if scopes else None
        self._check_place(data, scope, Scope.OFFICE, "office", _("事業所を選んでください。"))
        wanted = _("自治体（%(which)s）を選んでください。") % {
            "which": _("市") if Role.CITY in data.get("roles", []) else _("区")
        }
        self._check_place(data, scope, Scope.MUNICIPALITY, "municipality", wanted)
        self._check_kind(data)
        data.pop("known", None)
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("終了日は開始日以後にしてください。"))
        return data

    def _check_kind(self, data: dict[str, Any]) -> None:
        """本庁 is the city's own, 区役所職員 are a ward's (or another municipality's)."""
        place, roles = data.get("municipality"), data.get("roles", [])
        if place is None:
            return
        is_city = place.kind == Municipality.Kind.CITY
        if Role.CITY in roles and not is_city:
            self.add_error("municipality", _("本庁の職員には、市を選んでください。"))
        elif Role.WARD_OFFICER in roles and is_city:
            self.add_error("municipality", _("区役所の職員には、区を選んでください。"))

    def _check_place(
        self, data: dict[str, Any], scope: Scope | None, wanted: Scope, name: str, message: Any
    ) -> None:
        if scope == wanted and not data.get(name):
            self.add_error(name, message)
        elif scope != wanted:
            # Chosen before the role was changed, and out of sight since.
            data[name] = None


def _by_role(places: Iterable[Municipality]) -> list[Any]:
    """Wards and towns apart from cities, each under the role that it is for: a browser alone cannot
    tell which of both was ticked."""
    rows = list(places)
    cities = [each for each in rows if each.kind == Municipality.Kind.CITY]
    wards = [each for each in rows if each.kind != Municipality.Kind.CITY]
    groups = ((_("区役所職員"), wards), (_("本庁の職員"), cities))
    shown = [(label, [(each.pk, str(each.full_name)) for each in some]) for label, some in groups]
    return [("", _("選んでください")), *(group for group in shown if group[1])]


def _already_here(user: User) -> str:
    held = Membership.objects.with_places().filter(user=user, ended_at__isnull=True)
    places = "、".join(each.label or str(_("システム管理")) for each in held) or _("なし")
    message = _(
        "%(name)s さん（所属：%(places)s）が、このアドレスで登録されています。"
        "この人に所属を加えるときは、もう一度「招待する」を押してください。"
        "氏名は登録のままです。別の人なら、アドレスを直してください。"
    )
    return str(message % {"name": user.name, "places": places})


class UserForm(forms.Form):
    """職員の訂正: name and address."""

    email = forms.EmailField(
        label=_("メールアドレス"), help_text=_("サインインに使います。本人に知らせてください。")
    )
    name = forms.CharField(label=_("氏名"), max_length=80)
    kana = KanaField(required=False, max_length=80, help_text=_("職員の一覧の並びに使います。"))


class OwnKanaForm(forms.Form):
    """自分のふりがな."""

    kana = KanaField(required=False, max_length=80, help_text=_("職員の一覧の並びに使います。"))


class RolesForm(forms.Form):
    """役割の変更 from a day on."""

    roles = forms.MultipleChoiceField(label=_("役割"), widget=forms.CheckboxSelectMultiple)
    starts_on = DateField(
        label=_("いつから"), around=NEAR,
        help_text=_("いまの役割が始まった日を入れると、その日からの役割を訂正します。"),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """パスワードを決める, at the end of an invitation."""

    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12文字以上。ほかで使っていないもの。"),
    )
    again = forms.CharField(
        label=_("もう一度"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Twice the same, and good enough."""
        data = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("二つのパスワードが違います。"))
        if password:
            try:
                validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class ResetForm(forms.Form):
    """二要素の解除の依頼, with how the person was recognised."""

    reason = forms.CharField(
        label=_("理由と本人確認の方法"),
        max_length=200,
        help_text=_("例：電話をなくした。窓口で職員証を見て確認した。"),
    )
