"""Contents, the git database, archives and comparisons, all from real git."""

from __future__ import annotations

import base64
import io
import tarfile

from tests.world.github.client import as_token
from tests.world.github.fixtures import described, github
from tests.world.github.place import DOCKERFILE, NAME, REPO, Scene, scene

__all__ = ["described", "github", "scene"]

RAW = {"Accept": "application/vnd.github.raw+json"}
BINARY = bytes(range(256))


async def test_files_are_read_as_base64_and_raw(scene: Scene) -> None:
    """The bot reads build files; the bytes must be exactly those pushed."""
    await scene.github.commit("alice", NAME, {"docker image/bin": BINARY})
    path = f"{REPO}/contents/docker%20image/bin"
    coded = (await scene.bot.call("GET", path)).body
    raw = await scene.bot.call("GET", f"{path}?ref=main", headers=RAW)
    folder = (await scene.bot.call("GET", f"{REPO}/contents/")).body
    gone = await scene.bot.call("GET", f"{REPO}/contents/nowhere")

    assert base64.b64decode(coded["content"]) == raw.body == BINARY
    assert (coded["size"], coded["type"]) == (256, "file")
    assert [(e["path"], e["type"]) for e in folder] == [
        ("Dockerfile", "file"),
        ("Makefile", "file"),
        ("docker image", "dir"),
    ]
    assert gone.status == 404


async def test_a_file_is_written_changed_and_removed(scene: Scene) -> None:
    """Each write is one commit, and a stale blob id is a conflict."""
    path = f"{REPO}/contents/a.txt"
    body = {"message": "m", "content": base64.b64encode(b"one").decode()}
    made = await scene.bot.call("PUT", path, body)
    stale = await scene.bot.call("PUT", path, {**body, "sha": "0" * 40})
    sha = made.body["content"]["sha"]
    gone = await scene.bot.call("DELETE", path, {"message": "d", "sha": sha})
    await scene.github.settle()
    first, second = scene.inbox.of("push")

    assert (made.status, stale.status, gone.status) == (201, 409, 200)
    assert first["commits"][0]["added"] == ["a.txt"]
    assert second["commits"][0]["removed"] == ["a.txt"]
    assert first["commits"][0]["author"]["username"] == "multiarch[bot]"


async def test_a_commit_over_several_files_is_made_of_git_objects(scene: Scene) -> None:
    """A fix is a bundle over files, so it lands as one commit."""
    git = f"{REPO}/git"
    head = await scene.github.head(NAME)
    read = (await scene.bot.call("GET", f"{git}/commits/{head}")).body
    content = base64.b64encode(b"x\n").decode()
    blob = await scene.bot.call(
        "POST", f"{git}/blobs", {"content": content, "encoding": "base64"}
    )
    entries = [
        {"path": "d/run", "mode": "100755", "type": "blob", "sha": blob.body["sha"]},
        {"path": "Dockerfile", "mode": "100644", "type": "blob", "content": "FROM x\n"},
        {"path": "Makefile", "mode": "100644", "type": "blob", "sha": None},
    ]
    base = {"base_tree": read["tree"]["sha"], "tree": entries}
    tree = (await scene.bot.call("POST", f"{git}/trees", base)).body
    body = {"message": "Fix\n\nbecause", "tree": tree["sha"], "parents": [head]}
    made = (await scene.bot.call("POST", f"{git}/commits", body)).body
    ref = {"ref": "refs/heads/multiarch/fix", "sha": made["sha"]}
    created = await scene.bot.call("POST", f"{git}/refs", ref)
    twice = await scene.bot.call("POST", f"{git}/refs", ref)
    whole = await scene.bot.call("GET", f"{git}/trees/multiarch/fix?recursive=1")
    one = await scene.bot.call("GET", f"{git}/ref/heads/multiarch%2Ffix")

    assert (created.status, twice.status) == (201, 422)
    assert twice.body["message"] == "Reference already exists"
    assert one.body["object"]["sha"] == made["sha"]
    assert [(e["mode"], e["path"]) for e in whole.body["tree"]] == [
        ("100644", "Dockerfile"),
        ("040000", "d"),
        ("100755", "d/run"),
    ]
    assert await scene.github.read(NAME, "d/run", "multiarch/fix") == "x\n"
    assert made["author"]["name"] == "multiarch[bot]"


