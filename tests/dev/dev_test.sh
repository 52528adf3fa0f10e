#!/usr/bin/env bash
# Tests of the script that everything starts with. Sourced, it only defines; what would install or download is replaced.
set -euo pipefail

dev=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/dev
scratch=$(mktemp -d)
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache
unset MODELVAULT_DEV_ROOT
failures=0

fail() {
    printf 'FAIL %s: %s\n' "$test" "$*" >&2
    failures=$((failures + 1))
}

expect_status() {
    local wanted=$1 status=0
    shift
    output=$("$@" 2>&1) || status=$?
    ((status == wanted)) || fail "'$*' ends with $status instead of $wanted: $output"
}

expect_output() {
    [[ $output == *"$1"* ]] || fail "no '$1' in: $output"
}

# Runs a line in a shell that knows the script's functions.
with_dev() {
    bash -c "source '$dev'; $1"
}

test_help_names_every_command() {
    local command
    expect_status 0 "$dev" help
    for command in run test build inspect make-db bench package test-package soak fuzz shell exec format clean help; do
        expect_output "  $command"
    done
}

test_wrong_use_is_said_and_ends_with_2() {
    expect_status 2 "$dev" frobnicate
    expect_output "there is no command 'frobnicate'"
    expect_status 2 with_dev 'preset_and_rest nonsense'
    expect_output "release debug asan"
    expect_status 2 with_dev 'do_exec'
    expect_status 2 "$dev" clean --everything
}

test_make_db_hands_all_words_to_the_program() {
    printf '#!/bin/sh\necho "made: $*"\n' >"$scratch/program"
    chmod +x "$scratch/program"
    expect_status 0 with_dev "build() { echo \"built: \$*\"; }; make_db=$scratch/program; do_make-db --batch 1 100 'a b.mv'"
    expect_output "built: release --target modelvault-make-db"
    expect_output "made: --batch 1 100 a b.mv"
}

# Stands for the fuzzers: of three runs, those of files find something as long as there is a bug.
test_fuzz_runs_what_it_is_told_to_and_fails_where_something_is_found() {
    cat >"$scratch/fuzzer" <<'END'
#!/bin/sh
[ "$MODELVAULT_FUZZ_TARGET" = list ] && printf 'scan repair\nscan ignore\nrecord plain\n' && exit
[ -n "$MODELVAULT_FUZZ_SEEDS" ] && exit
echo "stat::number_of_executed_units: 7"
echo "arguments: $*"
[ -z "$MODELVAULT_FUZZ_BUG$BROKEN" ] && exit
[ "$MODELVAULT_FUZZ_MODE" = plain ] || exit 77
END
    chmod +x "$scratch/fuzzer"
    local fuzz="build() { :; }; here=$scratch; fuzzer=$scratch/fuzzer; do_fuzz"
    expect_status 0 with_dev "$fuzz record 3"
    expect_output "record plain: 7 runs"
    grep -q -- "-max_total_time=3" "$scratch/build/fuzz/record-plain.log" || fail "not for 3 seconds"
    expect_status 0 with_dev "$fuzz"
    expect_status 1 with_dev "export BROKEN=yes; $fuzz"
    expect_output "and a fault; see $scratch/build/fuzz/scan-repair.log"
    expect_output "add what was found"
    expect_status 2 with_dev "$fuzz nonsense"
    expect_status 0 with_dev "$fuzz self-test"
    expect_output "both ways find the planted bug"
    expect_status 1 with_dev "export BROKEN=yes; $fuzz self-test"
    expect_output "something else than the planted bug"
    sed -i 's/exit 77/exit 0/' "$scratch/fuzzer"
    expect_status 1 with_dev "$fuzz self-test"
    expect_output "the planted bug was not found"
}

test_the_first_word_may_be_a_preset() {
    expect_status 0 with_dev 'preset_and_rest asan -R engine; echo "$preset ${rest[*]}"'
    expect_output "asan -R engine"
    expect_status 0 with_dev 'preset_and_rest -R engine; echo "$preset ${rest[*]}"'
    expect_output "release -R engine"
}

test_says_why_it_cannot_open_files_that_the_root_hides() {
    local path
    for path in /usr/bin/env /etc/passwd file:///etc/passwd /usr/../etc/passwd; do
        expect_status 1 with_dev "refuse_hidden_paths '$path'"
        expect_output "which has its own"
    done
    ln -s /etc/passwd "$scratch/link.mv"
    expect_status 1 with_dev "refuse_hidden_paths '$scratch/link.mv'"
    : >"$scratch/plain.mv"
    expect_status 0 with_dev "refuse_hidden_paths '$scratch/plain.mv' --lock none /libretto/nothing"
}

