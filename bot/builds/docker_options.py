"""The options of docker's commands that the broker knows. Pure."""

from __future__ import annotations

from bot.builds.words import Grammar


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


GLOBAL = Grammar(
    _names("host config context log-level tlscacert tlscert tlskey"),
    _names("debug tls tlsverify version help"),
    {"H": "host", "c": "context", "l": "log-level", "D": "debug", "v": "version"},
    mixed=False,
)
GROUPS = {
    "image": {"ls": "images", "list": "images", "rm": "rmi", "remove": "rmi"},
    "container": {"ls": "ps", "list": "ps"},
    "builder": {},
    "buildx": {"b": "build"},
}
BUILD = Grammar(
    _names("""tag file build-arg label target platform add-host iidfile network
        cache-from cache-to output secret ssh progress memory memory-swap
        cpu-shares cpu-period cpu-quota cpuset-cpus cpuset-mems shm-size ulimit
        isolation security-opt cgroup-parent builder build-context attest
        provenance sbom metadata-file allow annotation no-cache-filter"""),
    _names("""pull no-cache quiet rm force-rm squash compress load push debug
        disable-content-trust stream"""),
    {"t": "tag", "f": "file", "q": "quiet", "o": "output", "m": "memory"}
    | {"c": "cpu-shares", "D": "debug"},
)
RUN = Grammar(
    _names("""volume mount workdir env env-file user entrypoint name net network
        platform label label-file add-host hostname publish expose memory
        memory-swap memory-reservation cpus cpu-shares cpuset-cpus tmpfs cap-add
        cap-drop security-opt device pid ipc uts userns cgroupns volumes-from link
        dns dns-search log-driver log-opt restart shm-size ulimit gpus stop-signal
        stop-timeout cidfile pull runtime group-add attach sysctl pids-limit
        network-alias ip detach-keys domainname mac-address volume-driver"""),
    _names("""rm detach interactive tty privileged init read-only publish-all quiet
        sig-proxy no-healthcheck disable-content-trust oom-kill-disable"""),
    {"v": "volume", "w": "workdir", "e": "env", "u": "user", "h": "hostname"}
    | {"p": "publish", "P": "publish-all", "m": "memory", "c": "cpu-shares"}
    | {"l": "label", "a": "attach", "d": "detach", "i": "interactive"}
    | {"t": "tty", "q": "quiet"},
    mixed=False,
)
NOTHING = Grammar(frozenset(), frozenset(), {})
FORMATTED = Grammar(_names("format"), frozenset(), {"f": "format"})
REMOVE = Grammar(frozenset(), _names("force no-prune"), {"f": "force"})
LIST = Grammar(
    _names("format filter"),
    _names("all digests no-trunc quiet"),
    {"a": "all", "f": "filter", "q": "quiet"},
)
INSPECT = Grammar(_names("format type"), _names("size"), {"f": "format", "s": "size"})
NEVER_BUILT_WITH = {
    "secret": "a secret of the build host",
    "ssh": "an SSH agent of the build host",
    "allow": "extra privileges",
    "security-opt": "other security options",
    "build-context": "a second context",
}
LEFT_OUT_OF_BUILDS = _names(
    """network cache-from cache-to output push metadata-file squash
    cgroup-parent isolation no-cache-filter annotation"""
)
"""What a build goes without, with a word about it."""
LEFT_OUT_OF_RUNS = _names(
    """privileged net network cap-add device pid ipc uts userns cgroupns volumes-from
    link publish publish-all security-opt gpus restart runtime mount env-file
    tmpfs cidfile sysctl group-add"""
)
"""What a run goes without, with a word about it."""
