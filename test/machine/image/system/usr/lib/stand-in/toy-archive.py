"""Makes an archive for nix-store --import of what the lab's stand-in for nixos-anywhere sends after a first brace: the
rest of a line of JSON with a path's files, then filling."""

import json
import sys


def number(value):
    return value.to_bytes(8, "little")


def text(value):
    content = value.encode() if isinstance(value, str) else value
    return number(len(content)) + content + bytes(-len(content) % 8)


def node(tree):
    """A file is its content and mode, a folder its nodes by name."""
    if isinstance(tree, tuple):
        content, mode = tree
        executable = ["executable", ""] if mode & 0o111 else []
        words = ["(", "type", "regular", *executable, "contents", content, ")"]
        return b"".join(map(text, words))
    entries = [
        b"".join(map(text, ["entry", "(", "name", name, "node"])) + node(tree[name]) + text(")")
        for name in sorted(tree)
    ]
    return b"".join(map(text, ["(", "type", "directory"])) + b"".join(entries) + text(")")


sent = json.loads("{" + sys.stdin.buffer.readline().decode())
if len(sys.stdin.buffer.read()) < sent["payload"]:
    sys.exit("error: unexpected end-of-file")
top = {}
for path, file in sent["files"].items():
    *folders, name = ["", *path.split("/")] if path else [""]
    place = top
    for folder in folders:
        place = place.setdefault(folder, {})
    place[name] = (file["content"], file["mode"])
tree = top.get("", {})

archive = text("nix-archive-1") + node(tree)
# Neither references, nor a deriver, nor a signature; and no other path after it.
origin = number(0x4558494E) + text(sent["path"]) + number(0) + text("") + number(0)
sys.stdout.buffer.write(number(1) + archive + origin + number(0))
