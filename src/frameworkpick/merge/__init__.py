"""The only door to merging: two pristine renders of a template, merged into a project by git."""

from frameworkpick.merge.amendment import added, rewritten
from frameworkpick.merge.apply import applied
from frameworkpick.merge.drift import TemplateFiles, find, left_out, states, would_conflict
from frameworkpick.merge.earlier import earlier_files
from frameworkpick.merge.files import File, read_file, read_folder, same_text
from frameworkpick.merge.habits import remember
from frameworkpick.merge.losses import refuse_losses
from frameworkpick.merge.place import Place, Repository, find_place, held, refuse_unclean
from frameworkpick.merge.plan import Planned, plan
from frameworkpick.merge.threeway import Merged
from frameworkpick.merge.undo import Undone, recover, undo_last

__all__ = [
    "File",
    "Merged",
    "Place",
    "Planned",
    "Repository",
    "TemplateFiles",
    "Undone",
    "added",
    "applied",
    "earlier_files",
    "find",
    "find_place",
    "held",
    "left_out",
    "plan",
    "read_file",
    "read_folder",
    "recover",
    "refuse_losses",
    "refuse_unclean",
    "remember",
    "rewritten",
    "same_text",
    "states",
    "undo_last",
    "would_conflict",
]
