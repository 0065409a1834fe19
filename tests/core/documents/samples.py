"""One sample content for each paper of chapter 2, as long as real ones are."""

import datetime
from typing import Any

from regulation import remedies

DAY = datetime.date(2026, 9, 18)
COMMON = {"kind": "首次备案", "application": "SQ2026000017"}
AGENCY = "安阳市殷墟职业培训学校"
CREDIT_CODE = "52410500MJ0000000A"
SET_ASIDE = {
    "authority": "人民法院",
    "ruling_number": "（2026）豫05行终1号",
    "ruled_on": datetime.date(2026, 10, 30),
    "orders": "撤销被诉不予备案决定，责令被告在法定期限内重新作出处理。",
    "decision": "不予备案",
    "decided_on": DAY,
    "papers": ["《不予备案决定书》（安人社职评不备〔2026〕1号）"],
}

ASSIGNED = {
    "agency": AGENCY,
    "filing_code": "S000041000123",
    "code": "6-18-02-04",
    "occupation": "焊工",
    "levels": [5, 4],
    "quota_area": "林州市",
    "site": "林州市示例路1号实训基地",
    "since": datetime.date(2026, 10, 19),
}

CONTENTS: dict[str, dict[str, Any]] = {
    "acknowledgement": {
        **COMMON,
        "agency": AGENCY,
        "credit_code": CREDIT_CODE,
        "received_on": DAY,
        "due_on": datetime.date(2026, 9, 24),
        "materials": [
            {"label": "机构基本情况", "files": [{"name": "机构基本情况.pdf", "pages": 12, "sha256": "a1" * 32}]},
            {"label": "职业技能等级认定工作方案", "files": [{"name": "工作方案.docx", "sha256": "b2" * 32}]},
            {
                "label": "场地设备设施等资产辅证材料",
                "files": [
                    {"name": "产权证明.jpg", "sha256": "c3" * 32},
                    {"name": "设备清单.xlsx", "sha256": "d4" * 32},
                ],
            },
            {"label": "机构信用报告", "files": [{"name": "信用报告.pdf", "pages": 6, "sha256": "e5" * 32}]},
            {"label": "培训评价经历材料", "files": [{"name": "培训评价经历.xlsx", "sha256": "f6" * 32}]},
            {"label": "申请备案材料真实性承诺书", "files": [{"name": "承诺书.pdf", "pages": 1, "sha256": "07" * 32}]},
        ],
    },
    "acceptance": {
        **COMMON,
        "received_on": DAY,
        "accepted_on": datetime.date(2026, 9, 22),
        "decision_due_on": datetime.date(2026, 10, 20),
        "recommendation_due_on": datetime.date(2026, 9, 30),
    },
    "correction": {
        **COMMON,
        "received_on": DAY,
        "items": [
            {
                "label": "场地设备设施等资产辅证材料",
                "what": "租赁合同缺第3页；未见考场视频监控照片。",
                "todo": "请补齐合同全部页，并上传每个考场的视频监控照片。",
                "article": "M7(2)",
            },
            {"label": "机构信用报告", "what": "出具日期在6个月以前，请上传近期出具的报告全文。", "article": "M8(4)"},
        ],
        "days": 15,
        "last_day": datetime.date(2026, 10, 8),
    },
    "correction_extension": {
        **COMMON,
        "correction_number": "文人社职评补〔2026〕3号",
        "reason": "消防验收意见书的换证仍在办理，预计10月下旬取得。",
        "days": 30,
        "last_day": datetime.date(2026, 10, 23),
    },
    "decline": {
        **COMMON,
        "received_on": DAY,
        "reasons": [
            {"text": "申请单位在安阳市外登记，不在本市备案范围内，且不能通过补正解决。", "basis": "M7(1)"},
            {"text": "补正后的材料真实性承诺书仍未由法定代表人签署。", "basis": "M8(6)"},
        ],
        "remedies": remedies.sentences(remedies.Paper.DECLINE),
    },
    "deemed_acceptance": {
        **COMMON,
        "received_on": DAY,
        "deemed_on": datetime.date(2026, 9, 24),
        "decision_due_on": datetime.date(2026, 10, 22),
        "recommendation_due_on": datetime.date(2026, 10, 9),
    },
    "abandonment": {
        **COMMON,
        "correction_number": "文人社职评补〔2026〕3号",
        "served_on": datetime.date(2026, 9, 23),
        "last_day": datetime.date(2026, 10, 8),
        "remedies": remedies.sentences(remedies.Paper.ABANDONMENT),
    },
    "recommendation": {
        **COMMON,
        "agency": AGENCY,
        "credit_code": CREDIT_CODE,
        "accepted_on": datetime.date(2026, 9, 22),
        "favourable": True,
        "opinion": "申请单位连续3年以上开展电工、焊工培训评价，人次和佐证相符。\n"
        "场地与注册地同在文峰区，设备满足国家职业技能标准要求。",
    },
    "supplement": {
        **COMMON,
        "accepted_on": datetime.date(2026, 9, 24),
        "items": [
            {
                "label": "培训评价经历材料",
                "what": "请补充2024年电工培训班的学员名册和考核记录。",
                "article": "M8(5)",
            }
        ],
        "decision_due_on": datetime.date(2026, 10, 22),
    },
    "refusal": {
        **COMMON,
        "accepted_on": datetime.date(2026, 9, 22),
        "reasons": [
            {"text": "电工近3年累计培训评价1680人次，不足2000人次，该职业不在急需紧缺目录内。", "basis": "M7(7)"},
            {"text": "现场考察时，焊工考场未安装视频监控设备。", "basis": "M7(2)"},
        ],
        "remedies": remedies.sentences(remedies.Paper.REFUSAL),
    },
    "partial_refusal": {
        **COMMON,
        "receipt_number": "安人社职评备〔2026〕12号",
        "left_out": [
            {"what": "焊工，二级（技师）", "reason": "技师等级的考评人员不足3人。", "basis": "M7(3)"},
            {"what": "龙安分校场地", "reason": "场地没有消防验收合格的证明。", "basis": "M7(2)"},
        ],
        "remedies": remedies.sentences(remedies.Paper.PARTIAL_APPROVAL),
    },
    "resumption": {
        **COMMON,
        **SET_ASIDE,
        "state": "技术评估中",
        "resumed_on": datetime.date(2026, 11, 2),
        "period": "备案决定",
        "article": "M11",
        "last_day": datetime.date(2026, 11, 23),
    },
    "revocation": {
        **COMMON,
        **SET_ASIDE,
        "decision": "同意备案",
        "effects": ["备案（备案编码S000041000123）自2026年11月2日起撤销，不得再据此开展评价。"],
        "remedies": remedies.sentences(remedies.Paper.REVOCATION),
    },
    "reinstatement": {
        **COMMON,
        **SET_ASIDE,
        "decision": "撤销备案",
        "effects": [
            "备案（备案编码S000041000123）自2026年11月2日起恢复有效，有效期仍至2029年10月19日。",
            "撤销以前的备案回执恢复效力，不另换发。",
        ],
    },
    "receipt": {
        **COMMON,
        "agency": AGENCY,
        "credit_code": CREDIT_CODE,
        "filing_code": "S000041000123",
        "address": "河南省安阳市文峰区示例大道88号",
        "valid_from": datetime.date(2026, 10, 19),
        "valid_until": datetime.date(2029, 10, 19),
        "scope": [
            {"code": "6-31-01-03", "occupation": "电工", "levels": [5, 4, 3], "sites": ["校本部", "龙安分校"]},
            {"code": "6-18-02-04", "occupation": "焊工", "levels": [5, 4], "sites": ["校本部"]},
            {"code": "4-10-01-02", "occupation": "育婴员", "levels": [5, 4, 3, 2, 1], "sites": ["校本部"]},
        ],
        "sites": [
            {"name": "校本部", "area": "文峰区", "address": "示例大道88号实训楼1至3层"},
            {"name": "龙安分校", "area": "龙安区", "address": "示例路6号"},
        ],
        "partial": True,
    },
    "deregistration": {
        "agency": AGENCY,
        "credit_code": CREDIT_CODE,
        "filing_code": "S000041000123",
        "ceased_on": datetime.date(2026, 8, 31),
        "reason": "登记管理机关已于2026年8月31日准予注销登记，注销登记的证明文件已经核验。",
        "effective_on": datetime.date(2026, 9, 25),
        "remedies": remedies.sentences(remedies.Paper.DEREGISTRATION),
    },
    "withdrawal": {
        **COMMON,
        "withdrawn_on": datetime.date(2026, 9, 25),
        "submitted_on": DAY,
        "reason": "拟增加评价职业后重新申请。",
    },
    "assignment": {
        **ASSIGNED,
        "consented_on": DAY,
        "reason": "林州市没有焊工评价机构，当地企业有评价需求，往返市区路程较远。",
    },
    "assignment_end": {
        **ASSIGNED,
        "assignment_number": "安人社职评调〔2026〕1号",
        "until": datetime.date(2027, 3, 1),
        "reason": "林州市示例职业培训学校在林州市备案了这个职业。",
        "own": True,
        "remedies": remedies.sentences(remedies.Paper.ASSIGNMENT_END),
    },
}
