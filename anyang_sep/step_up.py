"""Every act for which one shows once more who one is (core/accounts/step_up.py): deciding, signing, publishing, and
what lets people in. By the address that does it, below the portal's root: what it is, in words for the question; where
an address does several things, by its `name`."""

_DECIDE = "作出决定"
_SIGN = "签发文书"
_PUBLISH = "公布"
_ACCOUNT = "改动账号"

# What one person does alone and what then goes out signed. What takes two is asked of whoever decides.
_SIGNED = dict.fromkeys(("request_correction", "extend_correction", "accept", "invite_supplements"), _SIGN)

PAGES: dict[str, str | dict[str, str]] = {
    "proposals/<int:pk>/decide/": _DECIDE,
    "corrections/<int:pk>/<slug:name>/": {"decide": _DECIDE},
    "imports/proposals/<int:pk>/<slug:name>/": {"decide": _DECIDE},
    "assignments/<int:pk>/<slug:name>/": {"decide": _DECIDE},
    "bureau/quota/<int:pk>/<slug:name>/": {"decide": _DECIDE},
    "applications/<int:pk>/transitions/<slug:name>/": _SIGNED,
    "criteria/": _PUBLISH,
    "criteria/<int:pk>/end/": _PUBLISH,
    "bureau/urgent/": _PUBLISH,
    "bureau/urgent/<int:pk>/end/": _PUBLISH,
    "desk/account/": _ACCOUNT,
    "desk/account/devices/": _ACCOUNT,
    "desk/account/tokens/": _ACCOUNT,
    "admin-desk/users/<int:pk>/": _ACCOUNT,
    "admin-desk/organisations/<int:pk>/positions/": _ACCOUNT,
}

API: dict[str, str] = {
    "proposals/<int:pk>/decide/": _DECIDE,
    **{f"applications/<int:pk>/transitions/{name.replace('_', '-')}/": word for name, word in _SIGNED.items()},
    "criteria/": _PUBLISH,
    "criteria/<int:pk>/end/": _PUBLISH,
    "urgent/": _PUBLISH,
    "urgent/<int:pk>/end/": _PUBLISH,
    "users/<int:pk>/block/": _ACCOUNT,
    "users/<int:pk>/unblock/": _ACCOUNT,
    "users/<int:pk>/positions/": _ACCOUNT,
}

ACTS: dict[str, str | dict[str, str]] = PAGES | {f"api/v1/{route}": word for route, word in API.items()}
