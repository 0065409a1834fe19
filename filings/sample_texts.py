"""What stands in the samples of the guide: an invented agency, its people named by their parts, and an outline.

The words beside each field are the form's own (filings/samples.py); here is only what is written into it.
"""

from collections.abc import Mapping
from typing import Final

AGENCY: Final[Mapping[str, str]] = {
    "name": "示例市示例职业培训学校",
    "credit_code": "52410500XXXXXXXXXX（照登记证书，18 位）",
    "legal_form": "民办非企业单位（社会服务机构）",
    "registered_on": "2015-03-01",
    "area": "示例区",
    "address": "示例区示例路 1 号",
    "legal_representative": "法定代表人甲",
    "legal_representative_id": "（照身份证填写 18 位，加密保存，文书上不出现）",
    "person_in_charge": "评价负责人甲",
    "contact": "经办人甲",
    "contact_phone": "0372-0000000",
    "unit_name": "职业技能等级认定部",
    "funding": "认定工作经费列入学校年度预算，每年 20 万元；不足部分由办学结余补充，不靠评价收费维持。",
    "rules_note": "已建立考务、命题和题库、考评员和督导员、证书、档案、回避、投诉处理等制度，全文见“机构基本情况”。",
    "accepts_supervision": "勾选",
    "not_for_profit": "勾选",
}
SINCE: Final[Mapping[str, str]] = {"training_since": "2018-09-01"}
SCOPE: Final[Mapping[str, str]] = {"levels": "五级、四级、三级", "question_bank": "国家题库"}
RECORDS: Final[tuple[Mapping[str, str], ...]] = (
    {"since": "2023-09-01", "until": "2024-08-31", "person_times": "720"},
    {"since": "2024-09-01", "until": "2025-08-31", "person_times": "780"},
    {"since": "2025-09-01", "until": "2026-08-31", "person_times": "860"},
)
SITE: Final[Mapping[str, str]] = {
    "name": "校本部实训楼",
    "area": "示例区",
    "address": "示例区示例路 1 号实训楼 1–2 层",
    "square_metres": "800",
    "places": "40",
    "equipment": "焊接工位 20 个、焊条电弧焊机 20 台、通风排烟设备 1 套、视频监控 12 路",
    "surveillance": "勾选",
    "environment_ok": "勾选",
    "safety_ok": "勾选",
    "fire_ok": "勾选",
    "scope": "焊工",
    "other_area_reason": "（场地与注册地在同一县（市、区）的，不填）",
}
STAFF: Final[tuple[Mapping[str, str], ...]] = (
    {"kind": "专职工作人员", "name": "工作人员甲", "certificate": "", "occupations": ""},
    {"kind": "考评人员", "name": "考评员甲", "certificate": "示例0001", "occupations": "焊工"},
    {"kind": "督导人员", "name": "督导员甲", "certificate": "示例0002", "occupations": ""},
    {"kind": "技术专家", "name": "技术专家甲", "certificate": "示例0003", "occupations": "焊工"},
)
PLEDGE: Final[Mapping[str, str]] = {"pledge_signed_on": "2026-09-10"}

# The work plan: chapter, what to write in it, the condition of M7 that it answers.
OUTLINE: Final[tuple[tuple[str, str, str], ...]] = (
    ("一、机构和评价组织", "机构简介；负责认定工作的专门机构、职责和负责人。", "own_unit"),
    ("二、拟评价的职业（工种）和等级", "逐个写明职业（工种）、等级、依据的国家职业标准，预计每年的批次和人次。", ""),
    ("三、人员分工", "专职、考评、督导人员和技术专家各做什么；考评人员怎样选派、轮换和回避。", "assessors"),
    ("四、场地和设备", "每个职业（工种）用哪一处场地；工位、设备和视频监控怎样满足考核。", "equipment"),
    ("五、题库和试题", "题库或试题的来源，怎样抽题、保密和更新。", "question_bank"),
    ("六、组织实施流程", "报名和资格审核、考务安排、理论和技能考核、评分、公示、证书发放各步怎样做，谁负责。", "rules"),
    ("七、质量控制", "内部督导、异常情况处置、成绩复核、投诉处理。", "rules"),
    ("八、收费和经费保障", "收费项目、标准和依据；经费来源，怎样保证不以评价营利。", "funding"),
    ("九、档案和信息安全", "留存哪些记录和影像、保存在哪里、谁可以查阅。", "rules"),
)
