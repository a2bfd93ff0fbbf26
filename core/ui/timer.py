"""Ending the timer of a fragment from inside, for which Streamlit has no call."""

from __future__ import annotations

import logging

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

_log = logging.getLogger("groundswell")


def stop_timer() -> None:
    """End the timers of the fragments that this run is for.

    The browser is sent what Streamlit itself sends when a fragment with
    ``run_every`` is gone. Where another version knows no such message, the
    timer goes on until the page runs again.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return
    try:
        message = ForwardMsg()
        message.stop_auto_rerun.fragment_ids.extend(context.fragment_ids_this_run)
        context.enqueue(message)
    except AttributeError:
        _log.warning("this version of Streamlit cannot stop a timer")
