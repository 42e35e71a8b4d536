"""Where each acceptance case is proved: here, or by the tests that are named."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parent
LAST = 36
CLAUDE = "models/anthropic"
LOOP = "backends/agent_loop"
SPACES = "workspaces"

PROVED_BY = {
    "A2": [f"{LOOP}/test_ends.py::test_without_room_one_last_turn_comes_out_of_what_was_held_back"],
    "A4": [f"{CLAUDE}/test_cut.py::test_a_cut_at_every_byte_is_a_cut"],
    "A5": [
        f"{LOOP}/test_liveness.py::test_a_machine_that_slept_opens_the_connection_again_and_blames_nobody"
    ],
    "A6": [
        f"{LOOP}/test_compaction.py::test_twenty_turns_over_the_window_finish",
        f"{LOOP}/test_compaction.py::test_where_results_are_few_the_middle_is_summed_up",
        f"{LOOP}/test_ends.py::test_the_whole_first_message_stays_what_it_was",
    ],
    "A7": [
        f"{CLAUDE}/test_plugin.py::test_finding_out_what_there_is_imports_no_sdk",
        f"{CLAUDE}/test_plugin.py::test_every_client_tries_once_and_traces_nothing",
        f"{CLAUDE}/test_plugin.py::test_what_the_sdk_offers_beside_messages_is_not_used",
        f"{CLAUDE}/test_failures.py::test_a_wait_of_900_seconds_is_told_and_not_slept",
        f"{CLAUDE}/test_failures.py::test_an_error_event_after_status_200_counts_by_its_type",
        f"{CLAUDE}/test_failures.py::test_every_exception_of_sdk_and_transport_becomes_a_failure",
        f"{CLAUDE}/test_failures.py::test_without_a_key_it_says_so_before_any_request",
        f"{CLAUDE}/test_cut.py::test_a_stream_without_its_end_marker_is_cut_though_all_else_came",
        f"{CLAUDE}/test_cut.py::test_the_input_of_a_tool_is_never_completed",
        f"{CLAUDE}/test_turn.py::test_what_a_block_of_tomorrow_says_is_kept_and_goes_back_unchanged",
        f"{CLAUDE}/test_encode.py::test_long_answers_need_no_other_way",
        f"{CLAUDE}/test_usage.py::test_what_a_compaction_used_is_added_and_what_messages_used_is_not",
        f"{CLAUDE}/test_catalogue.py::test_a_retired_model_is_refused_with_its_successor_and_without_a_request",
        f"{CLAUDE}/test_catalogue.py::test_a_grammar_holds_only_what_the_sdk_would_leave_as_it_is",
    ],
    "A8": ["contract/test_light.py::test_the_version_loads_no_library"],
    "A9": [
        "models/test_standin.py::test_every_fault_has_its_kind_and_is_asked_for_once",
        "models/test_standin.py::test_tools_are_used_and_their_results_understood",
        "models/test_standin.py::test_an_answer_has_its_shape",
        "models/test_standin.py::test_thinking_is_signed_and_goes_back_as_it_came",
        "models/test_standin.py::test_counting_agrees_with_the_usage_of_the_turn",
        "models/test_aimock.py::test_a_tool_and_its_result",
        "models/test_aimock.py::test_a_failure",
    ],
    "A10": [
        "launch/test_choosing.py::test_the_environment_decides_as_documented",
        "launch/test_choosing.py::test_nothing_is_imported_to_find_out",
        "cli/test_doctor.py::test_the_choice_and_its_reason_are_told_and_no_secret",
    ],
    "A11": [f"{LOOP}/test_answers.py::test_the_fifth_wrong_answer_is_the_last"],
    "A12": [
        "answers/test_schemas.py::test_what_can_work_passes",
        "answers/test_schemas.py::test_what_cannot_work_is_refused_with_its_place",
        "answers/test_schemas.py::test_a_reference_bomb_counts_as_what_it_unfolds_to",
        "answers/test_schemas.py::test_what_passes_is_valid_by_the_metaschema_and_a_wrong_form_is_not",
    ],
    "A13": [
        f"{LOOP}/test_standin.py::test_twelve_siblings_write_a_prefix_once_for_each_tool_they_answer_with"
    ],
    "A14": [
        "tools/files/test_confinement.py::test_no_way_leads_outside",
        "tools/files/test_confinement.py::test_only_regular_files_are_opened_and_nothing_waits",
        "tools/files/test_confinement.py::test_a_dangling_link_inside_is_not_written_through",
        "tools/files/test_confinement.py::test_a_shell_that_races_gets_nothing_read_and_nothing_written",
        "tools/files/test_confinement.py::test_a_hard_link_may_be_read_and_its_twin_never_changes",
        "tools/files/test_confinement.py::test_a_peer_agrees",
    ],
    "A15": [
        "policies/permissions/test_lines.py::test_lines_that_rules_name",
        "policies/permissions/test_lines.py::test_lines_that_rules_do_not_name",
        "policies/permissions/test_lines.py::test_what_is_allowed_runs_nothing_else_in_a_real_bash",
    ],
    "A16": [
        "engine/test_uses.py::test_while_a_person_thinks_clock_and_slot_are_free",
        "engine/test_uses.py::test_what_was_decided_is_not_asked_again_in_a_later_life",
        "engine/test_questions.py::test_nobody_there_is_no_answer_at_once",
        "engine/test_questions.py::test_an_approver_that_vanishes_breaks_or_babbles_has_not_answered",
        "engine/test_questions.py::test_an_answer_from_outside_comes_first_and_ends_the_asking",
        "policies/permissions/test_policy.py::test_the_reason_says_which_rule_would_allow_it",
    ],
    "A17": [
        "tools/shell/test_nothing_left.py::test_daemons_end_with_a_command_that_takes_too_long",
        "tools/shell/test_nothing_left.py::test_case_61_everything_ends_when_hocket_is_killed",
        "tools/shell/test_nothing_left.py::test_leftovers_of_a_call_are_found_by_its_mark",
        "tools/shell/test_output.py::test_yes_is_stopped_and_both_ends_are_shown",
    ],
    "A18": [
        "tools/shell/test_secrets.py::test_env_shows_none_of_20_secrets",
        "tools/shell/test_secrets.py::test_in_the_sandbox_no_process_tells_them_either",
    ],
    "A19": [
        "tools/web/test_addresses.py::test_hostile_addresses",
        "tools/web/test_hostile.py::test_an_address_that_is_not_public",
        "tools/web/test_hostile.py::test_rebinding_changes_nothing",
        "tools/web/test_hostile.py::test_ten_gigabytes_are_neither_read_nor_kept",
        "tools/web/test_hostile.py::test_a_zip_bomb",
        "tools/web/test_hostile.py::test_a_slow_drip_ends_after_thirty_seconds",
        "tools/web/test_redirects.py::test_a_redirect_to_a_metadata_address_reaches_nobody",
    ],
    "A20": [
        f"{SPACES}/test_workspaces.py::test_the_base_is_head_of_the_invoking_tree_on_a_feature_branch",
        f"{SPACES}/test_workspaces.py::test_a_patch_applied_elsewhere_gives_the_same_tree",
        f"{SPACES}/test_workspaces.py::test_the_persons_dirty_tree_is_neither_seen_nor_touched",
        f"{SPACES}/test_workspaces.py::test_base_tree_takes_the_dirty_tree_along",
        f"{SPACES}/test_patches.py::test_whatever_files_an_agent_leaves_come_home_in_the_patch",
        f"{SPACES}/test_hostile.py::test_a_git_file_that_leads_to_a_hostile_repository",
    ],
    "A21": [
        f"{SPACES}/test_crash.py::test_a_kill_at_any_command_of_git",
        f"{SPACES}/test_crash.py::test_a_kill_while_the_patch_is_kept",
        f"{SPACES}/test_crash.py::test_a_kill_of_the_clean_up_itself",
    ],
    "A22": [
        f"{CLAUDE}/test_failures.py::test_an_answer_with_a_status_has_its_kind_and_was_asked_for_once",
        f"{CLAUDE}/test_failures.py::test_the_services_own_word_on_another_try_goes_before_the_status",
        "models/openai_compatible/test_failures.py::test_an_answer_with_a_status_has_its_kind_and_was_asked_for_once",
        "engine/test_breaker.py::test_back_off_doubles_up_to_a_minute_and_is_jittered",
    ],
    "A23": ["engine/test_lanes.py::test_a_pause_halves_the_permits_and_lets_one_probe_go_first"],
    "A24": [
        "engine/test_breaker.py::test_p7_no_turn_starts_after_a_terminal_answer_until_the_reset_time"
    ],
    "A25": ["engine/test_turns.py::test_a_long_wait_gives_the_slot_to_somebody_else"],
    "A26": [
        "engine/test_gates.py::test_a26_the_others_start_with_its_first_byte_or_after_five_seconds",
        "engine/test_gates.py::test_a26_after_a_failure_one_takes_over",
    ],
    "A28": [
        f"{CLAUDE}/test_usage.py::test_what_a_compaction_used_is_added_and_what_messages_used_is_not"
    ],
    "A29": ["bench/quarantine/run.py"],
    "A30": [
        "quarantine/test_placements.py::test_no_canary_sings",
        "quarantine/test_placements.py::test_where_the_wall_is_gone_they_sing",
        "quarantine/test_handles.py::test_however_a_script_cuts_and_joins_a_handle",
        "quarantine/test_handles.py::test_a_forged_handle_opens_nothing",
        "quarantine/test_fields.py::test_a_field_carries_no_order",
        "quarantine/test_laundering.py::test_a_detour_takes_nothing_off",
        "quarantine/test_leftovers.py::test_a_record_holds_handles",
        "quarantine/test_leftovers.py::test_after_a_kill_the_handles_are_known_again",
        "quarantine/test_programs.py::test_no_canary_sings",
        "quarantine/test_programs.py::test_a_description_reaches_no_one_who_acts",
    ],
    "A31": [
        "policies/quarantine/test_schemas.py::test_a_script_sees_exactly_what_is_bounded",
        "policies/quarantine/test_schemas.py::test_no_words_come_by_value_that_the_script_did_not_write",
        "policies/quarantine/test_policy.py::test_a_use_with_effects_is_closed_to_who_has_read",
        "quarantine/test_fields.py::test_a_field_carries_no_order",
        "quarantine/test_leftovers.py::test_a_reader_writes_no_file",
    ],
    "A34": [
        "tools/mcp/test_approved_server.py::test_headless_a_changed_description_is_refused",
        "tools/mcp/test_approved_server.py::test_a_person_sees_what_changed_and_may_allow_it_for_this_run",
        "tools/mcp/test_in_a_run_server.py::test_headless_what_changed_is_refused_in_a_run",
    ],
    "A35": [
        "testing/standin/test_cache.py::test_read_written_and_fresh_are_the_whole_input_in_any_conversation",
        "testing/standin/test_cache.py::test_the_sdk_sees_the_accounts_and_time_is_the_clocks",
        "testing/standin/test_messages.py::test_the_text_of_the_streaming_helper_is_the_text",
        "testing/standin/test_messages.py::test_streamed_and_whole_replies_are_the_same",
        "testing/standin/test_faults.py::test_a_status_has_its_type_and_its_class",
        "testing/standin/test_openai.py::*",
    ],
    "A36": ["bench/w1_agents.py"],
}
"""What another test proves is not written twice; a file alone is a measurement, not a test."""


@cache
def functions(path: Path) -> frozenset[str]:
    """Give the tests of a file; it is read and not imported, so that no SDK is needed."""
    tree = ast.parse(path.read_text("utf-8"))
    named = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, named))


def bare(name: str) -> str:
    """Give a test's name without the case that may stand in it."""
    return re.sub(r"^test_(a\d\d_)?(case_\d+_)?", "", name)


@cache
def own() -> dict[str, list[str]]:
    """Give all tests, here and elsewhere, that have a case in their names."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in sorted(functions(path)):
            case = re.match(r"test_a(\d\d)_", name)
            if case is not None:
                found.setdefault(f"A{int(case[1])}", []).append(name)
    return found


NAMED = [(case, test) for case, tests in PROVED_BY.items() for test in tests]


@pytest.mark.parametrize(("case", "test"), NAMED, ids=lambda value: value.rpartition("::")[2])
def test_what_proves_a_case_is_there(case, test):
    file, _, name = test.partition("::")
    path = TESTS / file
    assert path.is_file(), f"{case} is proved by {file}, which is not there"
    tests = {bare(known) for known in functions(path) if known.startswith("test_")}
    anything = name in {"", "*"} and (tests or not name)
    assert anything or bare(name) in tests, f"{case}: {test} is gone"


@pytest.mark.parametrize("case", [f"A{number}" for number in range(1, LAST + 1)])
def test_every_case_is_proved_or_waits_by_name(case):
    """A name that says its case, or a row of the table; `test_waiting` has what is not there."""
    assert PROVED_BY.get(case) or own().get(case), f"nothing proves {case}"
