"""The shapes of tokens that the big services give out. Pure.

Each begins with letters that its service has chosen so that it can be found. The
shapes are facts from the services' own pages and from the rules of gitleaks and
detect-secrets. Every repetition is bounded, so that a line is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.redaction.mark import UNNAMED, mark

_CODE = r"(?<=%[0-9A-Fa-f]{2})"
"""Behind a percent code of an address, whose last character may be a letter."""
_BEGIN = rf"(?:(?<![A-Za-z0-9])|{_CODE})"
_BEGIN_OF_WORDS = rf"(?:(?<![A-Za-z0-9-])|{_CODE})"


@dataclass(frozen=True, slots=True)
class Token:
    """One shape; a line without any of its *hints* (in small letters) has none.

    Where *pattern* has a group ``secret``, only that is struck out.
    """

    what: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


TOKENS = (
    Token(
        "GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        re.compile(
            _BEGIN + r"gh[pousr]_[A-Za-z0-9_]{20,1024}"
            r"(?:\.[A-Za-z0-9_-]{20,1024}){0,2}"
        ),
    ),
    Token(
        "GitHub token",
        ("github_pat_",),
        re.compile(_BEGIN + r"github_pat_[A-Za-z0-9_]{22,255}"),
    ),
    Token(
        "GitLab token",
        (
            *("glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-"),
            *("glimt-", "glagent-", "glsoat-", "gloas-", "glffct-", "gr1348941"),
        ),
        re.compile(
            _BEGIN + r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)"
            r"-[A-Za-z0-9_.=-]{20,300}|GR1348941[A-Za-z0-9_-]{20,64})"
        ),
    ),
    Token(
        "AWS access key id",
        ("akia", "asia", "abia", "acca", "a3t"),
        re.compile(
            _BEGIN + r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}"
            r"(?![A-Za-z0-9])"
        ),
    ),
    Token(
        "Google API key",
        ("aiza",),
        re.compile(_BEGIN + r"AIza[A-Za-z0-9_-]{35}"),
    ),
    Token(
        "Google token",
        ("ya29.", "gocspx-", "1//0"),
        re.compile(
            _BEGIN + r"(?:ya29\.[A-Za-z0-9_-]{20,2048}"
            r"|GOCSPX-[A-Za-z0-9_-]{20,64}|1//0[A-Za-z0-9_-]{40,256})"
        ),
    ),
    Token(
        "Azure signature",
        ("sig=",),
        re.compile(r"(?<=[?&;]sig=)(?P<secret>[A-Za-z0-9%+/_=-]{20,512})"),
    ),
    Token(
        "Azure secret",
        ("q~", "azdo", "+acr"),
        re.compile(
            rf"(?:(?<![A-Za-z0-9_~.-])|{_CODE})"
            r"(?:[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"
            r"|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[A-Za-z0-9/+]{42}\+ACR[A-Za-z0-9]{6})"
            r"(?![A-Za-z0-9])"
        ),
    ),
    Token(
        "Slack token",
        ("xox", "xapp-"),
        re.compile(
            _BEGIN + r"(?:xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,512}"
            r"|xapp-[0-9]-[A-Za-z0-9-]{20,512})"
        ),
    ),
    Token(
        "webhook address",
        ("hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"),
        re.compile(
            r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/"
            r"|discord(?:app)?\.com/api/webhooks/|webhook\.office\.com/webhookb2/)"
            r"(?P<secret>[A-Za-z0-9_@/-]{20,512})"
        ),
    ),
    Token(
        "npm token",
        ("npm_",),
        re.compile(_BEGIN + r"npm_[A-Za-z0-9]{36,255}"),
    ),
    Token(
        "PyPI token",
        ("pypi-age",),
        re.compile(_BEGIN + r"pypi-AgE[A-Za-z0-9_-]{50,1024}"),
    ),
    Token(
        "RubyGems token",
        ("rubygems_",),
        re.compile(_BEGIN + r"rubygems_[0-9a-f]{48}"),
    ),
    Token(
        "Docker token",
        ("dckr_",),
        re.compile(_BEGIN + r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,128}"),
    ),
    Token(
        "OpenShift token",
        ("sha256~",),
        re.compile(_BEGIN + r"sha256~[A-Za-z0-9_-]{43}"),
    ),
    Token(
        "Stripe key",
        ("sk_", "rk_", "whsec_"),
        re.compile(
            _BEGIN + r"(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,255}"
            r"|whsec_[A-Za-z0-9+/=]{24,128})"
        ),
    ),
    Token(
        "SendGrid key",
        ("sg.",),
        re.compile(_BEGIN + r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}"),
    ),
    Token(
        "Twilio key",
        ("sk",),
        re.compile(_BEGIN + r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    ),
    Token(
        "Mailgun key",
        ("key-",),
        re.compile(_BEGIN_OF_WORDS + r"key-[0-9a-f]{32}(?![A-Za-z0-9])"),
    ),
    Token(
        "Mailchimp key",
        ("-us",),
        re.compile(_BEGIN + r"[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])"),
    ),
    Token(
        "Telegram token",
        (":aa",),
        re.compile(
            rf"(?:(?<![0-9])|{_CODE})"
            r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"
        ),
    ),
    Token(
        "Anthropic key",
        ("sk-ant-",),
        re.compile(_BEGIN + r"sk-ant-[A-Za-z0-9_-]{20,255}"),
    ),
    Token(
        "OpenAI key",
        ("sk-",),
        re.compile(
            _BEGIN_OF_WORDS + r"sk-(?:(?:proj|svcacct|admin|None|or|lf)-"
            r"[A-Za-z0-9_-]{20,255}|[A-Za-z0-9]{32,255})"
        ),
    ),
    Token(
        "Hugging Face token",
        ("hf_",),
        re.compile(_BEGIN + r"hf_[A-Za-z0-9]{34,64}"),
    ),
    Token(
        "DigitalOcean token",
        ("_v1_",),
        re.compile(_BEGIN + r"do[opr]_v1_[a-f0-9]{64}"),
    ),
    Token(
        "Heroku key",
        ("hrku-",),
        re.compile(_BEGIN + r"HRKU-[A-Za-z0-9_-]{30,128}"),
    ),
    Token(
        "HashiCorp token",
        ("hvs.", "hvb.", "hvr.", ".atlasv1."),
        re.compile(
            _BEGIN + r"(?:hv[sbr]\.[A-Za-z0-9_-]{20,512}"
            r"|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,128})"
        ),
    ),
    Token(
        "Atlassian token",
        ("atatt3", "atctt3", "atbb"),
        re.compile(_BEGIN + r"(?:AT[AC]TT3[A-Za-z0-9_=-]{50,512}|ATBB[A-Za-z0-9]{32})"),
    ),
    Token(
        "Artifactory token",
        ("akcp", "cmvmd"),
        re.compile(
            _BEGIN + r"(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})"
            r"(?![A-Za-z0-9])"
        ),
    ),
    Token(
        "token",
        ("figd_", "glsa_", "lin_api_", "nrak-", "ntn_", "pscale_", "sbp_", "sntry"),
        re.compile(
            _BEGIN + r"(?:figd_|glsa_|lin_api_|NRAK-|ntn_|sbp_|sntry[su]_"
            r"|pscale_(?:tkn|pw|oauth)_)[A-Za-z0-9_+/=.-]{20,512}"
        ),
    ),
    Token(
        "token",
        ("dapi", "shp", "tskey-", "pmak-", "dp."),
        re.compile(
            _BEGIN + r"(?:dapi[a-f0-9]{32}|shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}"
            r"|tskey-[a-z]{2,10}-[A-Za-z0-9_-]{20,128}"
            r"|PMAK-[A-Za-z0-9-]{30,128}|dp\.[a-z]{2,5}\.[A-Za-z0-9_.-]{40,128})"
        ),
    ),
    Token(
        "age key",
        ("age-secret-key-1",),
        re.compile(r"AGE-SECRET-KEY-1[A-Za-z0-9]{40,80}"),
    ),
    Token(
        "JSON web token",
        ("eyj",),
        re.compile(
            rf"(?:(?<![A-Za-z0-9_.-])|{_CODE})"
            r"eyJ[A-Za-z0-9_-]{10,4096}\.eyJ[A-Za-z0-9_-]{10,8192}"
            r"\.[A-Za-z0-9_-]{10,4096}"
        ),
    ),
)


def strike(text: str) -> str:
    """Return *text* without the tokens whose shape is known."""
    small = text.lower()
    for token in TOKENS:
        if any(hint in small for hint in token.hints):
            text = token.pattern.sub(_struck(token), text)
    return text


def kind(value: str) -> str:
    """Return what *value* is by its shape; nothing where it has none."""
    small = value.lower()
    for token in TOKENS:
        if any(hint in small for hint in token.hints) and token.pattern.search(value):
            return token.what
    return ""


def marked(value: str) -> str:
    """Return what stands for the *value* of a setting that is named like a secret."""
    return mark(kind(value) or UNNAMED)


def _struck(token: Token) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        if "secret" not in token.pattern.groupindex:
            return mark(token.what)
        start = found.start("secret") - found.start()
        return found[0][:start] + mark(token.what)

    return replaced
