"""Which x86-only packages a stage installs, and everything that handles them. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from bot.judgement.commands import Run, operands, program, runs, without
from bot.judgement.deliberate import is_guarded
from bot.model import Edit
from bot.parse.dockerfile import Dockerfile, Stage
from bot.parse.shell import Command, Token
from bot.x86_packages import PACKAGES, X86Package, of_file, of_word

_INSTALLERS = {
    "apk": "add",
    "apt": "install",
    "apt-get": "install",
    "aptitude": "install",
}
_MOST = 40
"""Packages of one stage that are told; no author writes more."""
_FETCHERS = frozenset({"wget", "curl"})
_SAVES_AS = frozenset({"-O", "-o", "--output-document", "--output"})


@dataclass(frozen=True, slots=True)
class Installed:
    """One x86-only package at the word that has it installed.

    *subject* names it as a build log does, with its version where it is known.
    """

    package: X86Package
    subject: str
    word: Token
    runs: tuple[Run, ...]

    def removal(self, file: Dockerfile) -> tuple[Edit, ...] | None:
        """Return the edits after which nothing handles the package any more."""
        edits: list[Edit] = []
        for run in self.runs:
            words, whole = self._handling(run)
            made = without(file, run, words, whole)
            if made is None:
                return None
            edits += made
        return tuple(edits)

    def _handling(self, run: Run) -> tuple[list[Token], list[Command]]:
        """Return the words that go, and the commands that go with them."""
        words: list[Token] = []
        whole: list[Command] = []
        for command in run.commands:
            mine = [word for word in command.words[1:] if self._means(command, word)]
            if not mine:
                continue
            spans = {word.span for word in mine}
            if all(word.span in spans for word in _objects(command)):
                whole.append(command)
            else:
                words += mine
        return words, whole

    def _means(self, command: Command, word: Token) -> bool:
        known = of_file(posixpath.basename(word.value))
        if known:
            return known[1] == self.subject
        installs = _installs(command) and not is_guarded(command)
        return installs and of_word(program(command), word.value) is self.package


def installed(file: Dockerfile, stage: Stage) -> Iterator[Installed]:
    """Yield every x86-only package that an unguarded command installs."""
    if not any(package.name in file.source.text for package in PACKAGES):
        return  # most files: spare them the reading of their shell
    found = runs(file, stage.instructions)
    told: set[str] = set()
    for each in _installed(found):
        if each.subject not in told:
            told.add(each.subject)
            yield each
        if len(told) == _MOST:
            return


def _installed(found: tuple[Run, ...]) -> Iterator[Installed]:
    for run in found:
        for command in run.commands:
            if is_guarded(command) or not _installs(command):
                continue
            for word in _objects(command):
                known = of_file(posixpath.basename(word.value))
                if known:
                    yield Installed(*known, word, found)
                elif package := of_word(program(command), word.value):
                    yield Installed(package, package.name, word, found)


def brought(file: Dockerfile) -> frozenset[str]:
    """Return the programs that the x86-only packages of *file* put into place."""
    return frozenset(
        path
        for stage in file.stages
        for each in installed(file, stage)
        for path in each.package.brings
    )


def _installs(command: Command) -> bool:
    verb = _INSTALLERS.get(program(command))
    return verb is not None and any(word.value == verb for word in command.words)


def _objects(command: Command) -> tuple[Token, ...]:
    """Return what *command* works on: packages, addresses, files to remove."""
    words = operands(command)
    verb = _INSTALLERS.get(program(command))
    saved = {
        after.span
        for option, after in zip(command.words, command.words[1:], strict=False)
        if option.value in _SAVES_AS and program(command) in _FETCHERS
    }
    return tuple(
        word for word in words if word.value != verb and word.span not in saved
    )
