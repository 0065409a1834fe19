"""The sample form of the living page /style/: each kind of field once."""

from django import forms

LEVELS = [
    ("5", "五级／初级工"),
    ("4", "四级／中级工"),
    ("3", "三级／高级工"),
    ("2", "二级／技师"),
    ("1", "一级／高级技师"),
]
AREAS = [("", "请选择"), ("410502", "文峰区"), ("410503", "北关区"), ("410581", "林州市")]


class SampleForm(forms.Form):
    """Not a form of the service: shows how fields, hints and errors look."""

    name = forms.CharField(label="机构名称", max_length=60, help_text="与营业执照或登记证书一致。")
    credit_code = forms.CharField(label="统一社会信用代码", min_length=18, max_length=18, help_text="18 位。")
    area = forms.ChoiceField(label="注册地所在区域", choices=AREAS)
    levels = forms.MultipleChoiceField(label="申请等级", choices=LEVELS, widget=forms.CheckboxSelectMultiple)
    service = forms.ChoiceField(
        label="文书送达方式",
        choices=[("portal", "在本系统送达"), ("post", "邮寄送达")],
        widget=forms.RadioSelect,
        help_text="选择在本系统送达的，文书到达收件箱即为送达。",
    )
    registered_on = forms.DateField(label="登记日期", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="补充说明", widget=forms.Textarea, required=False)
    pledge = forms.BooleanField(label="我承诺所填内容真实、准确，并对其真实性负责")


class SampleFilter(forms.Form):
    """The sample filter over a list."""

    q = forms.CharField(
        label="名称或编码",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "机构名称、拼音、编码"}),
    )
    area = forms.ChoiceField(label="区域", choices=AREAS, required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("active", "有效"), ("expired", "已失效")]
    )
