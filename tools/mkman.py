#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Manual pages: docs/man/SECTION/NAME.md to the pages of the image.

What stands elsewhere already is put in from there: a system call's number and arguments
(include/syscalls.def), the numbers and texts of errors (errno.def), a program's purpose (its line
in user/bin/files.mk) and its options (the text behind --help). A source begins with

    calls: NAME NAME...      section 2, only where a page is about several calls: all of them
    purpose in one line      not in section 1

and goes on in Markdown; `- ENOENT: when` below "## Errors" is completed; a line
@errors or @signals becomes the table.

    mkman.py OUT             writes OUT/SECTION/NAME.md and OUT/index
    mkman.py --check         prints what is missing or wrong
"""

import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STRING = r'"(?:[^"\\]|\\.)*"'


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def calls_of_kernel():
    """Name -> (number, result, [argument])."""
    calls = {}
    for line in re.findall(r"^SYSCALL\((.*)\)$", read("include/syscalls.def"), re.M):
        number, name, result, *arguments = re.split(r",\s*(?![^()]*\))", line)
        calls[name] = (number, result, [argument_text(a) for a in arguments])
    return calls


def argument_text(argument):
    kind, inside = re.match(r"(\w+)\((.*)\)", argument).groups()
    names = [part.strip() for part in inside.split(",")]
    types = {"FD": "int", "PID": "pid_t", "INT": "int", "UINT": "unsigned", "FLAGS": "int",
             "MODE": "mode_t", "SIZE": "size_t", "ADDR": "void *", "PATH": "const char *",
             "UBUF_OUT": "void *", "UBUF_IN": "const void *", "USTRV": "char *const *",
             "OFF_LO": "unsigned", "OFF_HI": "unsigned"}
    if kind.startswith("UPTR"):
        const = "const " if kind == "UPTR_IN" else ""
        return f"{const}{names[1].replace('abi_', '')} *{names[0]}"
    kind = types.get(kind, kind.lower())
    return f"{kind}{'' if kind.endswith('*') else ' '}{names[0]}"


def errors_of_kernel():
    return {name: (number, text) for number, name, text in
            re.findall(r'^ERRNO\((\d+), (\w+), "(.*)"\)', read("include/errno.def"), re.M)}


def programs():
    """Name -> purpose."""
    return dict(re.findall(r"^user-bin \+= (\S+)\s+# (.*)$", read("user/bin/files.mk"), re.M))


def literal(text):
    """The value of adjacent C string literals."""
    joined = "".join(part[1:-1] for part in re.findall(STRING, text))
    return joined.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")


def usage_of(name):
    """What --help prints behind the name; None if the source does not say."""
    base = f"user/bin/{name}"
    paths = [f"{base}.c"]
    if os.path.isdir(os.path.join(TOP, base)):
        paths = [f"{base}/{file}" for file in sorted(os.listdir(os.path.join(TOP, base)))
                 if file.endswith(".c")]
    strings = rf"((?:{STRING}\s*)+)"
    for source in map(read, paths):
        for pattern in (rf"usage\[\]\s*=\s*{strings}", rf'prog_begin\(\s*"[^"]*",\s*{strings}'):
            found = re.search(pattern, source)
            if found:
                return re.sub(rf"^usage: {re.escape(name)} ", "", literal(found[1]))
    return None


def sources():
    """(section, name, text) of each page."""
    base = os.path.join(TOP, "docs/man")
    for section in sorted(os.listdir(base)):
        if not section.isdigit():
            continue
        for file in sorted(os.listdir(os.path.join(base, section))):
            if file.endswith(".md"):
                yield section, file[:-3], read(f"docs/man/{section}/{file}")


def with_error_texts(text):
    errors = errors_of_kernel()

    def complete(match):
        number, meaning = errors[match[1]]
        return f"- `{match[1]}` ({number}, {meaning}): "
    text = re.sub(r"^- (E[A-Z0-9]+): ", complete, text, flags=re.M)
    rows = [f"    {number:>3} {name:<16} {meaning}" for name, (number, meaning) in errors.items()]
    text = text.replace("@errors", "\n".join(rows))
    rows = [f"    {number:>3} {name:<10} {action:<5} {meaning}" for number, name, action, meaning in
            re.findall(r'^SIGNAL\((\d+), (\w+), (\w+), "(.*)"\)',
                       read("include/signals.def"), re.M)]
    return text.replace("@signals", "\n".join(rows))


class Page:
    def __init__(self, section, name, text):
        self.section, self.name = section, name
        self.names = [name]
        if text.startswith("calls: "):
            first, text = text.split("\n", 1)
            self.names = first.split()[1:]
        if section == "1":
            self.purpose, self.body = programs().get(name, ""), text
        else:
            self.purpose, self.body = text.split("\n", 1)

    def synopsis(self):
        if self.section == "1":
            return f"    {self.name} " + (usage_of(self.name) or "").replace("\n", "\n    ")
        calls = calls_of_kernel()
        lines = []
        for name in self.names:
            number, result, arguments = calls[name]
            space = "" if result.endswith("*") else " "
            lines.append(f"    {result}{space}{name}({', '.join(arguments) or 'void'})")
            lines.append(f"        number {number}")
        return "\n".join(lines)

    def render(self):
        parts = [f"# {self.name}({self.section})\n", f"{self.name} - {self.purpose}\n"]
        if self.section in "12":
            parts += ["## Synopsis\n", f"{self.synopsis()}\n", "## Description\n"]
        return "\n".join(parts) + "\n" + with_error_texts(self.body.strip()) + "\n"

    def index(self):
        return [f"{name} {self.section} {self.name} {self.purpose}\n"
                for name in dict.fromkeys([self.name] + self.names)]


def problems():
    pages = [Page(*source) for source in sources()]
    named = {(page.section, name) for page in pages for name in page.names}
    errors = errors_of_kernel()
    calls, commands = calls_of_kernel(), programs()
    for name in calls:
        if ("2", name) not in named:
            yield f"docs/man/2: no page for the call {name}"
    for name in commands:
        if ("1", name) not in named:
            yield f"docs/man/1: no page for the program {name}"
    for page in pages:
        where = f"docs/man/{page.section}/{page.name}.md"
        known = {"1": commands, "2": calls}.get(page.section)
        for name in page.names:
            if known is not None and name not in known:
                yield f"{where}: there is no {name}"
        for name in re.findall(r"^- (E[A-Z0-9]+): ", page.body, re.M):
            if name not in errors:
                yield f"{where}: {name} is no error"
        prose = re.sub(r"^    .*", "", page.body, flags=re.M)
        for name, section in re.findall(r"\b([\w-]+)\(([1-8])\)", prose):
            if (section, name) not in named:
                if not any(p.name == name and p.section == section for p in pages):
                    yield f"{where}: there is no page {name}({section})"


def write_pages(out):
    index = []
    for page in (Page(*source) for source in sources()):
        directory = os.path.join(out, page.section)
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, f"{page.name}.md"), "w", encoding="utf-8") as file:
            file.write(page.render())
        index += page.index()
    with open(os.path.join(out, "index"), "w", encoding="utf-8") as file:
        file.writelines(sorted(index))


def main():
    if sys.argv[1] != "--check":
        write_pages(sys.argv[1])
        return 0
    found = list(problems())
    print("".join(f"{problem}\n" for problem in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