test_the_root_is_another_one_when_the_packages_change() {
    local before after
    before=$(with_dev root_id)
    after=$(with_dev 'apt_packages+=(more); root_id')
    [[ -n $before && $before != "$after" ]] || fail "$before, $after"
    [[ $before == "$(with_dev root_id)" ]] || fail "not the same twice"
}

# Stands for mmdebstrap: notes that it ran, and makes what is looked for.
readonly fake_root='
    require_sub_users() { :; }
    run_mmdebstrap() { echo made >>"$cache/made"; mkdir -p "$2/etc" "$2/usr"; }'

test_an_interrupted_root_is_made_again() {
    export XDG_CACHE_HOME=$scratch/interrupted
    mkdir -p "$XDG_CACHE_HOME/modelvault-viewer"
    expect_status 1 with_dev "$fake_root"'
        run_mmdebstrap() { mkdir -p "$2/usr"; : >"$2/half"; return 1; }
        make_root'
    expect_status 1 with_dev '[[ -d $(root_dir) ]]'
    expect_status 0 with_dev "$fake_root; make_root"
    expect_status 0 with_dev '[[ -d $(root_dir)/etc && ! -e $(root_dir)/half && ! -e $(root_dir).partial ]]'
}

test_two_at_once_make_one_root() {
    export XDG_CACHE_HOME=$scratch/together
    mkdir -p "$XDG_CACHE_HOME/modelvault-viewer"
    local i
    for i in 1 2 3; do
        with_dev "$fake_root"'; locked "$cache/lock" "setting up" make_root' 2>/dev/null &
    done
    wait
    [[ $(wc -l <"$XDG_CACHE_HOME/modelvault-viewer/made") == 1 ]] || fail "it was made more than once"
}

test_the_answer_which_way_is_kept() {
    export XDG_CACHE_HOME=$scratch/way
    mkdir -p "$XDG_CACHE_HOME/modelvault-viewer"
    expect_status 0 with_dev 'decide_way() { echo root; }; way'
    [[ $output == root ]] || fail "$output"
    expect_status 0 with_dev 'decide_way() { echo host; }; way'
    [[ $output == root ]] || fail "asked again: $output"
}

test_a_build_folder_of_another_environment_is_made_anew() {
    local copy=$scratch/checkout
    mkdir -p "$copy/build/release"
    cp "$dev" "$(dirname "$dev")/CMakePresets.json" "$copy/"
    : >"$copy/build/release/old"
    echo "root-of-another-kind /elsewhere" >"$copy/build/release/.dev-configured"
    bash -c "source '$copy/dev'; cmake() { mkdir -p build/release; : >build/release/build.ninja; }; configure release" 2>/dev/null ||
        fail "configure fails"
    [[ ! -e $copy/build/release/old ]] || fail "the old folder is still there"
    bash -c "source '$copy/dev'; cmake() { exit 9; }; configure release" || fail "configured again without need"
}

test_a_build_folder_made_by_hand_stays() {
    local copy=$scratch/by-hand
    mkdir -p "$copy/build/release"
    cp "$dev" "$(dirname "$dev")/CMakePresets.json" "$copy/"
    : >"$copy/build/release/old"
    bash -c "source '$copy/dev'; cmake() { mkdir -p build/release; : >build/release/build.ninja; }; configure release" 2>/dev/null ||
        fail "configure fails"
    [[ -e $copy/build/release/old ]] || fail "what somebody else made is gone"
}

test_without_package_lists_the_answer_is_not_kept() {
    local found
    found=$(XDG_CACHE_HOME=$scratch/no-lists bash -c "source '$dev'
        have() { [[ \$1 == apt-get ]]; }
        can_be_root() { false; }
        apt-cache() { :; }
        mkdir -p \"\$cache\"
        way; way() { :; }; ls \"\$cache\"" 2>/dev/null)
    [[ $found == root ]] || fail "without package lists the way is '$found', or it is kept"
}

for test in $(declare -F | sed -n 's/^declare -f \(test_\)/\1/p'); do
    "$test"
done
((failures == 0)) && echo "all tests of dev passed"
exit "$((failures > 0))"
