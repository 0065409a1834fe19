import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.clock.clock
import core.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_initial"),
        ("documents", "0001_initial"),
        ("reference", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuotaDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("places", models.PositiveSmallIntegerField(verbose_name="全市预设数量")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "待决定"), ("set", "已设定")],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("drafted_on", models.DateField(verbose_name="提议日期")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
            ],
            options={
                "verbose_name": "年度名额决定",
                "verbose_name_plural": "年度名额决定",
                "ordering": ["-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="QuotaYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="年度")),
                ("places", models.PositiveSmallIntegerField(verbose_name="全市预设数量")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "年度名额",
                "verbose_name_plural": "年度名额",
                "ordering": ["year"],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="申请号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("initial", "首次备案"), ("change", "变更备案"), ("renewal", "延续备案")],
                        default="initial",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("late", models.BooleanField(default=False, verbose_name="逾期")),
                ("changed_on", models.DateField(blank=True, null=True, verbose_name="变更之日")),
                ("found_on", models.DateField(blank=True, null=True, verbose_name="查明的变更之日")),
                ("found_note", models.CharField(blank=True, max_length=300, verbose_name="查明的依据")),
                ("became_initial_on", models.DateField(null=True, verbose_name="转为首次备案的日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "closed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        max_length=12,
                    ),
                ),
                ("counter_on", models.DateField(blank=True, null=True, verbose_name="窗口递交日期")),
                ("runs", models.PositiveIntegerField(default=0)),
                ("created_on", models.DateField(verbose_name="创建日期")),
                ("created_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                ("first_submitted_on", models.DateField(null=True, verbose_name="首次提交日期")),
                ("received_on", models.DateField(null=True, verbose_name="收到日期")),
                ("accepted_on", models.DateField(null=True, verbose_name="受理日期")),
                ("deemed_accepted", models.BooleanField(default=False, verbose_name="视为受理")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="机构名称")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("school", "民办非企业单位（社会服务机构）"),
                            ("company", "企业"),
                            ("institution", "事业单位"),
                            ("association", "社会团体"),
                            ("other", "其他法人"),
                        ],
                        max_length=12,
                        verbose_name="法人类型",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="注册地址")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="登记日期")),
                ("legal_representative", models.CharField(blank=True, max_length=60, verbose_name="法定代表人")),
                ("person_in_charge", models.CharField(blank=True, max_length=60, verbose_name="评价工作负责人")),
                (
                    "legal_representative_id",
                    core.crypto.EncryptedTextField(blank=True, verbose_name="法定代表人身份证号"),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                ("contact_phone", core.crypto.EncryptedTextField(blank=True, verbose_name="联系电话")),
                ("unit_name", models.CharField(blank=True, max_length=120, verbose_name="专门机构名称")),
                (
                    "accepts_supervision",
                    models.BooleanField(default=False, verbose_name="自愿接受人力资源社会保障部门监督"),
                ),
                ("not_for_profit", models.BooleanField(default=False, verbose_name="不以评价为营利目的")),
                ("funding", models.TextField(blank=True, verbose_name="经费保障说明")),
                ("rules_note", models.TextField(blank=True, verbose_name="管理制度说明")),
                ("training_since", models.DateField(blank=True, null=True, verbose_name="开展培训评价自")),
                ("pledge_signed_on", models.DateField(blank=True, null=True, verbose_name="承诺书签署日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.area",
                        verbose_name="注册地所在县（市、区）",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.position",
                        verbose_name="窗口代录人",
                    ),
                ),
                (
                    "opinion_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "receiving",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "备案申请",
                "verbose_name_plural": "备案申请",
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("methods", models.JSONField(verbose_name="方式")),
                ("plan", models.TextField(blank=True, verbose_name="安排")),
                ("commissioned", models.CharField(blank=True, max_length=200, verbose_name="受托评估机构")),
                ("started_on", models.DateField(verbose_name="开始日期")),
                ("visit_on", models.DateField(blank=True, null=True, verbose_name="现场考察日期")),
                ("visit_note", models.TextField(blank=True, verbose_name="现场考察记录")),
                ("report", models.TextField(blank=True, verbose_name="评估报告")),
                ("report_on", models.DateField(blank=True, null=True, verbose_name="报告日期")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessment", to="filings.application"
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="受托机构的资质证明",
                    ),
                ),
                (
                    "visit_upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "技术评估",
                "verbose_name_plural": "技术评估",
            },
        ),
        migrations.CreateModel(
            name="CapOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cap", models.CharField(max_length=40, verbose_name="名额")),
                ("request", models.TextField(verbose_name="请求的理由")),
                ("asked_on", models.DateField(verbose_name="请求日期")),
                ("granted", models.BooleanField(null=True, verbose_name="同意")),
                ("reason", models.TextField(blank=True, verbose_name="决定的理由")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="filings.application"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "超名额请求和决定",
                "verbose_name_plural": "超名额请求和决定",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "待核实"), ("confirmed", "已核实"), ("rejected", "未通过")],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("made_on", models.DateField(verbose_name="提交日期")),
                ("made_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                ("decided_on", models.DateField(null=True, verbose_name="核实日期")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "机构身份核实",
                "verbose_name_plural": "机构身份核实",
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ClericalCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changes", models.JSONField(verbose_name="更正内容")),
                ("reason", models.CharField(max_length=300, verbose_name="更正原因")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "待决定"), ("issued", "已更正")],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("drafted_on", models.DateField(verbose_name="提议日期")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clerical_corrections",
                        to="filings.application",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clerical_corrections",
                        to="documents.officialdocument",
                    ),
                ),
                (
                    "issued",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrects",
                        to="documents.officialdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书更正",
                "verbose_name_plural": "文书更正",
                "ordering": ["-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="CounterPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20, verbose_name="事项")),
                ("handed_on", models.DateField(verbose_name="窗口递交日期")),
                ("used_on", models.DateField(null=True, verbose_name="录入日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_papers",
                        to="filings.application",
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counter_paper", to="documents.upload"
                    ),
                ),
            ],
            options={
                "verbose_name": "窗口收下的书面材料",
                "verbose_name_plural": "窗口收下的书面材料",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, verbose_name="代号")),
                ("label", models.CharField(max_length=120, verbose_name="标准")),
                ("full_marks", models.PositiveSmallIntegerField(verbose_name="满分")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至（含）")),
            ],
            options={
                "verbose_name": "评估标准",
                "verbose_name_plural": "评估标准",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("key", "since"), name="one_criterion_per_day")],
            },
        ),
        migrations.CreateModel(
            name="ExpertTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_on", models.DateField(verbose_name="指派日期")),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("positive", models.BooleanField(null=True, verbose_name="总体意见")),
                ("done_on", models.DateField(null=True, verbose_name="提交日期")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="撤回日期")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="filings.assessment"
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "专家任务",
                "verbose_name_plural": "专家任务",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=13, unique=True, verbose_name="备案编码")),
                ("name", models.CharField(max_length=120, verbose_name="机构名称")),
                ("credit_code", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                ("legal_representative", models.CharField(blank=True, max_length=60, verbose_name="法定代表人")),
                ("person_in_charge", models.CharField(blank=True, max_length=60, verbose_name="评价工作负责人")),
                ("valid_from", models.DateField(verbose_name="有效期自")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("term_from", models.DateField(verbose_name="本期自")),
                ("held_open", models.BooleanField(default=False, verbose_name="延续办理中")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "有效"),
                            ("expired", "已失效"),
                            ("terminated", "终止备案"),
                            ("deregistered", "已注销"),
                            ("revoked", "已撤销"),
                        ],
                        default="active",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("published", models.PositiveIntegerField(default=0)),
                ("ended_on", models.DateField(null=True, verbose_name="终止日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="accounts.organisation"
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="granted_filing",
                        to="filings.application",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.area",
                        verbose_name="所在县（市、区）",
                    ),
                ),
            ],
            options={
                "verbose_name": "备案",
                "verbose_name_plural": "备案",
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Deregistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[("asked", "机构申请"), ("ceased", "法人终止")], max_length=10, verbose_name="事由"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="原因")),
                ("asked_on", models.DateField(verbose_name="提出日期")),
                ("ceased_on", models.DateField(null=True, verbose_name="法人终止日期")),
                ("taken_back_on", models.DateField(null=True, verbose_name="收回日期")),
                ("effective_on", models.DateField(null=True, verbose_name="注销日期")),
                ("overtaken_on", models.DateField(null=True, verbose_name="备案先行终结日期")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.officialdocument",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="终止证明",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deregistrations", to="filings.filing"
                    ),
                ),
            ],
            options={
                "verbose_name": "注销事由",
                "verbose_name_plural": "注销事由",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="filing",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="filings.filing"
            ),
        ),
        migrations.CreateModel(
            name="FilingImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待录入"), ("loaded", "已录入"), ("discarded", "已作废")],
                        default="open",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="行数")),
                ("entries", models.JSONField(default=list, verbose_name="备案")),
                ("faults", models.JSONField(default=list, verbose_name="读不通的地方")),
                ("made_on", models.DateField(verbose_name="上传日期")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                (
                    "filings",
                    models.ManyToManyField(related_name="imports", to="filings.filing", verbose_name="录入的备案"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.position",
                        verbose_name="上传人",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "历史备案录入",
                "verbose_name_plural": "历史备案录入",
                "ordering": ["-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="FilingScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("levels", models.JSONField(verbose_name="等级")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scope", to="filings.filing"
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="reference.occupation"),
                ),
            ],
            options={
                "verbose_name": "备案职业",
                "verbose_name_plural": "备案职业",
                "ordering": ["occupation_id"],
            },
        ),
        migrations.CreateModel(
            name="FilingSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="场地名称")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="reference.area")),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="filings.filing"
                    ),
                ),
                ("scope", models.ManyToManyField(related_name="sites", to="filings.filingscope")),
            ],
            options={
                "verbose_name": "备案场地",
                "verbose_name_plural": "备案场地",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ChangeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="事项")),
                ("before", models.JSONField(null=True, verbose_name="备案内容")),
                ("after", models.JSONField(null=True, verbose_name="申请变更为")),
                ("confirmed", models.BooleanField(default=False, verbose_name="机构已确认")),
                ("seen", models.JSONField(null=True, verbose_name="确认时的备案内容")),
                ("granted", models.BooleanField(null=True, verbose_name="同意")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("basis", models.CharField(blank=True, max_length=8, verbose_name="依据")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_items",
                        to="filings.application",
                    ),
                ),
                (
                    "made",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.filingsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更事项",
                "verbose_name_plural": "变更事项",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quota_area", models.CharField(max_length=20, verbose_name="调配到")),
                ("levels", models.JSONField(verbose_name="等级")),
                ("site", models.CharField(max_length=200, verbose_name="评价地点")),
                ("reason", models.CharField(max_length=500, verbose_name="调配的理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "待机构答复"),
                            ("consented", "机构已同意"),
                            ("declined", "机构不同意"),
                            ("withdrawn", "没有调配"),
                            ("in_force", "调配中"),
                            ("ended", "已结束"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("offered_on", models.DateField(verbose_name="提出日期")),
                ("answered_on", models.DateField(null=True, verbose_name="机构答复日期")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="机构的说明")),
                ("since", models.DateField(null=True, verbose_name="自")),
                ("until", models.DateField(null=True, verbose_name="不再有效之日")),
                ("ended_because", models.CharField(blank=True, max_length=500, verbose_name="结束的原因")),
                (
                    "occupation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="filings.filing"
                    ),
                ),
                (
                    "own_site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.filingsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "市内调配",
                "verbose_name_plural": "市内调配",
                "ordering": ["-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalApplication",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("number", models.CharField(db_index=True, max_length=20, verbose_name="申请号")),
                (
                    "kind",
                    models.CharField(
                        choices=[("initial", "首次备案"), ("change", "变更备案"), ("renewal", "延续备案")],
                        default="initial",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("late", models.BooleanField(default=False, verbose_name="逾期")),
                ("changed_on", models.DateField(blank=True, null=True, verbose_name="变更之日")),
                ("found_on", models.DateField(blank=True, null=True, verbose_name="查明的变更之日")),
                ("found_note", models.CharField(blank=True, max_length=300, verbose_name="查明的依据")),
                ("became_initial_on", models.DateField(null=True, verbose_name="转为首次备案的日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "closed_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        max_length=12,
                    ),
                ),
                ("counter_on", models.DateField(blank=True, null=True, verbose_name="窗口递交日期")),
                ("runs", models.PositiveIntegerField(default=0)),
                ("created_on", models.DateField(verbose_name="创建日期")),
                ("created_at", models.DateTimeField(default=core.clock.clock.now, editable=False)),
                ("first_submitted_on", models.DateField(null=True, verbose_name="首次提交日期")),
                ("received_on", models.DateField(null=True, verbose_name="收到日期")),
                ("accepted_on", models.DateField(null=True, verbose_name="受理日期")),
                ("deemed_accepted", models.BooleanField(default=False, verbose_name="视为受理")),
                ("decided_on", models.DateField(null=True, verbose_name="决定日期")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="机构名称")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("school", "民办非企业单位（社会服务机构）"),
                            ("company", "企业"),
                            ("institution", "事业单位"),
                            ("association", "社会团体"),
                            ("other", "其他法人"),
                        ],
                        max_length=12,
                        verbose_name="法人类型",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="注册地址")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="登记日期")),
                ("legal_representative", models.CharField(blank=True, max_length=60, verbose_name="法定代表人")),
                ("person_in_charge", models.CharField(blank=True, max_length=60, verbose_name="评价工作负责人")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系人")),
                ("unit_name", models.CharField(blank=True, max_length=120, verbose_name="专门机构名称")),
                (
                    "accepts_supervision",
                    models.BooleanField(default=False, verbose_name="自愿接受人力资源社会保障部门监督"),
                ),
                ("not_for_profit", models.BooleanField(default=False, verbose_name="不以评价为营利目的")),
                ("funding", models.TextField(blank=True, verbose_name="经费保障说明")),
                ("rules_note", models.TextField(blank=True, verbose_name="管理制度说明")),
                ("training_since", models.DateField(blank=True, null=True, verbose_name="开展培训评价自")),
                ("pledge_signed_on", models.DateField(blank=True, null=True, verbose_name="承诺书签署日期")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reference.area",
                        verbose_name="注册地所在县（市、区）",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.position",
                        verbose_name="窗口代录人",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.filing",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opinion_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "receiving",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 备案申请",
                "verbose_name_plural": "historical 备案申请",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAssessment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("methods", models.JSONField(verbose_name="方式")),
                ("plan", models.TextField(blank=True, verbose_name="安排")),
                ("commissioned", models.CharField(blank=True, max_length=200, verbose_name="受托评估机构")),
                ("started_on", models.DateField(verbose_name="开始日期")),
                ("visit_on", models.DateField(blank=True, null=True, verbose_name="现场考察日期")),
                ("visit_note", models.TextField(blank=True, verbose_name="现场考察记录")),
                ("report", models.TextField(blank=True, verbose_name="评估报告")),
                ("report_on", models.DateField(blank=True, null=True, verbose_name="报告日期")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="受托机构的资质证明",
                    ),
                ),
                (
                    "visit_upload",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 技术评估",
                "verbose_name_plural": "historical 技术评估",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCriterion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, verbose_name="代号")),
                ("label", models.CharField(max_length=120, verbose_name="标准")),
                ("full_marks", models.PositiveSmallIntegerField(verbose_name="满分")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 评估标准",
                "verbose_name_plural": "historical 评估标准",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMaterial",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("remark", models.TextField(blank=True, verbose_name="意见")),
                ("marked_on", models.DateField(null=True)),
                ("touched", models.BooleanField(default=False)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("profile", "机构基本情况"),
                            ("work_plan", "职业技能等级认定工作方案"),
                            ("venue", "场地设备设施等资产辅证材料"),
                            ("credit", "机构信用报告"),
                            ("record", "培训评价经历材料"),
                            ("pledge", "申请备案材料真实性承诺书"),
                        ],
                        max_length=12,
                        verbose_name="材料",
                    ),
                ),
                ("complete", models.BooleanField(null=True, verbose_name="齐全")),
                ("compliant", models.BooleanField(null=True, verbose_name="符合要求")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.position",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 申请材料",
                "verbose_name_plural": "historical 申请材料",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPartMark",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("remark", models.TextField(blank=True, verbose_name="意见")),
                ("marked_on", models.DateField(null=True)),
                ("touched", models.BooleanField(default=False)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("agency", "机构与负责人"),
                            ("scope", "申请的职业（工种）"),
                            ("sites", "考评场地"),
                            ("staff", "人员"),
                            ("records", "培训评价记录"),
                            ("pledge_day", "承诺书签署日期"),
                        ],
                        max_length=12,
                        verbose_name="申请内容",
                    ),
                ),
                ("correct", models.BooleanField(null=True, verbose_name="无误")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.position",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 申请内容的审核",
                "verbose_name_plural": "historical 申请内容的审核",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQuotaYear",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(db_index=True, verbose_name="年度")),
                ("places", models.PositiveSmallIntegerField(verbose_name="全市预设数量")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 年度名额",
                "verbose_name_plural": "historical 年度名额",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalScopeItem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "levels",
                    models.JSONField(
                        default=list,
                        help_text="((5, '五级（初级工）'), (4, '四级（中级工）'), (3, '三级（高级工）'), (2, '二级（技师）'), (1, '一级（高级技师）'))",
                        verbose_name="等级",
                    ),
                ),
                ("question_bank", models.CharField(blank=True, max_length=200, verbose_name="题库来源")),
                ("granted", models.BooleanField(null=True, verbose_name="同意")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 申请职业",
                "verbose_name_plural": "historical 申请职业",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSerialBlock",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("first", models.PositiveIntegerField(verbose_name="起始号")),
                ("last", models.PositiveIntegerField(verbose_name="截止号")),
                ("next", models.PositiveIntegerField(verbose_name="下一个号")),
                ("source", models.CharField(max_length=200, verbose_name="批准文件")),
                ("granted_on", models.DateField(verbose_name="批准日期")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 备案编码号段",
                "verbose_name_plural": "historical 备案编码号段",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSite",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="场地名称")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                (
                    "square_metres",
                    models.PositiveIntegerField(
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="面积（平方米）",
                    ),
                ),
                (
                    "places",
                    models.PositiveIntegerField(
                        null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name="工位数"
                    ),
                ),
                ("equipment", models.TextField(blank=True, verbose_name="主要设备")),
                ("surveillance", models.BooleanField(default=False, verbose_name="有视频监控")),
                ("environment_ok", models.BooleanField(default=False, verbose_name="符合环保要求")),
                ("safety_ok", models.BooleanField(default=False, verbose_name="符合安全要求")),
                ("fire_ok", models.BooleanField(default=False, verbose_name="符合消防要求")),
                ("other_area_reason", models.CharField(blank=True, max_length=200, verbose_name="不在注册地的理由")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reference.area",
                        verbose_name="所在县（市、区）",
                    ),
                ),
                (
                    "filing_site",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.filingsite",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 考评场地",
                "verbose_name_plural": "historical 考评场地",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTrainingRecord",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(verbose_name="至")),
                ("person_times", models.PositiveIntegerField(verbose_name="人次")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="filings.application",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 培训评价记录",
                "verbose_name_plural": "historical 培训评价记录",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUrgentOccupation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                ("source", models.CharField(max_length=200, verbose_name="公布文件")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 急需紧缺目录",
                "verbose_name_plural": "historical 急需紧缺目录",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remark", models.TextField(blank=True, verbose_name="意见")),
                ("marked_on", models.DateField(null=True)),
                ("touched", models.BooleanField(default=False)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("profile", "机构基本情况"),
                            ("work_plan", "职业技能等级认定工作方案"),
                            ("venue", "场地设备设施等资产辅证材料"),
                            ("credit", "机构信用报告"),
                            ("record", "培训评价经历材料"),
                            ("pledge", "申请备案材料真实性承诺书"),
                        ],
                        max_length=12,
                        verbose_name="材料",
                    ),
                ),
                ("complete", models.BooleanField(null=True, verbose_name="齐全")),
                ("compliant", models.BooleanField(null=True, verbose_name="符合要求")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="materials", to="filings.application"
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请材料",
                "verbose_name_plural": "申请材料",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("recommendation", "推荐意见"), ("late", "逾期意见"), ("asked", "应询意见")],
                        max_length=14,
                        verbose_name="类别",
                    ),
                ),
                ("positive", models.BooleanField(verbose_name="推荐")),
                ("text", models.TextField(verbose_name="意见")),
                ("given_on", models.DateField(verbose_name="日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="filings.application"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.officialdocument",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "县区意见",
                "verbose_name_plural": "县区意见",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PartMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remark", models.TextField(blank=True, verbose_name="意见")),
                ("marked_on", models.DateField(null=True)),
                ("touched", models.BooleanField(default=False)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("agency", "机构与负责人"),
                            ("scope", "申请的职业（工种）"),
                            ("sites", "考评场地"),
                            ("staff", "人员"),
                            ("records", "培训评价记录"),
                            ("pledge_day", "承诺书签署日期"),
                        ],
                        max_length=12,
                        verbose_name="申请内容",
                    ),
                ),
                ("correct", models.BooleanField(null=True, verbose_name="无误")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="part_marks", to="filings.application"
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
            ],
            options={
                "verbose_name": "申请内容的审核",
                "verbose_name_plural": "申请内容的审核",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PlaceGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cap", models.CharField(max_length=40, verbose_name="名额")),
                ("score", models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name="评分")),
                ("urgent", models.BooleanField(default=False, verbose_name="急需紧缺")),
                ("free", models.PositiveSmallIntegerField(verbose_name="当时剩余名额")),
                ("given_on", models.DateField(verbose_name="决定日期")),
                ("run", models.PositiveIntegerField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places_given",
                        to="filings.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "给出的名额",
                "verbose_name_plural": "给出的名额",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PassedOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="评分")),
                ("urgent", models.BooleanField(default=False, verbose_name="急需紧缺")),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "rival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_over_for",
                        to="filings.application",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passed_over", to="filings.placegiven"
                    ),
                ),
            ],
            options={
                "verbose_name": "越过的申请",
                "verbose_name_plural": "越过的申请",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("superseded_on", models.DateField(null=True)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="documents.officialdocument",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="filings.filing"
                    ),
                ),
            ],
            options={
                "verbose_name": "备案回执",
                "verbose_name_plural": "备案回执",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("correction", "补正"), ("supplement", "补充材料")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="发出日期")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="期限（日）")),
                ("served_on", models.DateField(null=True, verbose_name="送达日期")),
                ("extension_asked_on", models.DateField(null=True, verbose_name="申请延长日期")),
                ("extension_request", models.CharField(blank=True, max_length=300, verbose_name="申请延长理由")),
                ("extended_to", models.PositiveSmallIntegerField(null=True, verbose_name="延长后期限（日）")),
                ("extension_reason", models.CharField(blank=True, max_length=300, verbose_name="准予延长理由")),
                ("answered_on", models.DateField(null=True, verbose_name="答复日期")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="filings.application"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.officialdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "补正或补充通知",
                "verbose_name_plural": "补正或补充通知",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RequestItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("material", models.CharField(blank=True, max_length=12, verbose_name="材料")),
                ("part", models.CharField(blank=True, max_length=12, verbose_name="申请内容")),
                ("what", models.TextField(verbose_name="问题和要求")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("was", models.JSONField(default=dict, verbose_name="原来的内容")),
                ("became", models.JSONField(null=True, verbose_name="提交时的内容")),
                ("edited", models.BooleanField(default=False, verbose_name="已修改")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="filings.request"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.upload"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_marks", models.PositiveSmallIntegerField()),
                ("marks", models.PositiveSmallIntegerField(verbose_name="得分")),
                ("reason", models.TextField(verbose_name="理由")),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="filings.criterion")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="filings.experttask"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SerialBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveIntegerField(verbose_name="起始号")),
                ("last", models.PositiveIntegerField(verbose_name="截止号")),
                ("next", models.PositiveIntegerField(verbose_name="下一个号")),
                ("source", models.CharField(max_length=200, verbose_name="批准文件")),
                ("granted_on", models.DateField(verbose_name="批准日期")),
            ],
            options={
                "verbose_name": "备案编码号段",
                "verbose_name_plural": "备案编码号段",
                "ordering": ["first"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__gte", 1), ("first__lte", models.F("last")), ("last__lte", 999999)),
                        name="serial_block_in_range",
                        violation_error_message="号段应在 1 至 999999 之间，起始号不大于截止号。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next__gte", models.F("first")),
                            (
                                "next__lte",
                                django.db.models.expressions.CombinedExpression(models.F("last"), "+", models.Value(1)),
                            ),
                        ),
                        name="serial_next_in_block",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettingAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "authority",
                    models.CharField(
                        choices=[("review", "行政复议机关"), ("court", "人民法院")],
                        max_length=6,
                        verbose_name="作出裁决的机关",
                    ),
                ),
                ("number", models.CharField(max_length=80, verbose_name="裁决文书号")),
                ("ruled_on", models.DateField(verbose_name="裁决日期")),
                ("orders", models.TextField(verbose_name="裁决内容")),
                ("certificates_stand", models.BooleanField(default=True, verbose_name="此前的证书仍然有效")),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        max_length=12,
                        verbose_name="被撤销的决定",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审核"),
                            ("correcting", "待补正"),
                            ("abandoned", "视为放弃"),
                            ("declined", "不予受理"),
                            ("accepted", "已受理"),
                            ("recommended", "已出具推荐意见"),
                            ("assessing", "技术评估中"),
                            ("approved", "同意备案"),
                            ("refused", "不予备案"),
                            ("withdrawn", "已撤回"),
                            ("closed", "已终结"),
                        ],
                        max_length=12,
                        verbose_name="恢复到",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="原决定日期")),
                ("on", models.DateField(verbose_name="恢复办理日期")),
                ("kept", models.JSONField(default=list, verbose_name="不再恢复的事项")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settings_aside",
                        to="filings.application",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.position"
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settings_aside",
                        to="filings.filing",
                    ),
                ),
                ("papers", models.ManyToManyField(related_name="settings_aside", to="documents.officialdocument")),
                (
                    "ruling",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                        verbose_name="裁决文书",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="filings.settingaside",
                    ),
                ),
            ],
            options={
                "verbose_name": "依裁决撤销",
                "verbose_name_plural": "依裁决撤销",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="场地名称")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                (
                    "square_metres",
                    models.PositiveIntegerField(
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="面积（平方米）",
                    ),
                ),
                (
                    "places",
                    models.PositiveIntegerField(
                        null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name="工位数"
                    ),
                ),
                ("equipment", models.TextField(blank=True, verbose_name="主要设备")),
                ("surveillance", models.BooleanField(default=False, verbose_name="有视频监控")),
                ("environment_ok", models.BooleanField(default=False, verbose_name="符合环保要求")),
                ("safety_ok", models.BooleanField(default=False, verbose_name="符合安全要求")),
                ("fire_ok", models.BooleanField(default=False, verbose_name="符合消防要求")),
                ("other_area_reason", models.CharField(blank=True, max_length=200, verbose_name="不在注册地的理由")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="filings.application"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.area",
                        verbose_name="所在县（市、区）",
                    ),
                ),
                (
                    "filing_site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.filingsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "考评场地",
                "verbose_name_plural": "考评场地",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ScopeItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "levels",
                    models.JSONField(
                        default=list,
                        help_text="((5, '五级（初级工）'), (4, '四级（中级工）'), (3, '三级（高级工）'), (2, '二级（技师）'), (1, '一级（高级技师）'))",
                        verbose_name="等级",
                    ),
                ),
                ("question_bank", models.CharField(blank=True, max_length=200, verbose_name="题库来源")),
                ("granted", models.BooleanField(null=True, verbose_name="同意")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scope", to="filings.application"
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
                (
                    "sites",
                    models.ManyToManyField(
                        blank=True, related_name="scope", to="filings.site", verbose_name="考评场地"
                    ),
                ),
            ],
            options={
                "verbose_name": "申请职业",
                "verbose_name_plural": "申请职业",
                "ordering": ["occupation_id"],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (5, "五级（初级工）"),
                            (4, "四级（中级工）"),
                            (3, "三级（高级工）"),
                            (2, "二级（技师）"),
                            (1, "一级（高级技师）"),
                        ],
                        null=True,
                        verbose_name="等级",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("basis", models.CharField(max_length=8, verbose_name="依据")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="left_out", to="filings.scopeitem"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.site",
                        verbose_name="考评场地",
                    ),
                ),
            ],
            options={
                "verbose_name": "不予备案的部分",
                "verbose_name_plural": "不予备案的部分",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("staff", "专职工作人员"),
                            ("assessors", "考评人员"),
                            ("supervisors", "督导人员"),
                            ("experts", "技术专家"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("name", core.crypto.EncryptedTextField(verbose_name="姓名")),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="证卡编号")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="filings.application"
                    ),
                ),
                (
                    "occupations",
                    models.ManyToManyField(blank=True, to="reference.occupation", verbose_name="适用职业（工种）"),
                ),
            ],
            options={
                "verbose_name": "人员",
                "verbose_name_plural": "人员",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="暂停自")),
                ("until", models.DateField(null=True, verbose_name="恢复自")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                ("matter_type", models.CharField(max_length=60)),
                ("matter_id", models.CharField(max_length=40)),
                ("lifted_reason", models.CharField(blank=True, max_length=300, verbose_name="恢复的原因")),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="filings.filing"
                    ),
                ),
            ],
            options={
                "verbose_name": "暂停评价",
                "verbose_name_plural": "暂停评价",
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="TrainingRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(verbose_name="至")),
                ("person_times", models.PositiveIntegerField(verbose_name="人次")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="filings.application"
                    ),
                ),
                (
                    "occupation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
            ],
            options={
                "verbose_name": "培训评价记录",
                "verbose_name_plural": "培训评价记录",
                "ordering": ["occupation_id", "since"],
            },
        ),
        migrations.CreateModel(
            name="UrgentOccupation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="自")),
                ("until", models.DateField(blank=True, null=True, verbose_name="至（含）")),
                ("source", models.CharField(max_length=200, verbose_name="公布文件")),
                (
                    "occupation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.occupation",
                        verbose_name="职业（工种）",
                    ),
                ),
            ],
            options={
                "verbose_name": "急需紧缺目录",
                "verbose_name_plural": "急需紧缺目录",
                "ordering": ["occupation_id"],
            },
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("commissioned", ""), ("qualification__isnull", False), _connector="OR"),
                name="commissioned_shows_qualification",
                violation_error_message="受托评估机构应有资质证明。",
            ),
        ),
        migrations.AddIndex(
            model_name="capoverride",
            index=models.Index(
                condition=models.Q(("granted__isnull", True)), fields=["asked_on", "id"], name="override_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="capoverride",
            constraint=models.UniqueConstraint(
                fields=("application", "cap"),
                name="one_override_per_cap",
                violation_error_message="这一名额已经请求过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="capoverride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_by__isnull", True),
                        ("decided_on__isnull", True),
                        ("granted__isnull", True),
                        ("reason", ""),
                    ),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("decided_on__isnull", False),
                        ("granted__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="override_answered_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["county", "state", "id"], name="claim_queue"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("organisation",), name="one_pending_claim"
            ),
        ),
        migrations.AddConstraint(
            model_name="counterpaper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("used_on__isnull", True)),
                fields=("application", "act"),
                name="one_waiting_paper_per_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="counterpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_on__isnull", True), ("used_on__gte", models.F("handed_on")), _connector="OR"),
                name="paper_used_after_it_came",
            ),
        ),
        migrations.AddConstraint(
            model_name="experttask",
            constraint=models.UniqueConstraint(fields=("assessment", "expert"), name="expert_once_per_assessment"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["state", "valid_until"], name="filing_expiry"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["ended_on"], name="filing_ended"),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "active")),
                fields=("agency",),
                name="one_active_filing_per_agency",
                violation_error_message="这家机构已有有效备案。",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gt", models.F("valid_from"))), name="filing_dates_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("state", "active")),
                    models.Q(models.Q(("state", "active"), _negated=True), ("ended_on__isnull", False)),
                    _connector="OR",
                ),
                name="ended_filing_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "active"), ("held_open", False), _connector="OR"),
                name="only_active_held_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="deregistration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("effective_on__isnull", True), ("overtaken_on__isnull", True), ("taken_back_on__isnull", True)
                ),
                fields=("filing", "ground"),
                name="one_waiting_deregistration",
                violation_error_message="这件备案已有一项等待办理的注销。",
            ),
        ),
        migrations.AddConstraint(
            model_name="deregistration",
            constraint=models.CheckConstraint(condition=models.Q(("reason__gt", "")), name="deregistration_has_reason"),
        ),
        migrations.AddConstraint(
            model_name="deregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "ceased"), _negated=True),
                    models.Q(("ceased_on__isnull", False), ("proof__isnull", False)),
                    _connector="OR",
                ),
                name="ceased_legal_person_has_proof",
                violation_error_message="依职权注销须附法人终止的证明。",
            ),
        ),
        migrations.AddConstraint(
            model_name="deregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_on__isnull", True), ("document__isnull", False), _connector="OR"),
                name="deregistered_by_a_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="deregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_back_on__isnull", True), ("document__isnull", True), _connector="OR"),
                name="no_taking_back_once_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["receiving", "state", "received_on", "id"], name="application_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["state", "accepted_on", "id"], name="application_centre_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["agency", "-id"], name="application_agency"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["decided_on", "receiving"], name="application_decided"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "submitted", "correcting", "accepted", "recommended", "assessing"])
                ),
                fields=("agency", "kind"),
                name="one_open_application_per_kind",
                violation_error_message="已有一件办理中的同类申请，请先办完或撤回。",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "withdrawn", "closed"]),
                    models.Q(("received_on__isnull", False), ("receiving__isnull", False)),
                    _connector="OR",
                ),
                name="submitted_has_receipt_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["accepted", "recommended", "assessing", "approved", "refused"]), _negated=True
                    ),
                    ("accepted_on__isnull", False),
                    _connector="OR",
                ),
                name="accepted_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "initial"), ("filing__isnull", False), _connector="OR"),
                name="change_or_renewal_has_filing",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("found_note", ""), ("found_on__isnull", True)),
                    models.Q(("found_on__isnull", False), models.Q(("found_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="found_day_has_evidence",
                violation_error_message="查明的变更之日应有依据。",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counter_on__isnull", True), ("entered_by__isnull", True)),
                    models.Q(
                        ("counter_on__isnull", False), ("entered_by__isnull", False), ("receiving__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="counter_entry_has_day_and_office",
                violation_error_message="窗口代录的申请应有代录人、递交日期和受理单位。",
            ),
        ),
        migrations.AddConstraint(
            model_name="filingscope",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("filing", "occupation"),
                name="occupation_once_per_filing",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeitem",
            constraint=models.UniqueConstraint(fields=("application", "key"), name="change_item_once"),
        ),
        migrations.AddConstraint(
            model_name="changeitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("granted", False), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), models.Q(("basis", ""), _negated=True)),
                    _connector="OR",
                ),
                name="left_out_item_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["offered", "consented", "in_force"])),
                fields=("filing", "occupation", "quota_area"),
                name="one_open_assignment_per_filing",
                violation_error_message="这家机构已有一件办理中或有效的同样的调配。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("occupation", "quota_area"),
                name="one_assignment_per_area",
                violation_error_message="这一区域的这个职业已有调配来的机构。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("since__isnull", False), ("state__in", ["in_force", "ended"])),
                    models.Q(models.Q(("state__in", ["in_force", "ended"]), _negated=True), ("since__isnull", True)),
                    _connector="OR",
                ),
                name="assignment_made_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ended"), ("until__gte", models.F("since"))),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("until__isnull", True)),
                    _connector="OR",
                ),
                name="assignment_ended_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.UniqueConstraint(fields=("application", "key"), name="one_material_per_key"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("application", "kind"), name="one_opinion_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="partmark",
            constraint=models.UniqueConstraint(fields=("application", "key"), name="one_mark_per_part"),
        ),
        migrations.AddIndex(
            model_name="placegiven",
            index=models.Index(fields=["cap", "given_on"], name="place_given_cap"),
        ),
        migrations.AddConstraint(
            model_name="placegiven",
            constraint=models.UniqueConstraint(fields=("application", "cap", "run"), name="place_given_once"),
        ),
        migrations.AddConstraint(
            model_name="passedover",
            constraint=models.UniqueConstraint(fields=("place", "rival"), name="passed_over_once"),
        ),
        migrations.AddConstraint(
            model_name="passedover",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="passed_over_has_reason",
                violation_error_message="越过评分更高的申请，应有理由。",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_on__isnull", True)),
                fields=("application", "kind"),
                name="one_unanswered_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestitem",
            constraint=models.UniqueConstraint(
                fields=("request", "material", "part"), name="one_item_per_material_or_part"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("material", ""), ("part__gt", "")),
                    models.Q(("material__gt", ""), ("part", "")),
                    _connector="OR",
                ),
                name="item_names_material_or_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("task", "criterion"), name="one_score_per_criterion"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="marks_have_reason",
                violation_error_message="每项打分都应有理由。",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("marks__lte", models.F("full_marks"))),
                name="marks_within_full_marks",
                violation_error_message="得分不能超过满分。",
            ),
        ),
        migrations.AddConstraint(
            model_name="settingaside",
            constraint=models.CheckConstraint(
                condition=models.Q(("ruled_on__lte", models.F("on"))),
                name="ruled_before_it_takes_effect",
                violation_error_message="裁决日期不能晚于恢复办理的日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="settingaside",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("number", ""), _negated=True), models.Q(("orders", ""), _negated=True)),
                name="ruling_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="scopeitem",
            constraint=models.UniqueConstraint(
                fields=("application", "occupation"),
                name="occupation_once_per_application",
                violation_error_message="这个职业已经在申请里。",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__isnull", True), ("site__isnull", True), _connector="OR"),
                name="left_out_one_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level__isnull", False)), fields=("item", "level"), name="level_left_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("site__isnull", False)), fields=("item", "site"), name="site_left_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level__isnull", True), ("site__isnull", True)),
                fields=("item",),
                name="occupation_left_out_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                name="suspension_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("matter_id__gt", ""), ("matter_type__gt", ""), ("source__gt", "")),
                name="suspension_has_source",
                violation_error_message="暂停评价须写明依据。",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("filing", "matter_type", "matter_id"),
                name="one_open_suspension_per_matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gte", models.F("since"))),
                name="record_dates_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="urgentoccupation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("occupation",),
                name="urgent_once",
                violation_error_message="这个职业已在目录里。",
            ),
        ),
    ]
