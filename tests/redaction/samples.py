"""Secrets that are none, put together from pieces so that no scanner takes them."""

from __future__ import annotations

LETTERS = "Zq7Wm2Kd9Lx4Tb6Vn8Rj3Hp5Gs1FyEcAuQoWzXvNtYbUiMkPgJhDrSl"
"""Letters and digits in no order."""
HEX = "9f3b6c1e8a2d7504" * 8


def some(count: int) -> str:
    """Return *count* letters and digits."""
    return (LETTERS * (count // len(LETTERS) + 1))[:count]


def joined(*pieces: str) -> str:
    """Return *pieces* as one text."""
    return "".join(pieces)


TOKENS = {
    "ghp": ("GitHub token", joined("gh", "p_", some(36))),
    "gho": ("GitHub token", joined("gh", "o_", some(36))),
    "ghu": ("GitHub token", joined("gh", "u_", some(36))),
    "ghs": ("GitHub token", joined("gh", "s_", some(36))),
    "ghs-long": (
        "GitHub token",
        joined("gh", "s_", some(30), ".", some(60), ".", some(40)),
    ),
    "ghr": ("GitHub token", joined("gh", "r_", some(76))),
    "github-fine": ("GitHub token", joined("github", "_pat_", some(22), "_", some(59))),
    "gitlab": ("GitLab token", joined("gl", "pat-", some(20))),
    "gitlab-routable": (
        "GitLab token",
        joined("gl", "pat-", some(27), ".01.", HEX[:9]),
    ),
    "gitlab-deploy": ("GitLab token", joined("gl", "dt-", some(20))),
    "gitlab-runner": ("GitLab token", joined("GR", "1348941", some(20))),
    "aws": ("AWS access key id", joined("AK", "IA", "QYLPMN5HHHFPZAM2")),
    "aws-session": ("AWS access key id", joined("AS", "IA", "QYLPMN5HHHFPZAM2")),
    "google": ("Google API key", joined("AI", "za", some(35))),
    "google-access": ("Google token", joined("ya", "29.", some(60))),
    "google-client": ("Google token", joined("GOC", "SPX-", some(28))),
    "google-refresh": ("Google token", joined("1/", "/0", some(60))),
    "azure-ad": ("Azure secret", joined("a.b", "8Q", "~", some(34))),
    "azure-devops": ("Azure secret", joined(some(76), "AZ", "DO", some(4))),
    "azure-registry": ("Azure secret", joined(some(42), "+A", "CR", some(6))),
    "slack-bot": ("Slack token", joined("xo", "xb-", "123456789012-", some(24))),
    "slack-user": ("Slack token", joined("xo", "xp-", "123456789012-", some(24))),
    "slack-app": ("Slack token", joined("xa", "pp-1-A012-345-", HEX[:64])),
    "npm": ("npm token", joined("np", "m_", some(36))),
    "pypi": ("PyPI token", joined("py", "pi-", "AgEIcHlwaS5vcmc", some(70))),
    "rubygems": ("RubyGems token", joined("ruby", "gems_", HEX[:48])),
    "docker": ("Docker token", joined("dckr", "_pat_", some(27))),
    "docker-org": ("Docker token", joined("dckr", "_oat_", some(32))),
    "openshift": ("OpenShift token", joined("sha256", "~", some(43))),
    "stripe": ("Stripe key", joined("sk", "_live_", some(24))),
    "stripe-limited": ("Stripe key", joined("rk", "_test_", some(24))),
    "stripe-hook": ("Stripe key", joined("wh", "sec_", some(32))),
    "sendgrid": ("SendGrid key", joined("S", "G.", some(22), ".", some(43))),
    "twilio": ("Twilio key", joined("S", "K", HEX[:32])),
    "mailgun": ("Mailgun key", joined("ke", "y-", HEX[:32])),
    "mailchimp": ("Mailchimp key", joined(HEX[:32], "-us", "12")),
    "telegram": ("Telegram token", joined("123456789", ":A", "A", some(33))),
    "anthropic": ("Anthropic key", joined("sk-", "ant-api03-", some(93))),
    "openai": ("OpenAI key", joined("sk-", some(48))),
    "openai-project": ("OpenAI key", joined("sk-", "proj-", some(60))),
    "hugging-face": ("Hugging Face token", joined("h", "f_", some(34))),
    "digitalocean": ("DigitalOcean token", joined("do", "p_v1_", HEX[:64])),
    "heroku": ("Heroku key", joined("HR", "KU-", some(40))),
    "vault": ("HashiCorp token", joined("hv", "s.", some(90))),
    "terraform": ("HashiCorp token", joined(some(14), ".atlas", "v1.", some(64))),
    "atlassian": ("Atlassian token", joined("ATA", "TT3", some(180))),
    "bitbucket": ("Atlassian token", joined("AT", "BB", some(32))),
    "artifactory": ("Artifactory token", joined("AK", "Cp", some(69))),
    "figma": ("token", joined("fi", "gd_", some(40))),
    "grafana": ("token", joined("gl", "sa_", some(32), "_", HEX[:8])),
    "sentry": ("token", joined("snt", "ryu_", HEX[:64])),
    "databricks": ("token", joined("da", "pi", HEX[:32])),
    "shopify": ("token", joined("sh", "pat_", HEX[:32])),
    "tailscale": ("token", joined("ts", "key-auth-", some(17), "-", some(32))),
    "age": ("age key", joined("AGE-SECRET", "-KEY-1", "QPZRY9X8GF" * 5, "QPZRY9X8")),
    "jwt": (
        "JSON web token",
        joined("ey", "J", some(33), ".ey", "J", some(60), ".", some(43)),
    ),
}
"""By name: what is said in its place, and the secret."""
_FAMILIES = (
    ("GitLab token", "gl", "rt rtr cbt ptt ft imt agent soat oas ffct", f"-{some(20)}"),
    ("AWS access key id", "A", "BIA CCA 3TX", "QYLPMN5HHHFPZAM2"),
    ("Slack token", "xo", "xa xs xr xe.xoxp", f"-1234567890-{some(24)}"),
    ("Stripe key", "sk", "_test _prod", f"_{some(24)}"),
    ("OpenAI key", "sk", "-svcacct -admin -None -or -lf", f"-{some(60)}"),
    ("HashiCorp token", "hv", "b r", f".{some(90)}"),
    ("Atlassian token", "AT", "CTT3", some(180)),
    ("Artifactory token", "cmV", "md", some(59)),
    ("DigitalOcean token", "do", "o r", f"_v1_{HEX[:64]}"),
    ("token", "lin", "_api", f"_{some(40)}"),
    ("token", "NR", "AK", f"-{some(27)}"),
    ("token", "nt", "n", f"_{some(43)}"),
    ("token", "sb", "p", f"_{HEX[:40]}"),
    ("token", "sntr", "ys", f"_{some(60)}"),
    ("token", "pscale", "_tkn _pw _oauth", f"_{some(43)}"),
    ("token", "shp", "ca pa ss", f"_{HEX[:32]}"),
    ("token", "PM", "AK", f"-{HEX[:24]}-{HEX[:34]}"),
    ("token", "dp", ".pt .st", f".{some(43)}"),
)
"""What is said, and how it begins, goes on in one of these ways, and ends."""
TOKENS |= {
    f"{begin}{middle}": (what, joined(begin, middle, end))
    for what, begin, middles, end in _FAMILIES
    for middle in middles.split()
}
BODY = (some(64), some(64)[::-1], some(40) + "==")
KEY = (
    joined("-----BEGIN RSA ", "PRIVATE KEY-----"),
    *BODY,
    joined("-----END RSA ", "PRIVATE KEY-----"),
)
"""The lines of a private key in PEM."""
