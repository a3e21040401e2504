"""``dragoman forget``: a document, or a person, out of the register for good."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.commands._register import DEFAULT, Author, File, Reason, errors

if TYPE_CHECKING:
    from dragoman.store.forgetting import Removed
    from dragoman.store.read import Register


def forget(
    name: Annotated[
        str,
        typer.Argument(
            metavar="PERSON|DOCUMENT", help="A person's name or id, or a document's id or address.", show_default=False
        ),
    ],
    file: File = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    person: Annotated[bool, typer.Option("--person", help="It is a person.")] = False,
    document: Annotated[bool, typer.Option("--document", help="It is a document.")] = False,
    cache: Annotated[
        Optional[Path],  # noqa: UP045 (typer reads it at run time)
        typer.Option(
            metavar="FILE",
            help="Answers of a language model that are kept; those on the documents go as well.",
            show_default=False,
        ),
    ] = None,
    author: Author = None,
    reason: Reason = "",
) -> None:
    """Remove a document, or a person from all documents, out of the register and the journal beside it. It cannot be undone.

    What stays is that something was removed, when, by whom and why, and keyed hashes by which it is known and kept out when it comes
    again. Files exported before are not touched.
    """
    from dragoman import output
    from dragoman.resources import Tools
    from dragoman.store.read import Register
    from dragoman.store.write import Writer, author_name

    if person and document:
        raise typer.BadParameter("choose --person or --document")
    with errors():
        tools = Tools()
        what, which, told = _found(Register(file, tools=tools), name, person=person, document=document)
        output.say(told)
        if not yes and not _confirmed():
            output.say("dragoman: nothing was removed")
            raise typer.Exit(output.USAGE)
        writer = Writer(file, tools)
        by = author or author_name()
        if what == "person":
            done = writer.forget_person(which[0], author=by, reason=reason)
        else:
            done = writer.forget_documents(which, author=by, reason=reason)
        _elsewhere(file, cache, done)
    output.say(
        f"removed ({done.id}): {len(done.documents)} documents gone, {len(done.changed)} changed; files exported before are yours to remove"
    )


def _found(register: Register, name: str, *, person: bool, document: bool) -> tuple[str, list[str], str]:
    """What is meant: person or document, its id or ids, and what will happen.

    Raises:
        NotFound: there is none, or there are several.
    """
    from dragoman.errors import NotFound

    with register.held():
        documents = [] if person else register.at(name)
        if documents:
            told = "; ".join(f"{d.doc_id} ({d.outlet or 'no outlet'}, {d.title or 'no title'})" for d in documents)
            return "document", [d.doc_id for d in documents], f"to be removed for good: document {told}"
        if document:
            raise NotFound(f"no document {name!r} in {register.path}")
        who = register.person(name)
        return (
            "person",
            [who.id],
            f"to be removed for good: {who.name} ({', '.join(who.parties) or 'no party'}), known as {', '.join(who.names)}, who takes part "
            f"in {who.engagements} engagements; the acts stay, texts that name them go",
        )


def _confirmed() -> bool:
    """Whether the user says yes; nobody does where nobody can be asked."""
    if not sys.stdin.isatty():
        from dragoman import output

        output.say("dragoman: say --yes to remove it")
        return False
    return typer.confirm("Remove it?", default=False, err=True)


def _elsewhere(file: Path, cache: Path | None, done: Removed) -> None:
    """Take it out of the watch's journal and of the kept answers, where there are any."""
    from dragoman.feeds.journal import Journal, beside

    journal = beside(file)
    if journal.exists():
        kept = Journal(journal)
        try:
            kept.forget(done.urls, done.names)
        finally:
            kept.close()
    if cache is not None:
        from dragoman.llm.cache import Answers

        answers = Answers(cache)
        try:
            answers.drop((*done.documents, *done.changed))
        finally:
            answers.close()