async def test_a_huge_tree_is_truncated(scene: Scene) -> None:
    """Beyond 100,000 entries the tree is not whole, and it says so."""
    scene.github.state.most_tree_entries = 1
    tree = (await scene.bot.call("GET", f"{REPO}/git/trees/main?recursive=1")).body

    assert ([e["path"] for e in tree["tree"]], tree["truncated"]) == (
        ["Dockerfile"],
        True,
    )


async def test_an_archive_lies_behind_a_redirect(scene: Scene) -> None:
    """The bot builds from this; of a private repository the link alone suffices."""
    scene.github.repository(NAME).private = True
    sha = await scene.github.head(NAME)
    sent = await scene.bot.call("GET", f"{REPO}/tarball/{sha}")
    place = sent.headers["Location"].removeprefix(scene.github.url)
    nobody = as_token(scene.github, "")
    packed = await nobody.call("GET", place)
    refused = await nobody.call("GET", place.partition("?")[0])
    with tarfile.open(fileobj=io.BytesIO(packed.body)) as archive:
        names = archive.getnames()
        member = archive.extractfile(f"octo-typha-{sha[:7]}/Dockerfile")
        text = member.read().decode() if member else ""

    assert (sent.status, packed.status, refused.status) == (302, 200, 404)
    assert names[0] == f"octo-typha-{sha[:7]}"
    assert text == DOCKERFILE


async def test_commits_are_compared_from_their_merge_base(scene: Scene) -> None:
    """When a push's lists are cut, this tells what changed."""
    await scene.github.commit("alice", NAME, {"Makefile": "all:\n"}, branch="x")
    await scene.github.commit("alice", NAME, {"README": "r\n"})
    told = (await scene.bot.call("GET", f"{REPO}/compare/main...x")).body
    none = await scene.bot.call("GET", f"{REPO}/compare/main...nowhere")
    files = [(f["filename"], f["status"], f["patch"]) for f in told["files"]]

    assert (told["status"], told["ahead_by"], told["behind_by"]) == ("diverged", 1, 1)
    assert files == [("Makefile", "modified", "@@ -0,0 +1 @@\n+all:")]
    assert none.status == 404


async def test_renames_and_binaries_are_told_as_github_does(scene: Scene) -> None:
    """A renamed Dockerfile keeps its history; a binary has no patch."""
    files = {"Dockerfile": None, "docker/Dockerfile": DOCKERFILE, "bin": BINARY}
    sha = await scene.github.commit("alice", NAME, files, branch="x")
    told = (await scene.bot.call("GET", f"{REPO}/commits/{sha}")).body["files"]

    assert [(f["filename"], f["status"], "patch" in f) for f in told] == [
        ("bin", "added", False),
        ("docker/Dockerfile", "renamed", False),
    ]
    assert told[1]["previous_filename"] == "Dockerfile"


async def test_tags_branches_and_commits_are_listed(scene: Scene) -> None:
    """People pin by tags, too."""
    sha = await scene.github.head(NAME)
    body = {"tag": "v1", "message": "one", "object": sha, "type": "commit"}
    tag = await scene.bot.call("POST", f"{REPO}/git/tags", body)
    ref = {"ref": "refs/tags/v1", "sha": tag.body["sha"]}
    await scene.bot.call("POST", f"{REPO}/git/refs", ref)
    read = await scene.bot.call("GET", f"{REPO}/git/tags/{tag.body['sha']}")
    refs = await scene.bot.call("GET", f"{REPO}/git/matching-refs/tags/v")
    branches = await scene.bot.call("GET", f"{REPO}/branches")
    branch = await scene.bot.call("GET", f"{REPO}/branches/main")
    commits = await scene.bot.call("GET", f"{REPO}/commits?sha=v1")

    assert read.body["object"] == tag.body["object"]
    assert [r["ref"] for r in refs.body] == ["refs/tags/v1"]
    assert [b["name"] for b in branches.body] == ["main"]
    assert branch.body["commit"]["sha"] == commits.body[0]["sha"] == sha
