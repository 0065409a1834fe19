"""Every address that answers without sign-in, and why. A test walks the resolver and holds all others closed."""

# Url name (or, where it has none, its route) -> why it is open.
PUBLIC: dict[str, str] = {
    # what the public sees
    "registry:home": "首页",
    "registry:agencies": "机构查询",
    "registry:agency": "机构页面",
    "registry:verify": "核验",
    "registry:verify-code": "核验结果",
    "registry:receipt-pdf": "已公示的备案回执",
    "registry:announcements": "通知公告",
    "registry:announcement": "公告",
    "registry:guide": "办事指南",
    "registry:rules": "管理办法条款",
    "registry:api-agencies": "公开接口：机构",
    "registry:api-agency": "公开接口：机构",
    "registry:api-verify": "公开接口：核验",
    "api-schema": "接口说明",
    "api-docs": "接口说明的页面",
    "api-nowhere": "没有的接口地址，一律答复 404",
    "calendars:workdays": "工作日计算",
    "calendars:api-workdays": "公开接口：工作日计算",
    # coming in
    "accounts:register-agency": "机构注册",
    "accounts:accept-invitation": "接受邀请，凭链接中的密钥",
    "account_login": "登录",
    "account_signup": "转到机构注册",
    "account_logout": "退出",
    "account_email_verification_sent": "固定的说明页",
    "account_inactive": "账号停用的说明",
    "account_reset_password": "找回密码",
    "account_reset_password_done": "找回密码",
    "account_reset_password_from_key": "找回密码，凭邮件中的密钥",
    "account_reset_password_from_key_done": "找回密码",
}
